//! Random writes between reads: each cached response equals the response of a server without a cache.

use std::fs;

use clausewatch::domain::viewer::Role;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{MIN_POSITION, Options, PARTIES, caching, get_with, post_with};
use crate::dossiers::import_paths;
use crate::support::{TestApp, client, on_both_databases};

/// The documents, with their variables, that the test sends repeatedly.
fn reads() -> Vec<(&'static str, Value)> {
    let status = "query($day: Date) { agreement(slug: \"minsk-2\") { clauses(first: 30) { nodes { number status(asOf: $day) version } } } }";
    let filtered = "query($filter: ClauseFilter) { clauses(first: 20, filter: $filter) { totalCount nodes { id number status } } }";
    vec![
        (PARTIES, Value::Null),
        ("{ changes(last: 3) { nodes { actor } } }", Value::Null),
        ("{ party(slug: \"imported\") { name version } }", Value::Null),
        (status, json!({})),
        (status, json!({ "day": "2015-06-01" })),
        (status, json!({ "day": "2020-01-01" })),
        (filtered, json!({ "filter": { "status": ["BREACHED"] } })),
        (
            filtered,
            json!({ "filter": { "status": ["COMPLETE", "MINIMAL"], "asOf": "2016-01-01" } }),
        ),
        (filtered, json!({ "filter": { "text": "withdrawal" } })),
        (
            "query($slug: String!) { party(slug: $slug) { name archivedAt } }",
            json!({ "slug": "ukraine" }),
        ),
        (
            "query($slug: String!) { party(slug: $slug) { name archivedAt } }",
            json!({ "slug": "spare" }),
        ),
    ]
}

/// Random numbers that are the same in each run.
struct Random(TestRunner);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        (0..end).new_tree(&mut self.0).unwrap().current()
    }
}

/// Writes random changes through both servers and the import command.
struct Writer<'a> {
    app: &'a TestApp,
    cached: &'a TestApp,
    directory: TempDir,
    clauses: Vec<Value>,
    parties: Vec<Value>,
    spare: Value,
}

impl<'a> Writer<'a> {
    fn new(app: &'a TestApp, cached: &'a TestApp) -> Self {
        let ids = |query: &str, list: &str| {
            let data = app.data(query, json!({}));
            let nodes = data[list]["nodes"].as_array().unwrap();
            nodes.iter().map(|node| node["id"].clone()).collect::<Vec<_>>()
        };
        let query = "mutation { createParty(input: { slug: \"spare\", name: \"Spare\", shortName: \"Spare\", kind: STATE }) { party { id } } }";
        let spare = app.data(query, json!({}))["createParty"]["party"]["id"].take();
        Self {
            app,
            cached,
            directory: TempDir::new().unwrap(),
            clauses: ids("{ clauses(first: 12) { nodes { id } } }", "clauses"),
            parties: ids("{ parties(first: 12) { nodes { id } } }", "parties"),
            spare,
        }
    }

    /// Writes a random change. Returns whether the server with the response cache wrote it.
    fn write(&self, random: &mut Random, step: usize) -> bool {
        let by_cached = random.below(2) == 0;
        let app = if by_cached { self.cached } else { self.app };
        match random.below(7) {
            0..=2 => {
                let query = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { userErrors { message } } }";
                let statuses = ["BREACHED", "COMPLETE", "MINIMAL", "NOT_STARTED"];
                let days = ["2015-03-01", "2015-12-01", "2019-05-05"];
                let input = json!({
                    "clauseId": self.clauses[random.below(self.clauses.len())],
                    "status": statuses[random.below(4)],
                    "effectiveOn": days[random.below(3)],
                    "note": format!("Step {step}."),
                });
                app.data(query, json!({ "input": input }));
            }
            3..=4 => {
                let query = "mutation($id: ID!, $name: String!) { updateParty(input: { partyId: $id, name: $name }) { userErrors { message } } }";
                let id = &self.parties[random.below(self.parties.len())];
                app.data(query, json!({ "id": id, "name": format!("Name {step}") }));
            }
            5 => {
                let query = "mutation($id: ID!, $archived: Boolean!) { archiveParty(input: { partyId: $id, archived: $archived }) { userErrors { message } } }";
                app.data(query, json!({ "id": self.spare, "archived": random.below(2) == 0 }));
            }
            _ => {
                let path = self.directory.path().join("imported.toml");
                let text = format!(
                    "[[party]]\nslug = \"imported\"\nname = \"Import {step}\"\nshort_name = \"I\"\nkind = \"STATE\"\n"
                );
                fs::write(&path, text).unwrap();
                let output = import_paths(self.app, &[&path]);
                assert!(output.status.success(), "{output:?}");
                return false;
            }
        }
        by_cached
    }
}

on_both_databases! {
    fn cached_responses_equal_uncached_responses(app: Sample) {
        let cached = caching(&app, |_| {});
        let reader = client(Some(&app.token("reader", Role::Reader)));
        let exact = app.database_url.starts_with("sqlite:");
        let mut random = Random(TestRunner::deterministic());
        let writer = Writer::new(&app, &cached);
        let reads = reads();
        let (mut least, mut last, mut hits, mut writes) = (app.log_position(), 0, 0, 0);
        for step in 0..40 {
            let before = app.log_position();
            let by_cached = writer.write(&mut random, step);
            let position = app.log_position();
            writes += usize::from(position > before);
            // The server with the cache knows its own writes without a notification.
            if !by_cached {
                least = position;
            }
            let header = least.to_string();
            let headers = [(MIN_POSITION, header.as_str())];
            let headers = if exact { &[][..] } else { &headers[..] };
            let chosen = [random.below(reads.len()), random.below(reads.len())];
            for read in 0..7 {
                let (query, variables) = &reads[chosen[random.below(2)]];
                let options = Options { variables: variables.clone(), headers };
                let who = if random.below(3) == 0 { &reader } else { cached.client() };
                let send = if random.below(2) == 0 { get_with } else { post_with };
                let found = send(&cached, who, query, &options);
                let expected = post_with(&app, app.client(), query, &options);
                let case = format!("step {step}, read {read}: {query} {variables}");
                assert_eq!(expected.status, 200, "{case}: {}", expected.text);
                assert_eq!(found.text, expected.text, "{case}: {}", found.cache());
                assert_eq!(found.position, Some(position), "{case}: {}", found.cache());
                assert!(position >= last, "{case}");
                last = position;
                hits += usize::from(found.cache() == "hit");
            }
        }
        assert!(hits > 80 && writes > 20, "{hits} hits, {writes} writes");
    }
}
