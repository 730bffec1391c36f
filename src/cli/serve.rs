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
        if let Some(token) = application.first_token() {
            writeln!(out, "Access token of the admin, shown only once:")?;
            writeln!(out, "  {}", token.reveal())?;
        }
        writeln!(out, "Clausewatch is serving {}", config.location()?)?;
        writeln!(out, "  API         http://{address}/graphql")?;
        #[cfg(feature = "ui")]
        writeln!(out, "  Web app     http://{address}/")?;
        #[cfg(feature = "ui")]
        writeln!(out, "  Playground  http://{address}/graphiql")?;
        if let Some(address) = application.metrics_address() {
            writeln!(out, "  Metrics     http://{address}/metrics")?;
        }
        out.flush()?;
        application.run().await?;
        Ok(())
    })
}
