//! `clausewatch token`

use std::io::Write;

use anyhow::{Context, bail};
use chrono::NaiveDateTime;
use clap::{Args, Subcommand};

use crate::config::Config;
use crate::db::{self, Access, Db, Session, token};
use crate::domain::id::TokenId;
use crate::domain::token::TokenContent;
use crate::domain::viewer::{Admin, Role};
use crate::domain::{StringEnum, day};

/// Commands for access tokens.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a token. The last line of the output is its secret, which is shown only once.
    Create(Create),
    /// List all tokens, newest first.
    List,
    /// Revoke a token, and sign out browsers that signed in with it.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub struct Create {
    /// Name of the account. Public: shown on everything written with the token.
    #[arg(long)]
    name: String,
    /// Role: reader, editor or admin.
    #[arg(long, value_parser = parse_role)]
    role: Role,
    /// Days until the token expires. Default: never.
    #[arg(long, value_name = "DAYS")]
    expires: Option<i32>,
}

#[derive(Debug, Args)]
pub struct Revoke {
    /// Id of the token, as in `token list`.
    id: String,
}

fn parse_role(text: &str) -> Result<Role, String> {
    let role = Role::parse(&text.to_ascii_lowercase()).filter(|role| *role != Role::Anonymous);
    role.ok_or_else(|| "must be reader, editor or admin".to_owned())
}

/// Creates, lists or revokes tokens. Running servers apply the change immediately.
pub fn run(config: &Config, command: &Command) -> anyhow::Result<()> {
    let location = config.location()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    match command {
        Command::Create(arguments) => create(&mut db.session(Access::Write)?, arguments),
        Command::List => list(&mut db.session(Access::Read)?),
        Command::Revoke(arguments) => revoke(&mut db.session(Access::Write)?, arguments),
    }
}

fn create(session: &mut Session, arguments: &Create) -> anyhow::Result<()> {
    let content = TokenContent {
        name: arguments.name.clone(),
        role: arguments.role,
        expires_in_days: arguments.expires,
    };
    let (id, secret) = match token::create(session, &Admin::operator(), &content) {
        Err(db::Error::ValidationErrors(errors)) => {
            let errors = errors.0.iter().map(|error| {
                let flag = match error.path.concat().as_str() {
                    "expires_in_days" => "expires".to_owned(),
                    name => name.to_owned(),
                };
                format!("--{flag}: {}", error.message)
            });
            bail!("no token was created: {}", errors.collect::<Vec<_>>().join("; "));
        }
        result => result?,
    };
    let mut out = std::io::stdout();
    writeln!(out, "Created the token {id}. Its secret is shown only once:")?;
    writeln!(out, "{}", secret.reveal())?;
    Ok(())
}

fn list(session: &mut Session) -> anyhow::Result<()> {
    let now = day::now();
    let mut out = std::io::stdout();
    for token in token::all(session.read()?)? {
        let state = match (token.revoked_at, &token.revoked_by, token.expires_at) {
            (Some(revoked_at), Some(account), _) => {
                format!("revoked {} by {account}", to_minute(revoked_at))
            }
            (_, _, Some(expiry)) if expiry <= now => format!("expired {}", to_minute(expiry)),
            (_, _, Some(expiry)) => format!("expires {}", to_minute(expiry)),
            _ => "does not expire".to_owned(),
        };
        let last_use = token.last_used_at.map_or_else(
            || "never used".to_owned(),
            |last_used_at| format!("last used {}", to_minute(last_used_at)),
        );
        writeln!(
            out,
            "{}  {:6}  …{}  created {} by {}, {last_use}, {state}: {}",
            token.id,
            token.role.as_str(),
            token.hint,
            to_minute(token.created_at),
            token.created_by,
            token.name,
        )?;
    }
    Ok(())
}

/// The time without seconds.
fn to_minute(time: NaiveDateTime) -> impl std::fmt::Display {
    time.format("%Y-%m-%d %H:%M UTC")
}

fn revoke(session: &mut Session, arguments: &Revoke) -> anyhow::Result<()> {
    let id = TokenId::parse(&arguments.id).with_context(|| {
        format!("“{}” is not the id of a token; `token list` shows them", arguments.id)
    })?;
    match token::revoke(session, &Admin::operator(), id) {
        Err(db::Error::ValidationErrors(_)) => bail!("there is no token with the id {id}"),
        result => result?,
    }
    writeln!(std::io::stdout(), "Revoked the token {id}.")?;
    Ok(())
}
