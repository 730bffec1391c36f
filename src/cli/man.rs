//! `clausewatch man`

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Arg, Args, Command, CommandFactory};
use clap_mangen::Man;

use super::Cli;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Write the pages of all commands to this folder, such as ~/.local/share/man/man1. It is created if it is missing.
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// Prints the man page of the program, or writes the pages of all commands to a folder. Overwrites existing pages.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let command = documented_command();
    let mut out = std::io::stdout();
    let Some(folder) = &arguments.folder else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        return Ok(out.write_all(&page)?);
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    clap_mangen::generate_to(command, folder)
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    Ok(writeln!(out, "Wrote the pages of all commands to {}.", folder.display())?)
}

/// The program with its commands. The settings are options of every command, but only the page of the program lists them.
fn documented_command() -> Command {
    let mut command = Cli::command().disable_help_subcommand(true);
    // Adds the settings to every command, so that `without_settings` can hide them.
    command.build();
    command.mut_subcommands(without_settings)
}

fn without_settings(command: Command) -> Command {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let hide =
        |argument: Arg| if argument.is_global_set() { argument.hide(true) } else { argument };
    command.mut_args(hide).mut_subcommands(without_settings).long_about(format!(
        "{about}\n\nThe settings of clausewatch(1) are options of this command, too."
    ))
}
