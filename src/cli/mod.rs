//! Commands, one file each.

mod backup;
mod check;
mod completions;
mod dump;
mod export;
mod file;
mod health;
mod import;
mod load;
mod man;
mod mcp;
mod migrate;
mod progress;
mod record;
mod release;
mod restore;
mod schema;
mod serve;
mod token;
mod webhook;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{Config, Settings};
use crate::telemetry;

/// Tracks the status of treaty clauses, and of proposals and their caveats.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, the web app and the playground (default).
    Serve,
    /// Migrate the database.
    Migrate,
    /// Import dossiers, or the table of a research dataset. Imports nothing if there is an error.
    Import(import::Arguments),
    /// Write the records as dossiers. Importing the dossiers restores the same state.
    Export(export::Arguments),
    /// Record the assessments of a sheet (CSV or XLSX). Records nothing if a row has a fault.
    Record(record::Arguments),
    /// Record a release of the data and write its package, list the releases, or verify a package.
    Release(release::Arguments),
    /// Print the GraphQL schema, or the JSON Schema of dossiers.
    Schema(schema::Arguments),
    /// Check that derived data (statuses in force, due dates, search index) is consistent with the records.
    Check,
    /// Check whether the server at --bind is ready. The exit code is 0 if it is ready.
    Health,
    /// Copy a SQLite database to a file. Servers may be running.
    Backup(backup::Arguments),
    /// Restore a backup of a SQLite database. The database must not exist.
    Restore(restore::Arguments),
    /// Write the database as text, for `load` into SQLite or PostgreSQL.
    Dump(dump::Arguments),
    /// Load a dump into an empty database. Loads nothing if there is an error.
    Load(load::Arguments),
    /// Serve the tools of the Model Context Protocol over standard input and output.
    Mcp(mcp::Arguments),
    /// Create, list and revoke access tokens.
    #[command(subcommand)]
    Token(token::Command),
    /// Create, list, test, enable and delete webhooks.
    #[command(subcommand)]
    Webhook(webhook::Command),
    /// Print a script that completes commands and options in a shell.
    Completions(completions::Arguments),
    /// Print the man page, or write the man pages of all commands.
    Man(man::Arguments),
}

impl Cli {
    /// Parses the command line. `settings` supplies the values that are not on the command line. Ends the program if
    /// the command line requests help or is invalid.
    #[must_use]
    pub fn parse(settings: &Settings) -> Self {
        let mut command = Self::command().mut_args(|argument| settings.apply(argument));
        let matches = command.try_get_matches_from_mut(std::env::args_os());
        let cli = matches.and_then(|matches| Self::from_arg_matches(&matches));
        cli.unwrap_or_else(|error| hide_addresses(error.format(&mut command)).exit())
    }

    /// The names of the environment variables of all settings.
    #[must_use]
    pub fn settings() -> Vec<String> {
        let command = Self::command();
        let names = command.get_arguments().filter_map(clap::Arg::get_env);
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    /// Runs the command.
    ///
    /// # Errors
    /// The error of the command, with its causes.
    pub fn run(self) -> anyhow::Result<()> {
        let _log = telemetry::start(&self.config)?;
        match self.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(&self.config),
            Command::Migrate => migrate::run(&self.config),
            Command::Import(arguments) => import::run(&self.config, &arguments),
            Command::Export(arguments) => export::run(&self.config, &arguments),
            Command::Record(arguments) => record::run(&self.config, &arguments),
            Command::Release(arguments) => release::run(&self.config, &arguments),
            Command::Schema(arguments) => schema::run(&arguments),
            Command::Check => check::run(&self.config),
            Command::Health => health::run(&self.config),
            Command::Backup(arguments) => backup::run(&self.config, &arguments),
            Command::Restore(arguments) => restore::run(&self.config, &arguments),
            Command::Dump(arguments) => dump::run(&self.config, &arguments),
            Command::Load(arguments) => load::run(&self.config, &arguments),
            Command::Mcp(arguments) => mcp::run(&self.config, &arguments),
            Command::Token(command) => token::run(&self.config, &command),
            Command::Webhook(command) => webhook::run(&self.config, &command),
            Command::Completions(arguments) => completions::run(&arguments),
            Command::Man(arguments) => man::run(&arguments),
        }
    }
}

/// Hides invalid values, which clap would print in the error. Such a value may be a database address with a password.
fn hide_addresses(mut error: clap::Error) -> clap::Error {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidSubcommand, ContextKind::InvalidValue]
    {
        let may_be_address = |value: &ContextValue| value.to_string().contains('@');
        if error.get(kind).is_some_and(may_be_address) {
            error.insert(kind, ContextValue::String("…".to_owned()));
        }
    }
    error
}
