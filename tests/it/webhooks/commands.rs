//! The commands `clausewatch webhook`.

use tempfile::TempDir;

use crate::support::{Data, Engine, clausewatch};

use super::*;

fn commands_manage_webhooks(engine: Engine) {
    let app = TestApp::spawn(engine, Data::Empty);
    let folder = TempDir::new().unwrap();
    let receiver = Receiver::start();
    let run = |arguments: &[&str]| {
        let shared = ["--database-url", app.database_url.as_str(), "--webhook-private-addresses"];
        let output = clausewatch(&[arguments, &shared].concat(), folder.path());
        (output.status.success(), text(&output.stdout), text(&output.stderr))
    };
    let create = [
        "webhook",
        "create",
        receiver.url.as_str(),
        "--kind",
        "party",
        "--description",
        "The desk",
    ];
    let (success, made, errors) = run(&create);
    assert!(success, "{errors}");
    let secret = made.lines().last().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"), "{made}");

    let (_, listed, _) = run(&["webhook", "list"]);
    let id = listed.split(' ').next().unwrap().to_owned();
    assert!(made.contains(&id), "{made}{listed}");
    assert!(
        listed.contains(r#"filter {"kind":["PARTY"]}"#) && listed.contains("(The desk)"),
        "{listed}"
    );
    assert!(listed.contains("created") && listed.contains("by operator, enabled"), "{listed}");
    assert!(!listed.contains(&secret), "{listed}");

    let (success, sent, errors) = run(&["webhook", "test", &id]);
    assert!(success && sent.contains("accepted the test message (200)"), "{sent}{errors}");
    assert_eq!(verify(&secret, &receiver.received())[0]["type"], "webhook.test");
    receiver.answer(vec![Answer::Status(500, String::new())]);
    let (success, _, errors) = run(&["webhook", "test", &id]);
    assert!(!success && errors.contains("500 Internal Server Error"), "{errors}");
    let (_, deliveries, _) = run(&["webhook", "deliveries", &id]);
    let lines: Vec<&str> = deliveries.lines().collect();
    assert_eq!(lines.len(), 2, "{deliveries}");
    assert!(
        lines[0].ends_with("500 Internal Server Error") && lines[1].ends_with("delivered"),
        "{deliveries}"
    );

    assert!(run(&["webhook", "disable", &id]).0);
    assert!(run(&["webhook", "list"]).1.contains("disabled by operator"));
    assert!(run(&["webhook", "enable", &id]).0);
    assert!(run(&["webhook", "list"]).1.contains("enabled"));
    assert!(run(&["webhook", "delete", &id]).0);
    assert_eq!(run(&["webhook", "list"]).1, "");

    for (arguments, part) in [
        (
            &["webhook", "create", "ftp://hooks.example"][..],
            "URL: is not an address that starts with",
        ),
        (&["webhook", "create", "https://hooks.example", "--kind", "river"], "“RIVER”"),
        (
            &["webhook", "create", "https://hooks.example", "--agreement", "minsk2"],
            "no agreement with the slug “minsk2”",
        ),
        (
            &["webhook", "create", "https://hooks.example", "--description", ""],
            "--description: must not be empty",
        ),
        (&["webhook", "delete", id.as_str()], "there is no webhook"),
        (&["webhook", "test", id.as_str()], "there is no webhook"),
        (&["webhook", "deliveries", id.as_str()], "there is no webhook"),
        (&["webhook", "enable", "x"], "“x” is not the id of a webhook"),
    ] {
        let (success, _, errors) = run(arguments);
        assert!(!success && errors.contains(part), "{arguments:?}: {errors}");
    }
}

#[test]
fn commands_manage_webhooks_sqlite() {
    commands_manage_webhooks(Engine::Sqlite);
}

#[test]
fn commands_manage_webhooks_postgres() {
    commands_manage_webhooks(Engine::Postgres);
}
