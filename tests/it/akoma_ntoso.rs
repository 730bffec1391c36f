//! Agreements as legal XML: valid Akoma Ntoso with the content of the record.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use clausewatch::domain::viewer::Role;
use reqwest::blocking::Response;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::exports::rows;
use crate::other_clients::python;
use crate::support::world::World;
use crate::support::{
    TestApp, assert_refused, clausewatch, client, client_builder, on_both_databases, text,
};

fn get(app: &TestApp, file: &str) -> Response {
    let client = client_builder().redirect(Policy::none()).build().expect("a client");
    let address = format!("{}/export/agreements/{file}", app.url);
    client.get(address).send().expect("the server answers")
}

/// A Python process that validates documents. It serves all tests, because it takes a second to read the OASIS schema.
struct Validator {
    documents: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Validator {
    #[expect(
        clippy::zombie_processes,
        reason = "the process ends with the tests, when its standard input closes"
    )]
    fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
        let process = Command::new(python())
            .arg(folder.join("validate_akoma_ntoso.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let documents = process.stdin.expect("a pipe");
        let answers = BufReader::new(process.stdout.expect("a pipe")).lines();
        Self { documents, answers }
    }

    /// The content of a document, or its `error`.
    fn read(&mut self, document: &str) -> Value {
        writeln!(self.documents, "{}", json!(document)).expect("the process reads");
        let answer = self.answers.next().expect("the process answers").expect("a line");
        serde_json::from_str(&answer).expect("JSON")
    }
}

/// Validates the exported document against the OASIS schema, and returns its content.
fn read(app: &TestApp, file: &str) -> Value {
    static VALIDATOR: LazyLock<Mutex<Validator>> = LazyLock::new(|| Mutex::new(Validator::start()));
    let response = get(app, file);
    assert_eq!(response.status(), 200, "{file}");
    let document = response.text().expect("a body");
    let content = VALIDATOR.lock().unwrap_or_else(PoisonError::into_inner).read(&document);
    assert_eq!(content["error"], Value::Null, "{file}\n{document}");
    content
}

on_both_databases! {
    fn every_agreement_of_the_sample_is_valid(app: SharedSample) {
        let clauses = rows(&app, "clauses", "");
        for agreement in rows(&app, "agreements", "") {
            let slug = agreement["slug"].as_str().unwrap();
            let document = read(&app, &format!("{slug}.akn"));
            assert_eq!(document["title"], agreement["title"], "{slug}");
            assert!(document["uri"].as_str().unwrap().ends_with(&format!("/{}/{slug}", agreement["agreedOn"].as_str().unwrap())), "{document}");
            let expected: Vec<&Value> = clauses.iter().filter(|clause| clause["agreementSlug"] == slug).collect();
            let written = document["clauses"].as_array().unwrap();
            assert_eq!(written.len(), expected.len(), "{slug}");
            for (clause, row) in written.iter().zip(&expected) {
                assert_eq!((&clause["number"], &clause["heading"]), (&row["number"], &row["heading"]), "{slug}");
            }
            let statuses: Vec<&Value> = document["statuses"].as_array().unwrap().iter().map(|status| &status[1]).collect();
            assert_eq!(statuses, expected.iter().map(|row| &row["status"]).collect::<Vec<_>>(), "{slug}");
        }
    }

    fn document_contains_texts_parties_relations_and_the_end(app: Empty) {
        let w = World::new(&app);
        let treaty = read(&app, "treaty.akn");
        assert_eq!((&treaty["name"], &treaty["language"]), (&json!("treaty"), &json!("und")));
        let clauses = treaty["clauses"].as_array().unwrap();
        assert_eq!((&clauses[0]["id"], &clauses[0]["text"], &clauses[0]["summary"]), (&json!("cl_1"), &json!(""), &json!("Fire ceases.")));
        assert_eq!((&clauses[1]["id"], &clauses[1]["text"], &clauses[1]["summary"]), (&json!("cl_1__cl_a"), &json!("All of them."), &json!("They leave.")));
        let annex = read(&app, "annex.akn");
        let treaty_uri = treaty["uri"].as_str().unwrap();
        assert_eq!(annex["relations"], json!([["TLCReference", treaty_uri], ["activeRef", treaty_uri]]));
        assert_eq!(annex["language"], "srp");
        assert_eq!(annex["events"][1], json!(["repeal", "2017-03-01"]));
        // According to the South, the agreement ended on another day. A document for a day before the end contains no
        // `repeal` event.
        assert_eq!(read(&app, "annex.akn?heldBy=south")["events"][1], json!(["repeal", "2017-02-20"]));
        assert_eq!(read(&app, "annex.akn?asOf=2017-02-28")["events"].as_array().unwrap().len(), 1);

        w.apply("updateClauseStatus", &json!({ "clauseId": w.id("one"), "status": "PARTIAL", "effectiveOn": "2016-01-01", "note": "Some." }), "");
        w.apply("updateClauseStatus", &json!({ "clauseId": w.id("one"), "status": "BREACHED", "effectiveOn": "2016-06-01", "note": "Shots.", "heldBy": w.id("south") }), "");
        assert_eq!(read(&app, "treaty.akn")["statuses"][0], json!(["#cl_1", "PARTIAL", "2016-01-01"]));
        assert_eq!(read(&app, "treaty.akn?heldBy=south")["statuses"][0], json!(["#cl_1", "BREACHED", "2016-06-01"]));
        let earlier = read(&app, "treaty.akn?asOf=2015-12-31");
        assert_eq!((&earlier["statuses"][0][1], &earlier["view"]["asOf"]), (&json!("UNASSESSED"), &json!("2015-12-31")));
        let unknown = read(&app, "treaty.akn?knownAt=2000-01-01T00:00:00Z");
        assert_eq!(unknown["statuses"][0][1], "UNASSESSED");
    }

    fn statuses_can_be_those_of_a_release(app: Empty) {
        let w = World::new(&app);
        let directory = TempDir::new().unwrap();
        let arguments = ["release", "2026-11", "--database-url", &app.database_url, "--public-url", "https://example.org/"];
        let output = clausewatch(&arguments, directory.path());
        assert!(output.status.success(), "{}", text(&output.stderr));
        w.apply("updateClauseStatus", &json!({ "clauseId": w.id("one"), "status": "PARTIAL", "effectiveOn": "2016-01-01", "note": "Some." }), "");
        assert_eq!(read(&app, "treaty.akn")["statuses"][0][1], "PARTIAL");
        let released = read(&app, "treaty.akn?knownAtRelease=2026-11");
        assert_eq!((&released["statuses"][0][1], &released["view"]["knownAtRelease"]), (&json!("UNASSESSED"), &json!("2026-11")));
    }

    fn texts_of_every_kind_are_valid(app: Empty) {
        let w = World::new(&app);
        let nasty = "]]> <b>&amp; \"quoted\" 'x' -- שלום עליכם 🕊 &#0;";
        // Only in `lines`, because names cannot contain characters that change the direction of the text.
        let reversed = format!("{nasty} \u{202e}abc\u{202c}");
        let lines = format!("{nasty}\r\n\r\n\t{nasty}\n{reversed}");
        w.change("update", "treaty", &json!({ "title": nasty, "shortTitle": nasty, "summary": lines, "adoption": nasty, "place": nasty }));
        w.change("update", "one", &json!({ "heading": nasty, "summary": lines, "text": lines }));
        w.change("update", "gazette", &json!({ "title": nasty, "url": "https://example.org/a%20b?c=%22&d=<e>", "publisher": nasty }));
        w.change("update", "north", &json!({ "name": nasty, "shortName": nasty }));
        let document = read(&app, "treaty.akn");
        assert_eq!((&document["title"], &document["clauses"][0]["heading"]), (&json!(nasty), &json!(nasty)));
        assert_eq!(document["clauses"][0]["text"], [nasty, nasty, &reversed].join("\n"));
        let annex = read(&app, "annex.akn");
        assert!(annex["parties"].as_array().unwrap().contains(&json!(nasty)), "{annex}");
        // Archives all clauses of the treaty. A document without clauses must have a body, too.
        w.change("archive", "two", &json!({ "archived": true }));
        w.change("archive", "one", &json!({ "archived": true }));
        assert_eq!(read(&app, "treaty.akn")["clauses"].as_array().unwrap().len(), rows(&app, "clauses", "agreement=treaty").len());
    }

    fn more_than_one_page_of_clauses_is_written(app: Empty) {
        let w = World::new(&app);
        for number in 100..320 {
            let clause = json!({
                "agreementId": w.id("treaty"), "number": number.to_string(), "heading": format!("Clause {number}"), "summary": "More.",
                "nature": "ONE_OFF", "topicId": w.id("security"), "parentId": w.id("one"),
            });
            w.apply("createClause", &clause, "clause { id }");
        }
        let clauses = rows(&app, "clauses", "agreement=treaty").len();
        assert!(clauses > 220);
        assert_eq!(read(&app, "treaty.akn")["clauses"].as_array().unwrap().len(), clauses);
    }

    fn documents_have_headers_entity_tags_and_errors(app: Empty) {
        let w = World::new(&app);
        let response = get(&app, "treaty.akn");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/akn+xml");
        assert_eq!(header("content-disposition"), "attachment; filename=\"treaty.akn\"");
        assert_eq!(header("cache-control"), "public, no-cache");
        let tag = header("etag");
        let again = |file: &str| client(None).get(format!("{}/export/agreements/{file}", app.url)).header("if-none-match", &tag).send().unwrap().status();
        assert_eq!((again("treaty.akn").as_u16(), again("treaty.akn?asOf=2016-01-01").as_u16()), (304, 200));
        w.change("update", "treaty", &json!({ "slug": "pact" }));
        let moved = get(&app, "treaty.akn?asOf=2016-01-01");
        assert_eq!(moved.status(), 301);
        assert_eq!(moved.headers()["location"], format!("{}/export/agreements/pact.akn?asOf=2016-01-01", app.url).as_str());
        assert_eq!(moved.headers()["cache-control"], "no-cache");
        assert_eq!(again("pact.akn"), 200);
        w.change("archive", "annex", &json!({ "archived": true }));
        for (file, status, part) in [
            ("nothing.akn", 404, "there is no agreement “nothing”"),
            ("annex.akn", 404, "there is no agreement “annex”"),
            ("pact.xml", 404, "there is no format “xml”"),
            ("pact", 404, "valid values: akn"),
            ("pact.akn?asOf=yesterday", 400, "the parameter `asOf`: "),
            ("pact.akn?heldBy=nobody", 400, "nobody"),
            ("pact.akn?knownAtRelease=none", 400, "is not the name of a release"),
            ("pact.akn?knownAtRelease=none&knownAt=2016-01-01T00:00:00Z", 400, "cannot be combined"),
            ("pact.akn?day=2016-01-01", 400, "there is no parameter “day”"),
            ("pact.akn?agreement=annex", 400, "the parameter `agreement` is repeated"),
        ] {
            assert_refused(get(&app, file), status, part);
        }
        let private = app.another_with(|config| config.private = true);
        assert_eq!(get(&private, "pact.akn").status(), 401);
        let token = private.token("Rita", Role::Reader);
        let response = client(Some(&token)).get(format!("{}/export/agreements/pact.akn", private.url)).send().unwrap();
        assert_eq!((response.status().as_u16(), response.headers()["cache-control"].to_str().unwrap()), (200, "private, no-cache"));
    }
}
