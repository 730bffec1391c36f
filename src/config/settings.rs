//! Settings outside the command line: environment variables and the `.env` file.
//!
//! Other programs may use the same file. Only lines that begin with the name of a setting are read and validated.
//!
//! Messages name the line and the error. They never repeat a value, because it may be a secret.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::{env, fs, io};

use anyhow::{Context, anyhow, bail};
use clap::Arg;
use clap::builder::Resettable;

/// The name of the file.
const FILE: &str = ".env";

/// The settings in the `.env` file. Environment variables take precedence.
#[derive(Debug, Default)]
pub struct Settings(HashMap<String, Line>);

/// The value of a setting, and the number of its line, from 1. `Debug` hides the value.
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
    /// Reads the settings with these names from the `.env` file in the working directory, or in the nearest directory above it
    /// that has one.
    ///
    /// # Errors
    /// The number and the error of the first invalid line, or the reason why the file cannot be read.
    pub fn read(names: &[String]) -> anyhow::Result<Self> {
        let Some(path) = find()? else { return Ok(Self::default()) };
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&bytes, names)
            .with_context(|| format!("the file {} is invalid", path.display()))
    }

    fn parse(bytes: &[u8], names: &[String]) -> anyhow::Result<Self> {
        let mut settings = HashMap::<String, Line>::new();
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        // The latest quoted value of another program that spans several lines: the numbers of its last and its first
        // line.
        let mut foreign = None::<(usize, usize)>;
        for (number, line) in (1..).zip(&lines) {
            let begun = foreign.filter(|(last, _)| number <= *last).map(|(_, first)| first);
            let Some(name) = setting_of(line, names) else {
                if begun.is_none() {
                    let rest = lines.get(number..).unwrap_or_default();
                    foreign = further_lines(line, rest).map(|further| (number + further, number));
                }
                continue;
            };
            if let Some(first) = begun {
                bail!(
                    "line {number}: sets {name} inside the quoted value that begins on line {first}; end that value, or move \
                     this line in front of it"
                );
            }
            let parsed = std::str::from_utf8(line).map_err(|_| anyhow!("is not UTF-8"));
            let value = parsed.and_then(|line| parse_value(line, name));
            let value = value.with_context(|| format!("line {number}"))?;
            if let Some(first) = settings.get(name) {
                bail!("line {number}: sets {name}, which line {} already sets", first.number);
            }
            settings.insert(name.to_owned(), Line { number, value });
        }
        Ok(Self(settings))
    }

    /// Sets the value of a command line argument from the environment, or else from the file. An empty value counts as unset.
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

/// The line without surrounding spaces and without `export`.
fn stripped(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    line.strip_prefix(b"export ").unwrap_or(line).trim_ascii_start()
}

/// The name with which the line begins, if it is the name of a setting.
fn setting_of<'a>(line: &[u8], names: &'a [String]) -> Option<&'a str> {
    let line = stripped(line);
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    let end = line.iter().position(|byte| !is_of_name(byte)).unwrap_or(line.len());
    let begun = line.get(..end)?;
    names.iter().map(String::as_str).find(|name| name.as_bytes() == begun)
}

/// The number of following lines over which a quoted value continues. `line` does not begin with the name of a setting, so
/// its value is meant for another program.
/// `None` if the value ends on the same line.
fn further_lines(line: &[u8], following: &[&[u8]]) -> Option<usize> {
    let line = stripped(line);
    let equals = line.iter().position(|byte| *byte == b'=').filter(|_| !line.starts_with(b"#"))?;
    let (quote, rest) = line.get(equals + 1..)?.trim_ascii_start().split_first()?;
    if !b"'\"`".contains(quote) || has_end(rest, *quote) {
        return None;
    }
    // A quote that is never closed is an ordinary character.
    following.iter().position(|line| has_end(line, *quote)).map(|index| index + 1)
}

/// Whether `quote` closes the value on this line. In double quotes, a backslash escapes the character after it.
fn has_end(line: &[u8], quote: u8) -> bool {
    let mut is_escaped = false;
    line.iter().any(|byte| {
        let is_end = *byte == quote && !is_escaped;
        is_escaped = quote == b'"' && *byte == b'\\' && !is_escaped;
        is_end
    })
}

/// The value of a line that begins with the name of a setting.
///
/// A value in single quotes is literal. In double quotes, a backslash escapes a backslash, a quote, `$` or a space, and
/// `\n` is a line break. Other escapes are invalid. A value without quotes is literal, ends before ` #`, and is
/// trimmed.
fn parse_value(line: &str, name: &str) -> anyhow::Result<String> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    let value =
        line.strip_prefix(name).map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
    let value = value
        .with_context(|| format!("is not of the form NAME=VALUE: {name} is not followed by ="))?;
    let line = format!("{name}={}", literal(value.trim_start()));
    match dotenvy::from_read_iter(line.as_bytes()).next() {
        Some(Ok((_, value))) => Ok(value),
        // The message of dotenvy is not used, because it repeats the line, which may contain a secret.
        _ => bail!(
            "the value of {name} is invalid: a value in quotes ends with the same quote on the same line, and in double quotes \
             a backslash escapes only \\ \" ' $ and n"
        ),
    }
}

/// Escapes a value, so that dotenvy reads it literally. Otherwise dotenvy would replace `$NAME` and reject spaces.
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

    fn parse(file: &[u8]) -> anyhow::Result<Settings> {
        Settings::parse(file, &["A".to_owned(), "B_C".to_owned()])
    }

    #[test]
    fn values_are_literal_except_for_quotes_and_comments() {
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
            let settings = parse(line.as_bytes()).unwrap();
            assert_eq!(settings.0["A"].value, expected, "{line}");
        }
        for line in ["", "  ", "# A=b", "\r"] {
            assert!(parse(line.as_bytes()).unwrap().0.is_empty(), "{line}");
        }
    }

    #[test]
    fn message_about_a_line_contains_its_number_but_not_its_value() {
        for (file, words) in [
            ("X=b\n\nA secret\n", "line 3: is not of the form NAME=VALUE: A is not followed by ="),
            ("A: x=secret", "line 1: is not of the form NAME=VALUE"),
            ("A='secret", "line 1: the value of A is invalid: a value in quotes"),
            ("A=\"secret\\z\"", "line 1: the value of A is invalid: a value in quotes"),
            ("A='secret' secret", "line 1: the value of A is invalid: a value in quotes"),
            ("A=secret\r\nA=secret", "line 2: sets A, which line 1 already sets"),
            (
                "X='secret\nA=secret\n'",
                "line 2: sets A inside the quoted value that begins on line 1",
            ),
        ] {
            let message = format!("{:#}", parse(file.as_bytes()).unwrap_err());
            assert!(message.starts_with(words), "{file}: {message}");
            assert!(!message.contains("secret"), "{file}: {message}");
        }
        let message = format!("{:#}", parse(b"X=b\nA=\xff").unwrap_err());
        assert_eq!(message, "line 2: is not UTF-8");
    }

    #[test]
    fn lines_of_other_programs_may_have_any_form() {
        for foreign in [
            "X=1\nX=2",
            "spring.datasource.url=jdbc:x",
            "A.B=x\nA-B=x\nA_B=x\nAB=x",
            "pass word",
            "X=\"begin\n  end\" # comment",
            "export X='begin\n\\\n# '",
            "X=\"begin \\\"\nof another kind\"",
            "X=`begin\nend`",
            "X=it's",
            "# X=\"",
            "X=\u{fe}",
            "[section]\nX: {",
        ] {
            let file = format!("{foreign}\nA=b\n{foreign}\nB_C='d'");
            let settings =
                parse(file.as_bytes()).unwrap_or_else(|error| panic!("{file}: {error:#}"));
            let values = ["A", "B_C"].map(|name| settings.0[name].value.as_str());
            assert_eq!((settings.0.len(), values), (2, ["b", "d"]), "{file}");
        }
        assert_eq!(parse(b"X=\"it has no end\nA=b").unwrap().0["A"].number, 2);
        assert_eq!(parse(b"X=\xff\n\xfe\nA=b").unwrap().0["A"].number, 3);
    }
}
