//! URLs of PostgreSQL databases: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?OPTION=VALUE`.
//!
//! The error messages of libpq repeat text that it cannot parse, which may be part of a password. So this module parses URLs,
//! and its messages never repeat any part of them.

use std::fmt;

/// The advice for a separator inside a user name or password.
const ENCODE: &str = "inside a user name or a password, write %2F for /, %3F for ?, %40 for @, %3A for :, and %25 for %";

/// Options that the URL can override. libpq waits at most 10 seconds for a host. The operating system closes a connection
/// about 20 seconds after the other end has disappeared without closing it. By default, this takes two hours.
const KEEP_ALIVE: &str = "connect_timeout='10' keepalives_idle='10' keepalives_interval='5' keepalives_count='2' tcp_user_timeout='20000' ";

/// The URL of a PostgreSQL database. `Display` and `Debug` omit the user, the password and the options.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    /// All parts of the URL as libpq keywords with quoted values.
    keywords: String,
    /// Hosts and database, for `Display`.
    shown: String,
}

impl PostgresUrl {
    /// Parses a URL. Several hosts are separated by commas. The URL can contain the options of libpq.
    ///
    /// # Errors
    /// A message that describes the error and the valid form. It repeats no part of the URL.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"))
            .ok_or("a PostgreSQL address starts with postgres://")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if path.contains('@') {
            // The text before the @ is probably a password that contains / or ?, because no host contains them.
            return Err(format!("an @ follows the first / or ?; {ENCODE}"));
        }
        let (path, options) = path.split_once('?').unwrap_or((path, ""));
        let (user, hosts) = match authority.rsplit_once('@') {
            Some((user, hosts)) => (Some(user), hosts),
            None => (None, authority),
        };
        let database = path.strip_prefix('/').unwrap_or_default();
        if database.contains('/') {
            return Err(format!("the name of the database contains /: write %2F; {ENCODE}"));
        }
        let mut keywords = Keywords::default();
        if let Some(user) = user {
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            keywords.add("user", &decode(user, "the user name")?);
            keywords.add("password", &decode(password, "the password")?);
        }
        keywords.add_hosts(hosts)?;
        let database = decode(database, "the name of the database")?;
        keywords.add("dbname", &database);
        for option in options.split('&').filter(|option| !option.is_empty()) {
            keywords.add_option(option)?;
        }
        Ok(Self {
            keywords: KEEP_ALIVE.to_owned() + &keywords.0,
            shown: format!("postgres://{hosts}/{database}"),
        })
    }

    /// The connection string for libpq. It contains the password.
    pub(super) fn reveal(&self) -> &str {
        &self.keywords
    }
}

/// Omits the user, the password and the options.
impl fmt::Display for PostgresUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// libpq keywords and values. If a keyword is repeated, libpq uses the last value.
#[derive(Default)]
struct Keywords(String);

impl Keywords {
    fn add(&mut self, keyword: &str, value: &str) {
        if !value.is_empty() {
            let value = value.replace('\\', r"\\").replace('\'', r"\'");
            self.0 += &[keyword, "='", &value, "' "].concat();
        }
    }

    fn add_hosts(&mut self, hosts: &str) -> Result<(), String> {
        let hosts: Vec<(&str, &str)> =
            hosts.split(',').map(split_port).collect::<Result<_, _>>()?;
        let names = hosts.iter().map(|(host, _)| decode(host, "the host"));
        let names: Vec<String> = names.collect::<Result<_, _>>()?;
        self.add("host", &names.join(","));
        if hosts.iter().any(|(_, port)| !port.is_empty()) {
            let ports: Vec<&str> = hosts.iter().map(|(_, port)| *port).collect();
            self.add("port", &ports.join(","));
        }
        Ok(())
    }

    fn add_option(&mut self, option: &str) -> Result<(), String> {
        let (name, value) = option.split_once('=').unwrap_or_default();
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(format!(
                "an option after the ? is not of the form name=value, such as sslmode=require; {ENCODE}"
            ));
        }
        let value = decode(value, &format!("the option {name}"))?;
        match (name, value.as_str()) {
            // libpq also accepts this synonym.
            ("ssl", "true") => self.add("sslmode", "require"),
            _ => self.add(name, &value),
        }
        Ok(())
    }
}

/// Splits `HOST:PORT`. IPv6 addresses are in brackets. The port is optional.
fn split_port(host: &str) -> Result<(&str, &str), String> {
    let invalid = || format!("the port after the host is not a number from 1 to 65535; {ENCODE}");
    let (host, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest
                .split_once(']')
                .ok_or("the IPv6 address of the host has no closing bracket")?;
            if !rest.is_empty() && !rest.starts_with(':') {
                return Err(invalid());
            }
            (address, rest.strip_prefix(':').unwrap_or_default())
        }
        None => host.split_once(':').unwrap_or((host, "")),
    };
    let is_valid = port.bytes().all(|byte| byte.is_ascii_digit())
        && (port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0));
    if is_valid { Ok((host, port)) } else { Err(invalid()) }
}

/// Decodes percent-encoded characters (`%2F`) in a part of the URL. `part` is the name of this part, for messages.
fn decode(text: &str, part: &str) -> Result<String, String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
        let code = digit().zip(digit()).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        decoded.push(code.ok_or_else(|| {
            format!("a % in {part} is not followed by two hexadecimal digits; {ENCODE}")
        })?);
    }
    let decoded = String::from_utf8(decoded)
        .map_err(|_| format!("{part} is not UTF-8 after its %XX are decoded"))?;
    if decoded.contains(char::is_control) {
        return Err(format!("{part} contains a control character or a line break"));
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keywords(url: &str) -> String {
        let keywords = PostgresUrl::parse(url).unwrap().keywords;
        keywords.strip_prefix(KEEP_ALIVE).unwrap().trim_end().to_owned()
    }

    #[test]
    fn parts_of_a_url_are_passed_to_libpq_unchanged() {
        for (url, expected) in [
            ("postgres://host/db", "host='host' dbname='db'"),
            ("postgresql://u@h:5433", "user='u' host='h' port='5433'"),
            (
                "postgres://u:p%40%2F%25@[::1]:1/d",
                "user='u' password='p@/%' host='::1' port='1' dbname='d'",
            ),
            // The last @ separates the password from the host.
            ("postgres://u:a@b:c d@h/d", "user='u' password='a@b:c d' host='h' dbname='d'"),
            (r"postgres://u:it's\@h/d", r"user='u' password='it\'s\\' host='h' dbname='d'"),
            ("postgres://a,b:2/d", "host='a,b' port=',2' dbname='d'"),
            ("postgres:///d?host=/run/p&user=u", "dbname='d' host='/run/p' user='u'"),
            (
                "postgres://h/d?ssl=true&options=-c%20jit%3Doff",
                "host='h' dbname='d' sslmode='require' options='-c jit=off'",
            ),
        ] {
            assert_eq!(keywords(url), expected, "{url}");
        }
    }

    #[test]
    fn message_about_a_url_repeats_no_part_of_it() {
        for url in [
            "postgres://uQx:pQx/rQx@host/db",
            "postgres://uQx:1/rQx@host/db",
            "postgres://uQx:pQx?rQx@host/db",
            "postgres://uQx:pQx%rQx@host/db",
            "postgres://uQx:pQx%0arQx@host/db",
            "postgres://uQx:pQx%ffrQx@host/db",
            "postgres://uQx:pQx@host:rQx/db",
            "postgres://uQx:pQx",
            "postgres://uQx:pQx@[rQx/db",
            "postgres://uQx:pQx@[::1]rQx/db",
            "postgres://host/db/rQx",
            "postgres://host/db?rQx",
            "postgres://host/db?rQx=1",
            "host=host password=pQx",
        ] {
            let message = PostgresUrl::parse(url).unwrap_err();
            assert!(!message.contains("Qx"), "{url}: {message}");
        }
    }

    #[test]
    fn url_is_shown_without_user_and_password() {
        let url = PostgresUrl::parse("postgres://user:secret@h:5433/d?password=secret").unwrap();
        assert_eq!(
            (url.to_string(), format!("{url:?}")),
            ("postgres://h:5433/d".to_owned(), "postgres://h:5433/d".to_owned())
        );
    }
}
