//! Third-party clients, installed as users install them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clausewatch::domain::viewer::Role;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::changes::cursor;
use crate::support::{on_both_databases, text};

/// The Python environment in which `scripts/test` installs the clients.
pub fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("the folder is in the target folder");
    let python = target.join("python/bin/python");
    assert!(
        python.is_file(),
        "{} does not exist: run scripts/test, which installs Python’s packages there",
        python.display()
    );
    python
}

/// Runs a script of `tests/clients` on this input, and returns its output, which is JSON. The script must succeed.
pub fn run_python<T: DeserializeOwned>(script: &str, arguments: &[&str], input: &[u8]) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let mut process = Command::new(python())
        .arg(folder.join(script))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python runs");
    process.stdin.take().expect("a pipe").write_all(input).expect("the script accepts input");
    let output = process.wait_with_output().expect("the script exits");
    let status = output.status;
    assert!(status.success(), "{script}: {}\n{}", text(&output.stderr), text(input));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

on_both_databases! {
    fn python_client_queries_and_subscribes_over_a_websocket(app: Sample) {
        let before = app.log_position();
        let mutation = "mutation($slug: String!) { createTopic(input: { slug: $slug, name: $slug }) { userErrors { code } } }";
        for slug in ["one", "two"] {
            assert_eq!(app.data(mutation, json!({ "slug": slug }))["createTopic"]["userErrors"], json!([]));
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/follow.py");
        let output = Command::new(python())
            .arg(script)
            .arg(format!("{}/graphql", app.url.replace("http:", "ws:")))
            .args([app.token("Eve", Role::Editor), cursor(&app, before), "2".to_owned()])
            .output()
            .expect("Python runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
        let said = text(&output.stdout);
        let said: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(said, [
            json!({ "subprotocol": "graphql-transport-ws", "viewer": { "name": "Eve" } }),
            json!({ "changes": { "position": before + 1, "action": "CREATED" } }),
            json!({ "changes": { "position": before + 2, "action": "CREATED" } }),
        ]);
    }
}
