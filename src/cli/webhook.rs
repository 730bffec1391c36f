//! `clausewatch webhook`

use std::io::Write;

use anyhow::{Context, bail};
use chrono::NaiveDateTime;
use clap::{Args, Subcommand};
use serde_json::{Map, Value as Json};

use crate::config::Config;
use crate::db::webhook::delivery::{self, Attempt};
use crate::db::webhook::{self, Webhook, WebhookChange};
use crate::db::{self, Access, Db, Session, agreement};
use crate::domain::StringEnum;
use crate::domain::id::WebhookId;
use crate::domain::text::quote;
use crate::domain::viewer::Admin;
use crate::domain::webhook::{WebhookContent, WebhookFormat};
use crate::graphql::{Executor, ReadAccess};
use crate::webhook::{Messages, Worker, WorkerSettings};

/// The number of connections for reading.
const CONNECTIONS: u32 = 2;

/// Commands for webhooks.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a webhook for all later changes. The last line of the output is its secret, which is shown only once.
    Create(Create),
    /// List all webhooks, newest first.
    List,
    /// List the latest attempts to deliver messages of a webhook, newest first.
    Deliveries(Named),
    /// Send a test message now, and print the outcome.
    Test(Named),
    /// Enable a webhook. Delivery continues after the last delivered change.
    Enable(Named),
    /// Disable a webhook.
    Disable(Named),
    /// Delete a webhook and its deliveries.
    Delete(Named),
}

#[derive(Debug, Args)]
pub struct Create {
    /// Address to which messages are sent.
    #[arg(value_name = "URL")]
    url: String,
    /// Send messages only for changes of the agreement with this slug and of its clauses. Can be repeated.
    #[arg(long, value_name = "SLUG")]
    agreement: Vec<String>,
    /// Send messages only for changes of records of this kind, such as clause. Can be repeated.
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// What the webhook is for.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Send one line of text for chat services instead of the data.
    #[arg(long)]
    chat: bool,
}

#[derive(Debug, Args)]
pub struct Named {
    /// Id of the webhook, as in `webhook list`.
    id: String,
}

impl Named {
    fn id(&self) -> anyhow::Result<WebhookId> {
        WebhookId::parse(&self.id).with_context(|| {
            format!("“{}” is not the id of a webhook; `webhook list` shows them", self.id)
        })
    }
}

/// Creates, lists, tests, changes or deletes webhooks. Running servers apply the change within seconds.
pub fn run(config: &Config, command: &Command) -> anyhow::Result<()> {
    let location = config.location()?;
    let db = Db::open(&location, CONNECTIONS)
        .with_context(|| format!("cannot open the database {location}"))?;
    let read = || db.session(Access::Read);
    let write = || db.session(Access::Write);
    match command {
        Command::Create(arguments) => create(config, &db, arguments),
        Command::List => list(&mut read()?),
        Command::Deliveries(named) => list_deliveries(&mut read()?, named.id()?),
        Command::Test(named) => test(config, &db, named.id()?),
        Command::Enable(named) => set_enabled(config, &mut write()?, named.id()?, true),
        Command::Disable(named) => set_enabled(config, &mut write()?, named.id()?, false),
        Command::Delete(named) => delete(&mut write()?, named.id()?),
    }
}

fn create(config: &Config, db: &Db, arguments: &Create) -> anyhow::Result<()> {
    let filter = filter(arguments);
    let end = check_agreements(&mut db.session(Access::Read)?, &arguments.agreement)?;
    let messages = messages(config, db)?;
    if let Err(error) = runtime()?.block_on(messages.check_filter(&filter, end)) {
        bail!("no webhook was created: {error}");
    }
    let content = WebhookContent {
        url: arguments.url.clone(),
        description: arguments.description.clone(),
        format: if arguments.chat { WebhookFormat::Chat } else { WebhookFormat::Standard },
        filter,
    };
    let (admin, addresses) = (Admin::operator(), config.webhooks.addresses());
    let session = &mut db.session(Access::Write)?;
    let (id, secret) = match webhook::create(session, &admin, &content, addresses) {
        Err(db::Error::ValidationErrors(errors)) => {
            let errors = errors.0.iter().map(|error| match error.path.concat().as_str() {
                "" => error.message.clone(),
                "url" => format!("URL: {}", error.message),
                name => format!("--{name}: {}", error.message),
            });
            bail!("no webhook was created: {}", errors.collect::<Vec<_>>().join("; "));
        }
        result => result?,
    };
    let mut out = std::io::stdout();
    writeln!(out, "Created the webhook {id}. Its secret is shown only once:")?;
    writeln!(out, "{}", secret.reveal())?;
    Ok(())
}

/// Checks that every slug belongs to an agreement. Returns the current position of the change log.
fn check_agreements(session: &mut Session, slugs: &[String]) -> anyhow::Result<i64> {
    let connection = session.read()?;
    let agreements = agreement::by_slugs(connection, slugs)?;
    if let Some(slug) = slugs.iter().find(|slug| !agreements.contains_key(*slug)) {
        bail!("no webhook was created: there is no agreement with the slug {}", quote(slug));
    }
    Ok(connection.log_position()?)
}

/// The filter that the options describe, in the JSON form that the API accepts.
fn filter(arguments: &Create) -> String {
    let kinds = arguments.kind.iter().map(|kind| kind.to_ascii_uppercase().replace('-', "_"));
    let lists = [("agreement", arguments.agreement.clone()), ("kind", kinds.collect())];
    let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
    let fields: Map<String, Json> =
        lists.map(|(name, values)| (name.to_owned(), Json::from(values))).collect();
    Json::Object(fields).to_string()
}

fn messages(config: &Config, db: &Db) -> anyhow::Result<Messages> {
    let read_access = if config.private { ReadAccess::Private } else { ReadAccess::Public };
    let executor = Executor::new(db.clone(), read_access).map_err(anyhow::Error::msg)?;
    let executor = executor.with_limits(config.limits.clone());
    Messages::new(&executor, config.public_url.clone()).map_err(anyhow::Error::msg)
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn list(session: &mut Session) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    for webhook in webhook::all(session.read()?)? {
        let description = webhook.description.as_deref().unwrap_or("no description");
        let (id, format, url) = (webhook.id, webhook.format.as_str(), &webhook.url);
        let (created_at, account) = (to_minute(webhook.created_at), &webhook.created_by);
        let (state, filter, position) = (state(&webhook), &webhook.filter, webhook.position);
        writeln!(
            out,
            "{id}  {format:8}  created {created_at} by {account}, {state}, delivered up to {position}, filter {filter}: \
             {url} ({description})"
        )?;
    }
    Ok(())
}

fn state(webhook: &Webhook) -> String {
    match (webhook.disabled_at, &webhook.disabled_reason, webhook.failing_since) {
        (Some(disabled_at), Some(reason), _) => {
            format!("disabled {}: {reason}", to_minute(disabled_at))
        }
        (_, _, Some(since)) => {
            format!("{} failed attempts since {}", webhook.failures, to_minute(since))
        }
        _ => "enabled".to_owned(),
    }
}

fn list_deliveries(session: &mut Session, id: WebhookId) -> anyhow::Result<()> {
    let connection = session.read()?;
    if webhook::by_id(connection, id)?.is_none() {
        bail!("there is no webhook with the id {id}");
    }
    let mut out = std::io::stdout();
    for delivery in delivery::latest(connection, id)? {
        let subject = match delivery.position {
            Some(position) => format!("change {position}"),
            None => "test".to_owned(),
        };
        let status = delivery.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
        let outcome = delivery.error.as_deref().unwrap_or("delivered");
        let (time, attempt) =
            (delivery.started_at.format("%Y-%m-%d %H:%M:%S UTC"), delivery.attempt);
        let milliseconds = delivery.milliseconds;
        writeln!(
            out,
            "{time}  {subject}, attempt {attempt}  {status:3}  {milliseconds} ms  {outcome}"
        )?;
    }
    Ok(())
}

fn test(config: &Config, db: &Db, id: WebhookId) -> anyhow::Result<()> {
    let settings = WorkerSettings {
        addresses: config.webhooks.addresses(),
        retry: config.webhooks.webhook_retry.clone(),
        metrics: std::sync::Arc::default(),
    };
    let worker = Worker::new(db.clone(), messages(config, db)?, settings)?;
    let attempt = runtime()?.block_on(worker.send_test(id))?;
    let Some(Attempt { status, error, .. }) = attempt else {
        bail!("there is no webhook with the id {id}");
    };
    if let Some(error) = error {
        bail!("the test message was not delivered: {error}");
    }
    let status = status.unwrap_or_default();
    writeln!(std::io::stdout(), "The receiver accepted the test message ({status}).")?;
    Ok(())
}

fn set_enabled(
    config: &Config,
    session: &mut Session,
    id: WebhookId,
    enabled: bool,
) -> anyhow::Result<()> {
    let change = WebhookChange { enabled: Some(enabled), ..WebhookChange::default() };
    let (admin, addresses) = (Admin::operator(), config.webhooks.addresses());
    expect_valid(webhook::update(session, &admin, id, &change, addresses))?;
    let word = if enabled { "Enabled" } else { "Disabled" };
    writeln!(std::io::stdout(), "{word} the webhook {id}.")?;
    Ok(())
}

fn delete(session: &mut Session, id: WebhookId) -> anyhow::Result<()> {
    expect_valid(webhook::delete(session, &Admin::operator(), id))?;
    writeln!(std::io::stdout(), "Deleted the webhook {id}.")?;
    Ok(())
}

/// Converts validation errors to one message without field names.
fn expect_valid(outcome: Result<(), db::Error>) -> anyhow::Result<()> {
    match outcome {
        Err(db::Error::ValidationErrors(errors)) => {
            let messages: Vec<&str> = errors.0.iter().map(|error| error.message.as_str()).collect();
            bail!("{}", messages.join("; "))
        }
        outcome => Ok(outcome?),
    }
}

/// The time without seconds.
fn to_minute(time: NaiveDateTime) -> impl std::fmt::Display {
    time.format("%Y-%m-%d %H:%M UTC")
}
