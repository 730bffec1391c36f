//! The completion scripts of all shells. The tests run only the script for bash.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;
use clausewatch::cli::Cli;
use tempfile::NamedTempFile;

use crate::support::{clausewatch, text};

/// The script for a shell.
fn script(shell: &str) -> String {
    let output = clausewatch(&["completions", shell], Path::new("."));
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// The completions that bash offers for the last word of a command line.
fn offered(words: &[&str]) -> Vec<String> {
    // bash passes three arguments to the registered function: the command, the last word, and the word before it.
    let program = r#"
        source "$SCRIPT"
        registered=$(complete -p clausewatch)
        [[ $registered =~ -F\ ([^ ]+) ]]
        COMP_WORDS=(clausewatch "$@")
        COMP_CWORD=$#
        "${BASH_REMATCH[1]}" clausewatch "${COMP_WORDS[$#]}" "${COMP_WORDS[$# - 1]}" 2>/dev/null
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    // bash reads the script from a file, because the script is too large for the environment of a process.
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(script("bash").as_bytes()).expect("the script is written");
    let output = Command::new("bash")
        .args(["-c", program, "bash"])
        .args(words)
        .env("SCRIPT", file.path())
        .output()
        .expect("bash runs");
    let offered = text(&output.stdout);
    offered.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let cases: [(&[&str], &[&str]); 7] = [
        (&["im"], &["import"]),
        (&["re"], &["record", "release", "restore"]),
        (&["token", "re"], &["revoke"]),
        (&["import", "--dry"], &["--dry-run"]),
        (&["serve", "--max-de"], &["--max-depth"]),
        (&["--log-format", ""], &["text", "json"]),
        (&["completions", "z"], &["zsh"]),
    ];
    for (words, expected) in cases {
        assert_eq!(offered(words), expected, "{words:?}");
    }
}

#[test]
fn scripts_of_all_shells_have_all_commands_and_settings() {
    let command = Cli::command();
    let options = command.get_arguments().filter_map(clap::Arg::get_long);
    let names: Vec<&str> =
        command.get_subcommands().map(clap::Command::get_name).chain(options).collect();
    assert!(names.contains(&"completions") && names.contains(&"max-depth"), "{names:?}");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = script(shell);
        for name in &names {
            assert!(script.contains(name), "{shell} lacks {name}");
        }
    }
}

#[test]
fn unknown_shell_is_rejected_with_the_known_ones() {
    let output = clausewatch(&["completions", "tcsh"], Path::new("."));
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("tcsh") && message.contains("bash, elvish, fish"), "{message}");
}
