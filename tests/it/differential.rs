//! Compares the server with the reference implementation (graphql-js): both get the same documents and the same data.
//!
//! Valid and invalid documents are generated from seeds. A document with different answers is written to `failing/`, and
//! each run sends the documents in `failing/` first. `DIFFERENTIAL_SEED` sets the first seed, and
//! `DIFFERENTIAL_DOCUMENTS` sets the number of documents.

mod answer;
mod arguments;
mod breakage;
mod document;
mod generate;
pub mod random;
mod reference;
mod schema;
mod shrink;
mod snapshot;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use clausewatch::limits::Limits;
use serde_json::{Value, json};

use crate::support::{Data, Engine, TestApp};
use answer::{Answer, Difference};
use document::{Document, Request};
use generate::Generator;
use random::Random;
use reference::Reference;
use schema::Schema;
use snapshot::Snapshot;
use vocabulary::Vocabulary;

/// The number of documents generated for each database.
const DOCUMENTS: u64 = 3_000;
/// The first seed for each database. Each further document uses the next seed.
const SEED_SQLITE: u64 = 1_000_000;
const SEED_POSTGRES: u64 = 2_000_000;
/// The maximum number of differences of each kind that are shrunk, reported and written to files.
const SHOWN: usize = 1;
/// The maximum number of kinds of differences that are reported.
const KINDS_SHOWN: usize = 40;
/// The maximum time to shrink one document.
const SHRINKING: Duration = Duration::from_secs(10);

/// A server, and a reference implementation with the same data.
struct Pair {
    app: TestApp,
    schema: Schema,
    vocabulary: Vocabulary,
    snapshot: Snapshot,
    reference: Reference,
    counts: Counts,
    report: String,
}

/// The numbers of requests, grouped by the result of the reference.
#[derive(Debug, Default)]
struct Counts {
    documents: usize,
    /// Requests that the reference executed, including those with errors in some fields.
    valid: usize,
    with_field_errors: usize,
    broken: usize,
    /// Requests that were not compared, because the snapshot lacks the data.
    not_judged: usize,
    /// The number of requests with different answers, keyed by the kind of difference and, if present, the message.
    differences: BTreeMap<String, usize>,
    /// The number of fields of the schema that the documents select at least once.
    fields: usize,
}

/// The origin of a request.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// A file in `failing/`.
    File,
    /// A generated document whose text was changed in one place.
    Damaged,
    /// A generated document that was not changed. It can be shrunk.
    Generated(&'a Document),
}

/// The two answers to one request.
struct Comparison {
    ours: Answer,
    theirs: Answer,
    difference: Option<Difference>,
}

impl Comparison {
    /// The kind by which differences are grouped. It consists of the name of `difference`, the types of the first pair
    /// of different values, and the first words of the error message. Names and values in the message are omitted.
    fn kind(&self, difference: Difference) -> String {
        let values = match (&self.ours.data, &self.theirs.data) {
            (Some(ours), Some(theirs)) if difference == Difference::Data => {
                ours.first_difference(theirs)
            }
            _ => String::new(),
        };
        let message = match difference {
            Difference::Data | Difference::RejectedValid => self.ours.messages.as_str(),
            Difference::AcceptedBroken => self.theirs.messages.as_str(),
            _ => "",
        };
        // A syntax error of the server first quotes the document. The message itself follows `  = `.
        let message = message.rsplit("  = ").next().unwrap_or_default();
        let words = message.split([' ', '"', '.']).filter(|word| {
            word.len() > 1
                && word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '.')
        });
        let words: Vec<&str> = words.take(7).collect();
        [format!("{difference:?}"), values, words.join(" ")].join(" ")
    }
}

impl Pair {
    fn new(engine: Engine) -> Self {
        let app = TestApp::spawn_with(engine, Data::Sample, |config| {
            // This test compares only the query language, so it lifts the limits. Other tests cover them.
            let any = usize::MAX;
            config.limits = Limits {
                max_aliases: any,
                max_root_fields: any,
                max_directives: any,
                max_selections: any,
                max_nodes: u64::MAX,
                max_fields: u64::MAX,
                ..config.limits.clone()
            };
        });
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
        let schema = Schema::new(&fs::read_to_string(path).expect("the schema is there"));
        let vocabulary = snapshot::read_vocabulary(&app);
        let snapshot = Snapshot::read(&app, &schema, &vocabulary);
        let reference = Reference::start(&snapshot.message());
        let (counts, report) = (Counts::default(), String::new());
        Self { app, schema, vocabulary, snapshot, reference, counts, report }
    }

    /// Sends a request to both implementations.
    fn compare(&mut self, request: &Request) -> Comparison {
        let variables = self.snapshot.resolve(&request.variables.to_string());
        let request = Request {
            query: self.snapshot.resolve(&request.query),
            variables: serde_json::from_str(&variables).expect("ids need no escapes"),
            operation_name: request.operation_name.clone(),
        };
        self.reference.ask(&request);
        let body = json!({
            "query": request.query, "variables": request.variables, "operationName": request.operation_name,
        });
        let response = self
            .app
            .client()
            .post(format!("{}/graphql", self.app.url))
            .header("accept", "application/graphql-response+json")
            .json(&body)
            .send()
            .expect("the server answers");
        let ours = Answer::parse(&response.text().expect("the answer is text"));
        let theirs = self.reference.answer();
        let difference = if theirs.is_outside { None } else { ours.difference(&theirs) };
        Comparison { ours, theirs, difference }
    }

    /// Sends a request and counts the result. If the snapshot lacks data for the comparison, returns a message about the
    /// missing data.
    fn check(&mut self, name: &str, request: &Request, source: Source<'_>) -> Option<String> {
        let comparison = self.compare(request);
        self.counts.documents += 1;
        if comparison.theirs.is_outside {
            self.counts.not_judged += 1;
            return Some(comparison.theirs.messages);
        } else if comparison.theirs.data.is_none() {
            self.counts.broken += 1;
        } else {
            self.counts.valid += 1;
            self.counts.with_field_errors += usize::from(!comparison.theirs.paths.is_empty());
        }
        if let Some(difference) = comparison.difference {
            self.report(name, difference, request, source, &comparison);
        }
        None
    }

    /// Counts a difference. The first of each kind is shrunk, reported and written to a file.
    fn report(
        &mut self,
        name: &str,
        difference: Difference,
        request: &Request,
        source: Source<'_>,
        comparison: &Comparison,
    ) {
        let kinds = self.counts.differences.len();
        let count = self.counts.differences.entry(comparison.kind(difference)).or_default();
        *count += 1;
        if *count > SHOWN || kinds > KINDS_SHOWN {
            return;
        }
        let Source::Generated(document) = source else {
            if matches!(source, Source::Damaged) {
                keep(&name.replace(' ', "-"), request);
            }
            return self.show(name, difference, request, comparison);
        };
        let started = Instant::now();
        let kind = comparison.kind(difference);
        let smallest = shrink::shrink(document, |smaller| {
            if started.elapsed() > SHRINKING {
                return false;
            }
            let comparison = self.compare(&smaller.request());
            comparison.difference == Some(difference) && comparison.kind(difference) == kind
        });
        let request = smallest.request();
        let comparison = self.compare(&request);
        self.show(name, difference, &request, &comparison);
        keep(&name.replace(' ', "-"), &request);
    }

    fn show(&mut self, name: &str, difference: Difference, request: &Request, found: &Comparison) {
        let side = |answer: &Answer| {
            let data = answer.data.as_ref().map_or("none".to_owned(), ToString::to_string);
            let paths: Vec<String> = answer.paths.iter().map(ToString::to_string).collect();
            format!("{data}\n    errors at [{}]: {}", paths.join(", "), answer.messages)
        };
        write!(
            self.report,
            "\n{difference:?}, {name}\n  {}\n  variables {}, operation {:?}\n  server:    {}\n  reference: {}\n",
            request.query.replace('\n', "\n  "),
            request.variables,
            request.operation_name,
            side(&found.ours),
            side(&found.theirs),
        )
        .expect("strings can be written to");
    }
}

fn saved_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/differential/failing")
}

/// Writes a request to a file, so that the next run sends it first.
fn keep(name: &str, request: &Request) {
    let operation = request.operation_name.as_deref().unwrap_or_default();
    let text = format!("# {}\n# {operation}\n{}", request.variables, request.query);
    fs::write(saved_folder().join(format!("{name}.graphql")), text)
        .expect("the file can be written");
}

/// The requests in the files, ordered by file name.
fn saved_requests() -> Vec<(String, Request)> {
    let files = fs::read_dir(saved_folder()).expect("the folder exists");
    let mut kept: Vec<(String, Request)> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let text = fs::read_to_string(&path).expect("the file can be read");
            let mut parts = text.splitn(3, '\n').map(|part| part.trim_start_matches("# "));
            let variables = parts.next().expect("a line of variables");
            let variables: Value = serde_json::from_str(variables).expect("variables are JSON");
            let operation =
                parts.next().expect("a line with the operation").trim_start_matches('#');
            let operation_name = (!operation.is_empty()).then(|| operation.to_owned());
            let query = text.splitn(3, '\n').nth(2).expect("a document").to_owned();
            (path.display().to_string(), Request { query, variables, operation_name })
        })
        .collect();
    kept.sort_by(|one, other| one.0.cmp(&other.0));
    kept
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

/// Compares the documents in the files and `count` generated documents.
#[expect(clippy::print_stdout, reason = "the counts are part of the result")]
fn expect_no_difference(engine: Engine, first_seed: u64, count: u64) {
    let mut pair = Pair::new(engine);
    for (name, request) in saved_requests() {
        let lacking = pair.check(&name, &request, Source::File);
        assert_eq!(lacking, None, "{name} selects data that the snapshot lacks");
    }
    let mut selected = BTreeSet::new();
    for seed in first_seed..first_seed + count {
        // A different seed from the one that generates the document.
        let mut random = Random::new(!seed);
        let mut generator = Generator::new(&pair.schema, &pair.vocabulary, &pair.snapshot, seed);
        let mut document = generator.generate();
        selected.append(&mut generator.selected);
        if random.chance(35) {
            breakage::break_document(&mut document, &mut random);
        }
        let name = format!("seed {seed}");
        if random.chance(6) {
            let mut request = document.request();
            request.query = breakage::damaged(&request.query, &mut random);
            pair.check(&name, &request, Source::Damaged);
        } else {
            pair.check(&name, &document.request(), Source::Generated(&document));
        }
    }
    let selectable = generate::selectable(&pair.schema, &pair.vocabulary);
    let missing: Vec<&String> = selectable.difference(&selected).collect();
    pair.counts.fields = selectable.len() - missing.len();
    let counts = &pair.counts;
    println!("{engine:?}: {counts:?}, of {} fields", selectable.len());
    let differences: usize = counts.differences.values().sum();
    assert!(differences == 0, "{differences} differences: {counts:?}\n{}", pair.report);
    let expected = usize::try_from(count).expect("the count fits") / 10;
    assert!(counts.valid >= 5 * expected, "{counts:?}");
    assert!(counts.broken >= expected, "{counts:?}");
    assert!(counts.with_field_errors >= expected / 2, "{counts:?}");
    assert!(counts.not_judged <= expected / 2, "{counts:?}");
    let is_short = count < DOCUMENTS;
    assert!(is_short || missing.len() <= selectable.len() / 20, "not selected: {missing:?}");
}

#[test]
fn sqlite_answers_equal_the_reference() {
    let seed = number("DIFFERENTIAL_SEED", SEED_SQLITE);
    expect_no_difference(Engine::Sqlite, seed, number("DIFFERENTIAL_DOCUMENTS", DOCUMENTS));
}

#[test]
fn postgres_answers_equal_the_reference() {
    let seed = number("DIFFERENTIAL_SEED", SEED_POSTGRES);
    expect_no_difference(Engine::Postgres, seed, number("DIFFERENTIAL_DOCUMENTS", DOCUMENTS));
}
