//! The man pages, as groff prints them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;
use clausewatch::cli::Cli;
use tempfile::TempDir;

use crate::documentation::path_with_program;
use crate::support::{clausewatch, text};

const OPERATIONS: &str = include_str!("../../docs/OPERATIONS.md");

/// A page as plain text, with one space between words. Fails if groff prints a warning.
fn printed(page: &Path) -> String {
    let output = Command::new("groff")
        .args(["-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=100n", "-rHY=0"])
        .arg(page)
        .output()
        .expect("groff runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "{}", page.display());
    text(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of the pages of a command and its subcommands.
fn page_names(command: &clap::Command, name: String, names: &mut BTreeSet<String>) {
    for subcommand in command.get_subcommands() {
        page_names(subcommand, format!("{name}-{}", subcommand.get_name()), names);
    }
    names.insert(format!("{name}.1"));
}

#[test]
fn folder_has_a_page_for_each_command() {
    let directory = TempDir::new().expect("a temporary folder");
    // Writing again overwrites the pages of an earlier version.
    for _ in 0..2 {
        let output = clausewatch(&["man", "new/man1"], directory.path());
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "Wrote the pages of all commands to new/man1.\n");
    }
    let folder = directory.path().join("new/man1");
    let files =
        fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").file_name());
    let files: BTreeSet<String> = files.map(|name| name.into_string().expect("a name")).collect();
    let mut expected = BTreeSet::new();
    page_names(&Cli::command(), "clausewatch".to_owned(), &mut expected);
    assert_eq!(files, expected);
    assert!(files.contains("clausewatch-token-create.1"), "{files:?}");
    for file in &files {
        assert!(printed(&folder.join(file)).contains("SYNOPSIS"), "{file}");
    }

    let import = printed(&folder.join("clausewatch-import.1"));
    assert!(import.contains("clausewatch import [--dry-run]"), "{import}");
    assert!(
        import.contains("The settings of clausewatch(1) are options of this command, too."),
        "{import}"
    );
    assert!(!import.contains("--max-depth"), "{import}");
}

#[test]
fn page_of_the_program_has_all_settings_and_no_value_of_the_environment() {
    let directory = TempDir::new().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_clausewatch"))
        .arg("man")
        .env("DATABASE_URL", "postgres://user:pass-word@host/database")
        .current_dir(directory.path())
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let page = directory.path().join("clausewatch.1");
    fs::write(&page, output.stdout).expect("the page can be written");
    let printed = printed(&page);
    assert!(!printed.contains("pass-word"), "{printed}");
    let command = Cli::command();
    for argument in command.get_arguments() {
        let long = argument.get_long().expect("a setting has a flag");
        let help = argument.get_help().expect("a setting has a line of help").to_string();
        assert!(printed.contains(&format!("--{long}")), "--{long}");
        assert!(printed.contains(&help), "{help}");
    }
    for command in command.get_subcommands() {
        let name = command.get_name();
        assert!(printed.contains(&format!("clausewatch-{name}(1)")), "{name}");
    }
}

#[test]
fn folder_that_cannot_be_created_is_named() {
    let directory = TempDir::new().expect("a temporary folder");
    fs::write(directory.path().join("file"), "").expect("a file");
    let output = clausewatch(&["man", "file/man1"], directory.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot create file/man1"), "{}", text(&output.stderr));
}

#[test]
fn commands_of_the_guide_install_the_pages_and_the_completions() {
    let (_, section) = OPERATIONS.split_once("## Man pages and completions").expect("a section");
    let (_, block) = section.split_once("```sh\n").expect("commands");
    let (commands, _) = block.split_once("```").expect("the end of the commands");
    let home = TempDir::new().expect("a temporary folder");
    let output = Command::new("bash")
        .args(["-euc", commands])
        .current_dir(home.path())
        .env("HOME", home.path())
        .env("PATH", path_with_program())
        .output()
        .expect("bash runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    for file in [
        ".local/share/man/man1/clausewatch.1",
        ".local/share/man/man1/clausewatch-token-create.1",
        ".local/share/bash-completion/completions/clausewatch",
        ".local/share/zsh/site-functions/_clausewatch",
        ".config/fish/completions/clausewatch.fish",
    ] {
        let length = fs::metadata(home.path().join(file)).map(|file| file.len());
        assert!(length.is_ok_and(|length| length > 100), "{file}");
    }
}
