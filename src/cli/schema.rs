//! `clausewatch schema`

use std::io::Write;

use clap::Args;

use crate::{dossier, graphql};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the JSON Schema of dossiers instead.
    #[arg(long)]
    dossiers: bool,
}

/// Prints the GraphQL schema, or the JSON Schema of dossiers.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let text = if arguments.dossiers {
        format!("{}\n", serde_json::to_string_pretty(&dossier::json_schema())?)
    } else {
        graphql::sdl()
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
