//! Settings from the command line, the environment and the file `.env`, and the messages for invalid settings.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{Cluster, Database, Engine, Process, clausewatch, text};

/// The parts of a password. The tests join them with characters that are reserved in URLs. No message contains the
/// parts by chance.
const PARTS: [&str; 2] = ["sQx1", "rQx2"];

/// Runs a command in a folder with this `.env` and with these environment variables.
fn run(file: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let directory = TempDir::new().expect("a temporary folder");
    fs::write(directory.path().join(".env"), file).expect("the file can be written");
    run_in(directory.path(), variables, arguments)
}

fn run_in(directory: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clausewatch"))
        .args(arguments)
        .current_dir(directory)
        .env_remove("DATABASE_URL")
        .envs(variables.iter().copied())
        .output()
        .expect("the binary runs")
}

/// Fails if the message repeats a part of the secret or does not contain `words`.
fn expect_rejected(what: &str, output: &Output, words: &str) {
    let said = text(&output.stderr) + &text(&output.stdout);
    assert!(!output.status.success(), "{what} was accepted");
    assert!(said.contains(words), "{what}: {said}");
    for part in PARTS {
        assert!(!said.contains(part), "{what}: {said}");
    }
}

#[test]
fn invalid_database_url_is_rejected_without_quoting_it() {
    for (url, words) in [
        ("mysql://user:sQx1@host/db", "must start with sqlite: or postgres://"),
        (
            "host=localhost user=user password=sQx1rQx2 dbname=db",
            "must start with sqlite: or postgres://",
        ),
        ("sQx1rQx2", "must start with sqlite: or postgres://"),
        ("clausewatch.db", "must start with sqlite: or postgres://"),
        ("sqlite:", "the path is missing"),
        ("sqlite::memory:", "the path is missing"),
        ("postgres://user:sQx1/rQx2@localhost/db", "%2F"),
        ("postgres://user:1/rQx2@localhost/db", "%2F"),
        ("postgres://user:sQx1?rQx2@localhost/db", "%3F"),
        ("postgres://user:sQx1%rQx2@localhost/db", "a % in the password"),
        ("postgres://user:sQx1", "the port"),
        ("postgres://user@localhost:sQx1/db", "the port"),
        ("postgres://user@localhost/db?sQx1", "name=value"),
    ] {
        let directory = TempDir::new().expect("a temporary folder");
        let named = "DATABASE_URL (--database-url): ";
        for output in [
            run_in(directory.path(), &[("DATABASE_URL", url)], &["migrate"]),
            run_in(directory.path(), &[], &["migrate", "--database-url", url]),
        ] {
            expect_rejected(url, &output, words);
            assert!(text(&output.stderr).contains(named), "{url}: {}", text(&output.stderr));
        }
        expect_rejected(url, &run(&format!("DATABASE_URL='{url}'"), &[], &["migrate"]), words);
        let made = fs::read_dir(directory.path()).expect("the folder can be read").count();
        assert_eq!(made, 0, "{url}: a file was created");
    }
}

#[test]
fn unreachable_server_is_reported_without_the_password() {
    // The special characters in these passwords do not change the host of the URL. No server listens on port 1, so the
    // connection is refused.
    for password in [
        "sQx1@rQx2",
        "sQx1:rQx2",
        "sQx1 rQx2",
        "sQx1#rQx2",
        "sQx1'rQx2",
        "sQx1\\rQx2",
        "sQx1%2FrQx2",
        "sQx1%25rQx2",
    ] {
        let url = format!("postgres://user:{password}@127.0.0.1:1/db");
        let output = run("", &[("DATABASE_URL", &url)], &["migrate"]);
        expect_rejected(&url, &output, "cannot migrate the database postgres://127.0.0.1:1/db");
        assert!(text(&output.stderr).contains("refused"), "{password}: {}", text(&output.stderr));
    }
}

#[test]
fn password_can_contain_any_characters() {
    let cluster = Cluster::start();
    let socket = cluster
        .url("postgres")
        .split_once("host=")
        .unwrap()
        .1
        .split_once('&')
        .unwrap()
        .0
        .to_owned();
    cluster.execute("CREATE ROLE keeper LOGIN SUPERUSER PASSWORD 'a/b@c:d%e f''g\\h'");
    cluster.require_passwords();
    let url = format!("postgres://keeper:a%2Fb@c:d%25e f'g\\h@/postgres?host={socket}");
    let output = run("", &[("DATABASE_URL", &url)], &["migrate"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let wrong = url.replace("keeper:a", "keeper:sQx1");
    expect_rejected(
        "a wrong password",
        &run("", &[("DATABASE_URL", &wrong)], &["migrate"]),
        "password authentication failed",
    );
}

#[test]
fn invalid_env_file_is_rejected_with_the_line_number() {
    for (line, words) in [
        ("CLAUSEWATCH_OIDC_CLIENT_SECRET sQx1rQx2", "NAME=VALUE"),
        ("CLAUSEWATCH_OIDC_CLIENT_SECRET: sQx1=rQx2", "NAME=VALUE"),
        (
            "CLAUSEWATCH_OIDC_CLIENT_SECRET='sQx1rQx2",
            "the value of CLAUSEWATCH_OIDC_CLIENT_SECRET is invalid: a value in quotes",
        ),
        (
            "DATABASE_URL=\"postgres://user:sQx1@localhost/rQx2",
            "the value of DATABASE_URL is invalid: a value in quotes",
        ),
        (
            "DATABASE_URL=\"postgres://user:sQx1\" rQx2@localhost/db\"",
            "the value of DATABASE_URL is invalid",
        ),
        ("DATABASE_URL=\"postgres://user:sQx1\\rQx2@localhost/db\"", "backslash"),
    ] {
        let output = run(&format!("# A comment\n\n{line}\n"), &[], &["schema"]);
        expect_rejected(line, &output, words);
        let said = text(&output.stderr);
        assert!(said.contains(".env is invalid: line 3: "), "{line}: {said}");
    }
}

#[test]
fn misplaced_secret_is_not_quoted() {
    let address = "postgres://user:sQx1rQx2@localhost/db";
    for name in [
        "CLAUSEWATCH_BIND",
        "CLAUSEWATCH_ALLOW_ORIGIN",
        "CLAUSEWATCH_CONNECTIONS",
        "CLAUSEWATCH_OIDC_ROLES",
    ] {
        let output = run("", &[(name, address)], &["schema"]);
        expect_rejected(name, &output, "…");
        expect_rejected(name, &run(&format!("{name}={address}"), &[], &["schema"]), "…");
    }
    let filter = run("", &[("CLAUSEWATCH_LOG", "sQx1=rQx2=sQx1")], &["schema"]);
    expect_rejected("a log filter", &filter, "CLAUSEWATCH_LOG (--log) is not a log filter");
    // The shell splits an unquoted address at a space.
    let split = ["migrate", "--database-url", "postgres://user:", "sQx1rQx2@localhost/db"];
    expect_rejected("two words", &run("", &[], &split), "…");
    expect_rejected(
        "help",
        &run(&format!("DATABASE_URL={address}"), &[], &["--helpful"]),
        "--help",
    );
    let help = run(
        &format!("DATABASE_URL={address}"),
        &[("CLAUSEWATCH_OIDC_CLIENT_SECRET", "sQx1")],
        &["--help"],
    );
    assert!(!PARTS.iter().any(|part| text(&help.stdout).contains(part)), "{}", text(&help.stdout));
}

#[test]
fn env_file_is_literal_and_the_environment_takes_precedence() {
    let directory = TempDir::new().expect("a temporary folder");
    let file = |text: &str| {
        fs::write(directory.path().join(".env"), text).expect("the file can be written");
    };
    let expect = |variables: &[(&str, &str)], arguments: &[&str], made: &str| {
        let output = run_in(directory.path(), variables, arguments);
        assert!(output.status.success(), "{made}: {}", text(&output.stderr));
        assert!(directory.path().join(made).exists(), "{made} does not exist");
    };
    file("\u{feff}DATABASE_URL=sqlite:pa$HOME${HOME}.db # here\r\n");
    expect(&[], &["migrate"], "pa$HOME${HOME}.db");
    file("DATABASE_URL=\"sqlite:quoted $HOME.db\"\n");
    expect(&[], &["migrate"], "quoted $HOME.db");
    expect(&[("DATABASE_URL", "sqlite:environment.db")], &["migrate"], "environment.db");
    expect(
        &[("DATABASE_URL", "sqlite:no.db")],
        &["migrate", "--database-url", "sqlite:argument.db"],
        "argument.db",
    );
    assert!(!directory.path().join("no.db").exists());

    file("DATABASE_URL=sqlite:second.db");
    expect(&[("DATABASE_URL", "")], &["migrate"], "second.db");
}

#[test]
fn empty_setting_equals_an_unset_setting() {
    let names = settings();
    assert!(names.len() > 30, "{names:?}");
    let empty: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let directory = TempDir::new().expect("a temporary folder");
    let output = run_in(directory.path(), &empty, &["migrate"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(directory.path().join("clausewatch.db").exists(), "the default was not used");
    let blank = names.join("= \n") + "= \n";
    let output = run(&blank, &[], &["migrate"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn list_can_contain_spaces_after_commas() {
    let file = "CLAUSEWATCH_TRUSTED_PROXY=127.0.0.1, 10.0.0.0/8\n\
                CLAUSEWATCH_ALLOW_ORIGIN=https://one.example, https://two.example\n\
                CLAUSEWATCH_OIDC_ROLES=treaty-desk = editor, everyone=reader\n";
    let output = run(file, &[], &["schema"]);
    assert!(output.status.success(), "{}", text(&output.stderr));

    let database = Database::fresh(Engine::Sqlite);
    let origins = ["--no-sample", "--allow-origin", "https://one.example, https://two.example"];
    let server = Process::start(&database.url, &origins);
    for origin in ["https://one.example", "https://two.example"] {
        let request = reqwest::blocking::Client::new().get(format!("{}/livez", server.url));
        let answer = request.header("origin", origin).send().expect("the server answers");
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
    }
}

#[test]
fn every_line_of_the_example_is_valid_without_the_comment_sign() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example");
    let example = fs::read_to_string(example).expect(".env.example can be read");
    let uncommented: Vec<&str> = example
        .lines()
        .filter_map(|line| {
            let setting = line.strip_prefix("# ").unwrap_or(line);
            let name = setting.split_once('=')?.0;
            name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_').then_some(setting)
        })
        .collect();
    assert_eq!(uncommented.len(), settings().len());
    let directory = TempDir::new().expect("a temporary folder");
    fs::write(directory.path().join(".env"), uncommented.join("\n"))
        .expect("the file can be written");
    let folder = directory.path().to_str().expect("a name in UTF-8");
    let command = ["env", "-C", folder, env!("CARGO_BIN_EXE_clausewatch")];
    // The test overrides two settings: the database, and the port, because the port in the file may be in use.
    let server = Process::start_within(&command, "sqlite:example.db", &["--no-sample"]);
    assert!(directory.path().join("example.db").exists(), "{}", server.url);
}

/// The names of all environment variables.
fn settings() -> Vec<String> {
    clausewatch::cli::Cli::settings()
}

#[test]
fn env_file_can_contain_lines_of_other_programs() {
    let directory = TempDir::new().expect("a temporary folder");
    let file = "# Of the mailer\nMAIL_KEY=\"-----BEGIN KEY-----\nsQx1==\n-----END KEY-----\"\nmail.host=a\nmail.host=b\n\
                DATABASE_URL_OF_MAILER sQx1\n[section]\nDATABASE_URL=sqlite:ours.db\nMAIL_TEXT='no end\n";
    fs::write(directory.path().join(".env"), file).expect("the file can be written");
    let output = run_in(directory.path(), &[], &["migrate"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(directory.path().join("ours.db").exists());
    let swallowed = "MAIL_KEY=\"sQx1\nDATABASE_URL=sqlite:rQx2.db\nend\"\n";
    expect_rejected(
        "a line in quotes",
        &run(swallowed, &[], &["migrate"]),
        "line 2: sets DATABASE_URL inside",
    );
}

#[test]
fn database_that_is_not_utf_8_is_rejected_at_the_start() {
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let database = Database::with_encoding(encoding);
        let directory = TempDir::new().expect("a temporary folder");
        let output = clausewatch(
            &["serve", "--bind", "127.0.0.1:0", "--database-url", &database.url],
            directory.path(),
        );
        let said = text(&output.stderr);
        assert!(!output.status.success(), "{encoding} was accepted");
        assert!(said.contains(&format!("its encoding is {encoding}, but must be UTF8")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[cfg(unix)]
#[test]
fn sqlite_file_is_accessible_only_to_its_owner() {
    use std::os::unix::fs::PermissionsExt;

    let directory = TempDir::new().expect("a temporary folder");
    let file = directory.path().join("new.db");
    let url = format!("sqlite:{}", file.display());
    let command =
        ["bash", "-c", "umask 000; exec \"$@\"", "bash", env!("CARGO_BIN_EXE_clausewatch")];
    let mut server = Process::start_within(&command, &url, &["--no-sample"]);
    server.record("Something was said").expect("the event is recorded");
    let mode =
        |file: &Path| fs::metadata(file).expect("the file exists").permissions().mode() & 0o777;
    for ending in ["", "-wal", "-shm"] {
        let file = directory.path().join(format!("new.db{ending}"));
        assert_eq!(mode(&file), 0o600, "{}: {:o}", file.display(), mode(&file));
    }
    server.kill();
    // Permissions that the owner has changed are preserved.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640))
        .expect("the permissions can be set");
    let output = clausewatch(&["migrate", "--database-url", &url], directory.path());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(mode(&file), 0o640);
}
