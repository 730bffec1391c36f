//! Settings outside the command line: environment variables, and the file `.env`.
//!
//! Error messages name the line and the error. They do not repeat the value, which may be a secret.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::{env, fs, io};

use anyhow::{Context, anyhow, bail};
use clap::Arg;
use clap::builder::Resettable;

/// The name of the file.
const FILE: &str = ".env";

/// The settings of the file `.env`. Environment variables take precedence.
#[derive(Debug, Default)]
pub struct Settings(HashMap<String, Line>);

/// The value of a setting, and its line, from 1. `Debug` hides the value.
struct Line {
    number: usize,
    value: String,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}", self.number)
    }
}

impl Settings {
    /// Reads the file `.env` of the working directory, or else of the nearest parent directory that has one.
    ///
    /// # Errors
    /// When the file cannot be read. When a line is invalid: its number and the error.
    pub fn read() -> anyhow::Result<Self> {
        let Some(path) = find()? else { return Ok(Self::default()) };
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&bytes).with_context(|| format!("the file {} is invalid", path.display()))
    }

    fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let mut settings = HashMap::<String, Line>::new();
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            let parsed = std::str::from_utf8(line).map_err(|_| anyhow!("is not UTF-8"));
            let parsed = parsed.and_then(parse_line).with_context(|| format!("line {number}"))?;
            let Some((name, value)) = parsed else { continue };
            if let Some(first) = settings.get(name) {
                bail!("line {number}: sets {name}, which line {} has set already", first.number);
            }
            settings.insert(name.to_owned(), Line { number, value });
        }
        Ok(Self(settings))
    }

    /// Sets the default of a command-line argument from the environment, or else from the file. Empty values are ignored.
    #[must_use]
    pub fn apply(&self, argument: Arg) -> Arg {
        let Some(name) = argument.get_env().map(ToOwned::to_owned) else { return argument };
        let is_set = |value: &OsString| !value.to_string_lossy().trim().is_empty();
        if env::var_os(&name).as_ref().is_some_and(is_set) {
            return argument;
        }
        let line = name.to_str().and_then(|name| self.0.get(name));
        let argument = argument.env(Resettable::Reset);
        match line.map(|line| OsString::from(&line.value)).filter(is_set) {
            Some(value) => {
                let is_secret = argument.is_hide_env_values_set();
                argument
                    .default_value(clap::builder::OsStr::from(value))
                    .hide_default_value(is_secret)
            }
            None => argument,
        }
    }
}

fn find() -> io::Result<Option<PathBuf>> {
    let directory = env::current_dir()?;
    let mut paths = directory.ancestors().map(|directory| directory.join(FILE));
    Ok(paths.find(|path| path.is_file()))
}

/// The name and value of a line. None for a blank line or a comment.
///
/// A value in single quotes is literal. In double quotes, a backslash escapes the next character, and `\n` is a line break. A
/// value without quotes is literal up to ` #`, without surrounding spaces. `dotenvy` parses the value.
fn parse_line(line: &str) -> anyhow::Result<Option<(&str, String)>> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let line = line.strip_prefix("export ").unwrap_or(line);
    let form = "is not of the form NAME=VALUE";
    let (name, value) = line.split_once('=').context(form)?;
    let (name, value) = (name.trim(), value.trim_start());
    let is_name = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        bail!("{form}: before the = stands no name of letters, digits and underscores");
    }
    let line = format!("{name}={}", literal(value));
    match dotenvy::from_read_iter(line.as_bytes()).next() {
        Some(Ok((_, value))) => Ok(Some((name, value))),
        // The library's message would repeat the line.
        _ => bail!(
            "the value of {name} is invalid: a value in quotes ends with the same quote on the same line, and in double quotes \
             a backslash escapes only \\ \" ' $ and n"
        ),
    }
}

/// Quotes a value for the library, which would otherwise replace `$NAME` and reject spaces.
fn literal(value: &str) -> String {
    let mut escaped = String::from('"');
    match value.chars().next() {
        Some('\'') => return value.to_owned(),
        Some('#') | None => return String::new(),
        Some('"') => {
            let mut is_escaped = false;
            for character in value.chars().skip(1) {
                if character == '$' && !is_escaped {
                    escaped.push('\\');
                }
                escaped.push(character);
                is_escaped = character == '\\' && !is_escaped;
            }
        }
        Some(_) => {
            let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
            for character in value.get(..end).unwrap_or(value).trim_end().chars() {
                if matches!(character, '\\' | '"' | '$') {
                    escaped.push('\\');
                }
                escaped.push(character);
            }
            escaped.push('"');
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_literally_but_for_quotes_and_comments() {
        for (line, expected) in [
            ("A=b", "b"),
            ("export A = b c\t# comment", "b c"),
            ("A=b#c", "b#c"),
            ("A=", ""),
            ("A= # comment", ""),
            ("A=pa$word${HOME}\\n", "pa$word${HOME}\\n"),
            ("A='it is $HOME \\ # this' # comment", "it is $HOME \\ # this"),
            (r#"A="a \"b\" \$c $d \\ \n""#, "a \"b\" $c $d \\ \n"),
            (r#"A="a\\$HOME/x""#, r"a\$HOME/x"),
            (r#"A="a\\$b""#, r"a\$b"),
            ("A=https://a.example, https://b.example", "https://a.example, https://b.example"),
            ("A=\"\"", ""),
        ] {
            let (name, value) = parse_line(line).unwrap().unwrap();
            assert_eq!((name, value.as_str()), ("A", expected), "{line}");
        }
        for line in ["", "  ", "# A=b", "\r"] {
            assert!(parse_line(line).unwrap().is_none(), "{line}");
        }
    }

    #[test]
    fn message_about_a_line_has_its_number_and_not_its_value() {
        for (file, words) in [
            ("A=b\n\nsecret\n", "line 3: is not of the form NAME=VALUE"),
            ("pass word=secret", "line 1: is not of the form NAME=VALUE: before"),
            ("A='secret", "line 1: the value of A is invalid: a value in quotes"),
            ("A=\"secret\\z\"", "line 1: the value of A is invalid: a value in quotes"),
            ("A='secret' secret", "line 1: the value of A is invalid: a value in quotes"),
            ("A=secret\r\nA=secret", "line 2: sets A, which line 1 has set already"),
        ] {
            let message = format!("{:#}", Settings::parse(file.as_bytes()).unwrap_err());
            assert!(message.starts_with(words), "{file}: {message}");
            assert!(!message.contains("secret"), "{file}: {message}");
        }
        let message = format!("{:#}", Settings::parse(b"A=b\nB=\xff").unwrap_err());
        assert_eq!(message, "line 2: is not UTF-8");
    }
}
