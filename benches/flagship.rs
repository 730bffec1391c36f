//! Runs the flagship queries on the sample dossiers and prints statements, rows and time per query.
//!
//! `cargo bench --bench flagship`, or with `DATABASE_URL` naming a PostgreSQL database that the sample is loaded into.
//! Times are of one client in this process, without HTTP; only ratios within one run mean anything.

#![expect(clippy::print_stdout, reason = "the figures are its output")]

use std::time::{Duration, Instant};

use async_graphql::{Request, Value};
use clausewatch::db::{Access, Db, Location};
use clausewatch::domain::viewer::{Credential, Editor};
use clausewatch::dossier;
use clausewatch::graphql::Executor;

/// The flagship queries, by name.
const QUERIES: [(&str, &str); 5] = [
    ("one agreement", r#"{ agreement(slug: "minsk-2") { id title agreedOn } }"#),
    (
        "one agreement, its clauses",
        r#"{ agreement(slug: "minsk-2") { title clauses { nodes { number heading status statusSince } } } }"#,
    ),
    (
        "agreements, clauses, last 3 assessments, parties",
        "{ agreements { nodes { title clauses { nodes { number status \
         assessments(first: 3) { nodes { status effectiveOn } } obligations { role party { name } } } } } } }",
    ),
    (
        "filtered and ordered list of 50",
        "{ clauses(filter: { status: [BREACHED, PARTIAL] }, orderBy: { field: STATUS_SINCE, direction: DESC }) \
         { nodes { number heading status statusSince } } }",
    ),
    (
        "counts by status",
        "{ breached: clauses(first: 0, filter: { status: [BREACHED] }) { totalCount } \
         partial: clauses(first: 0, filter: { status: [PARTIAL] }) { totalCount } \
         void: clauses(first: 0, filter: { status: [VOID] }) { totalCount } }",
    ),
];

/// How long each query is repeated.
const MEASURED: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let file = format!("sqlite:{}", directory.path().join("bench.db").display());
    let url =
        std::env::vars().find(|(name, _)| name == "DATABASE_URL").map_or(file, |(_, url)| url);
    let db = Db::open(&Location::parse(&url).map_err(anyhow::Error::msg)?, 4)?;
    dossier::import(&mut db.session(Access::Write)?, &Editor::operator(), &dossier::embedded())?;
    let executor = Executor::new(db.clone(), false);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;

    println!("{:<50} {:>10} {:>8} {:>12}", "query", "statements", "rows", "µs per query");
    for (name, query) in QUERIES {
        let before = db.statements();
        let answer = runtime.block_on(run(&executor, query));
        anyhow::ensure!(answer.errors.is_empty(), "{name}: {:?}", answer.errors);
        let statements = db.statements() - before;
        let (began, mut times) = (Instant::now(), 0u32);
        while began.elapsed() < MEASURED {
            runtime.block_on(run(&executor, query));
            times += 1;
        }
        let each = began.elapsed() / times;
        println!(
            "{name:<50} {statements:>10} {:>8} {:>12}",
            objects(&answer.data),
            each.as_micros()
        );
    }
    Ok(())
}

async fn run(executor: &Executor, query: &str) -> async_graphql::Response {
    match executor.parse(Request::new(query)) {
        Ok(parsed) => executor.execute(parsed, &Credential::None).await,
        Err(response) => *response,
    }
}

/// How many objects an answer holds, lists apart.
fn objects(value: &Value) -> usize {
    match value {
        Value::List(items) => items.iter().map(objects).sum(),
        Value::Object(fields) => 1 + fields.values().map(objects).sum::<usize>(),
        _ => 0,
    }
}
