//! `clausewatch serve`

use std::io::Write;

use url::Url;

use crate::config::Config;
use crate::server::Application;

/// Serves until a signal stops the server.
pub fn run(config: &Config) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let application = Application::build(config)?;
        let local = format!("http://{}/", application.address());
        let public = config.public_url.as_ref().map_or(local.as_str(), Url::as_str);
        let mut out = std::io::stdout();
        if let Some(token) = application.first_token() {
            writeln!(out, "Access token of the admin, shown only once:")?;
            writeln!(out, "  {}", token.reveal())?;
        }
        writeln!(out, "Clausewatch is serving {}", config.location()?)?;
        writeln!(out, "  API         {public}graphql")?;
        #[cfg(feature = "ui")]
        writeln!(out, "  Web app     {public}")?;
        #[cfg(feature = "ui")]
        writeln!(out, "  Playground  {public}graphiql")?;
        if config.public_url.is_some() {
            writeln!(out, "  Proxies to  {local}")?;
        }
        if let Some(address) = application.metrics_address() {
            writeln!(out, "  Metrics     http://{address}/metrics")?;
        }
        out.flush()?;
        application.run().await?;
        Ok(())
    })
}
