//! `clausewatch serve`

use std::io::Write;

use crate::config::Config;
use crate::server::Application;

/// Serves until stopped.
pub fn run(config: &Config) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let application = Application::build(config)?;
        let address = application.address();
        let mut out = std::io::stdout();
        writeln!(out, "Clausewatch is serving {}", config.database_url.location()?)?;
        writeln!(out, "  API         http://{address}/graphql")?;
        #[cfg(feature = "ui")]
        writeln!(out, "  Playground  http://{address}/graphiql")?;
        if !address.ip().is_loopback() {
            writeln!(out, "  Clients on other machines can read, but not write.")?;
        }
        out.flush()?;
        application.run().await?;
        Ok(())
    })
}
