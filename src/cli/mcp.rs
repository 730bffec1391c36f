//! `clausewatch mcp`

use std::fmt;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio;
use url::Url;

use crate::config::Config;
use crate::db::Db;
use crate::domain::submission::ReviewMode;
use crate::domain::token::Secret;
use crate::domain::viewer::Credential;
use crate::graphql::{Executor, ReadAccess};
use crate::mcp::{ToolServer, Tools};

/// The number of connections for reading. A client rarely calls more than two tools at once.
const CONNECTIONS: u32 = 2;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Access token. Required with --private. The token of an editor also allows recording statuses.
    #[arg(long, env = "CLAUSEWATCH_TOKEN", hide_env_values = true)]
    token: Option<TokenText>,
}

/// The unparsed text of a token, which `Debug` hides. It is parsed only when it is used, because an error of the
/// command line parser would repeat the invalid value.
#[derive(Clone)]
struct TokenText(String);

impl From<&str> for TokenText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

impl TokenText {
    fn credential(&self) -> anyhow::Result<Credential> {
        let text = self.0.trim();
        if text.is_empty() {
            return Ok(Credential::None);
        }
        let secret = Secret::parse(text).context(
            "CLAUSEWATCH_TOKEN (--token) is not an access token: access tokens begin with cwt_ and have 52 characters, \
             including a checksum",
        )?;
        Ok(Credential::Token(secret.digest()))
    }
}

/// Answers the messages from standard input until the input ends. Standard output contains only the answers.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let credential = arguments.token.as_ref().map(TokenText::credential).transpose()?;
    let credential = credential.unwrap_or(Credential::None);
    let executor = build_executor(config)?;
    let tools = Tools::new(&executor).map_err(anyhow::Error::msg)?;
    let base = base_url(config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        executor.check_access(&credential).await.map_err(|error| {
            anyhow::anyhow!("{}; set the token with CLAUSEWATCH_TOKEN or --token", error.message)
        })?;
        let server = ToolServer::new(Arc::new(tools), executor, credential, base);
        match server.serve(stdio()).await {
            Ok(service) => {
                service.waiting().await?;
                Ok(())
            }
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    })
}

fn build_executor(config: &Config) -> anyhow::Result<Executor> {
    let location = config.location()?;
    location.expect_present()?;
    let connections = config.connections.unwrap_or(CONNECTIONS);
    let db = Db::open_within(&location, connections, Some(config.limits.request_time()))
        .with_context(|| format!("cannot open the database {location}"))?;
    let read_access = if config.private { ReadAccess::Private } else { ReadAccess::Public };
    let review = if config.review { ReviewMode::Required } else { ReviewMode::Off };
    let executor = Executor::new(db, read_access).map_err(anyhow::Error::msg)?;
    Ok(executor.with_limits(config.limits.clone()).with_review(review))
}

/// The start of the addresses of pages in answers: `--public-url`, or else the address where a server with the same
/// settings listens.
fn base_url(config: &Config) -> anyhow::Result<Url> {
    match &config.public_url {
        Some(url) => Ok(url.clone()),
        None => Ok(Url::parse(&format!("http://{}/", config.bind))?),
    }
}
