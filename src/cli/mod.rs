//! Commands, one file each.

mod check;
mod import;
mod migrate;
mod schema;
mod serve;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::telemetry;

/// Tracks what became of treaty clauses, and of proposals and their caveats.
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
    /// Serve the API and the playground. What happens where no command is given.
    Serve,
    /// Bring the database's tables up to date, and nothing else.
    Migrate,
    /// Import dossiers: files, or folders of *.toml files. All of it, or, when anything is faulty, nothing.
    Import(import::Arguments),
    /// Print the GraphQL schema.
    Schema,
    /// Check that what is kept (statuses in force, due days, the search index, the log) is what it is made from.
    Check,
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// A chain of reasons, for people.
    pub fn run(self) -> anyhow::Result<()> {
        telemetry::start(&self.config)?;
        match self.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(&self.config),
            Command::Migrate => migrate::run(&self.config),
            Command::Import(arguments) => import::run(&self.config, &arguments),
            Command::Schema => schema::run(),
            Command::Check => check::run(&self.config),
        }
    }
}
