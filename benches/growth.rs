//! Whether answers take longer only as there is more to read: the same questions to databases of one, four and sixteen
//! times the data. `cargo bench --bench growth`; sixteen times are 200 agreements, 4,000 clauses, 40,000 assessments.
//!
//! The time for all agreements may grow as the data does, by sixteen. The time for one agreement should not grow with the
//! others; with its own clauses it may. Only ratios within one run mean anything.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench that meets something unexpected stops"
)]

use std::fmt::Write as _;

use async_graphql::Request;
use clausewatch::db::{Db, Location};
use clausewatch::domain::id::Id;
use clausewatch::domain::viewer::Credential;
use clausewatch::graphql::Executor;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use tempfile::TempDir;

/// Times the smallest data.
const FACTORS: [u32; 3] = [1, 4, 16];
/// Agreements at factor 1, 4 and 16.
const AGREEMENTS: [u32; 3] = [13, 50, 200];
const CLAUSES: u32 = 20;
const ASSESSMENTS: u32 = 10;
const STATUSES: [&str; 6] = ["not_started", "minimal", "partial", "complete", "breached", "void"];

/// A database of generated content.
struct World {
    executor: Executor,
    runtime: tokio::runtime::Runtime,
    _directory: TempDir,
}

impl World {
    /// So many agreements, each with so many clauses.
    fn new(agreements: u32, clauses: u32) -> Self {
        let directory = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", directory.path().join("bench.db").display());
        let location = Location::parse(&url).expect("a database address");
        let db = Db::open(&location, 2).expect("the database opens");
        let path = directory.path().join("bench.db");
        let mut connection =
            SqliteConnection::establish(&path.to_string_lossy()).expect("SQLite opens");
        connection
            .batch_execute(&content(agreements, clauses))
            .expect("the content fits the tables");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self {
            executor: Executor::new(db, false),
            runtime: runtime.expect("a runtime"),
            _directory: directory,
        }
    }

    fn ask(&self, query: &str) {
        let answer = self.runtime.block_on(async {
            match self.executor.parse(Request::new(query)) {
                Ok(parsed) => self.executor.execute(parsed, &Credential::None).await,
                Err(response) => *response,
            }
        });
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    }
}

/// The statements that write the content: every clause of an agreement waits for the one before it.
fn content(agreements: u32, clauses: u32) -> String {
    let id = || Id::<()>::new().to_string();
    let topic = id();
    let mut sql = format!(
        "BEGIN; INSERT INTO topics (id, version, slug, name) VALUES ('{topic}', 1, 'topic', 'Topic');"
    );
    for number in 0..agreements {
        let agreement = id();
        let _ = write!(
            sql,
            "INSERT INTO agreements (id, version, slug, title, short_title, kind, adoption, agreed_on, summary, confidence) \
             VALUES ('{agreement}', 1, 'a-{number}', 'Agreement', 'A {number}', 'treaty', 'Signed.', '2010-01-01', 'Peace.', 'high');"
        );
        let (mut before, mut whole): (Option<String>, Option<String>) = (None, None);
        for position in 1..=clauses {
            let clause = id();
            // Of five clauses the first is the whole, and the others are its parts.
            if position % 5 == 1 {
                whole = None;
            }
            let parent = whole.as_ref().map_or("NULL".to_owned(), |whole| format!("'{whole}'"));
            whole.get_or_insert_with(|| clause.clone());
            let _ = write!(
                sql,
                "INSERT INTO trackables (id, kind, version, status) VALUES ('{clause}', 'clause', 1, 'unassessed'); \
                 INSERT INTO clauses (id, agreement_id, parent_id, number, position, heading, summary, nature, topic_id, confidence, folded) \
                 VALUES ('{clause}', '{agreement}', {parent}, '{position}', {position}, 'Heading', 'Summary.', 'one_off', '{topic}', 'high', 'heading');"
            );
            for turn in 0..ASSESSMENTS {
                let (assessment, year, month) = (id(), 2010 + turn, 1 + (number + position) % 12);
                let status =
                    STATUSES[usize::try_from((number + position + turn) % 6).expect("small")];
                let _ = write!(
                    sql,
                    "INSERT INTO assessments (id, trackable_id, trackable_kind, status, effective_on, recorded_at, momentum, confidence, note, recorded_by, imported) \
                     VALUES ('{assessment}', '{clause}', 'clause', '{status}', '{year}-{month:02}-15', '2022-01-01 00:00:00', 'steady', 'high', 'Note.', 'bench', false);"
                );
            }
            if let Some(before) = before {
                let _ = write!(
                    sql,
                    "INSERT INTO preconditions (id, version, kind, step_id, requires_id) VALUES ('{}', 1, 'before_start', '{clause}', '{before}');",
                    id()
                );
            }
            before = Some(clause);
        }
    }
    sql + "COMMIT;"
}

/// The whole database grows.
fn data(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("data");
    group.sample_size(10);
    for (factor, agreements) in FACTORS.into_iter().zip(AGREEMENTS) {
        let world = World::new(agreements, CLAUSES);
        group.throughput(Throughput::Elements(u64::from(factor)));
        for (name, query) in [
            (
                "120 months of all agreements",
                "{ agreements(first: 200) { nodes { implementationSeries(from: \"2010-01-01\", to: \"2019-12-31\") { score } } } }",
            ),
            (
                "120 months of one agreement",
                "{ agreement(slug: \"a-0\") { implementationSeries(from: \"2010-01-01\", to: \"2019-12-31\") { score } } }",
            ),
            (
                "sequence of one agreement",
                "{ agreement(slug: \"a-0\") { sequence { stages { rank steps { reference } } keystones { reference } } } }",
            ),
        ] {
            group.bench_with_input(BenchmarkId::new(name, factor), query, |bencher, query| {
                bencher.iter(|| world.ask(query));
            });
        }
    }
}

/// One agreement grows.
fn clauses(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("clauses");
    group.sample_size(10);
    for factor in FACTORS {
        let world = World::new(1, CLAUSES * factor);
        group.throughput(Throughput::Elements(u64::from(factor)));
        for (name, query) in [
            (
                "120 months of the agreement",
                "{ agreement(slug: \"a-0\") { implementationSeries(from: \"2010-01-01\", to: \"2019-12-31\") { score } } }",
            ),
            (
                "sequence of the agreement",
                "{ agreement(slug: \"a-0\") { sequence { stages { rank steps { reference } } keystones { reference } } } }",
            ),
        ] {
            group.bench_with_input(BenchmarkId::new(name, factor), query, |bencher, query| {
                bencher.iter(|| world.ask(query));
            });
        }
    }
}

criterion_group!(growth, data, clauses);
criterion_main!(growth);
