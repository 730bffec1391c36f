//! What queries, updates, imports and subscriptions cost, compared within one run with the same work by hand.
//!
//! `cargo bench --bench load`; docs/PERFORMANCE.md says what the figures mean.

mod accounting;
mod by_hand;
mod cases;
mod client;
mod data;
mod database;
mod fan_out;
mod fixed;
mod import;
mod measure;
mod multiply;
mod process;
mod report;

use std::fs;
use std::path::{Path, PathBuf};

use cases::{CASES, GROWTH};
use clap::Parser;
use database::{Databases, Engine};
use measure::Servers;

/// Compares this server with SQL by hand and with fixed bytes, on the same machine in the same run.
#[derive(Debug, Parser)]
struct Options {
    /// The databases to measure; both where left out.
    #[arg(long = "database", value_enum, value_delimiter = ',')]
    databases: Vec<Engine>,

    /// What to measure: Q1 to Q5, G1 to G3 (with several sizes), update, fan-out, import; all of it where left out.
    #[arg(long, value_delimiter = ',')]
    cases: Vec<String>,

    /// The sizes of the data, as multiples of 200 agreements. Updates, fan-out and imports are measured with the first.
    #[arg(long, value_delimiter = ',', default_value = "1")]
    sizes: Vec<u32>,

    /// How many seconds each run takes.
    #[arg(long, default_value_t = 3)]
    seconds: u64,

    /// How many runs each server has; the one that took the least CPU time counts.
    #[arg(long, default_value_t = 3)]
    runs: u32,

    /// How many connections send requests at the same time.
    #[arg(long, default_value_t = 16)]
    connections: usize,

    /// How many subscribers the fan-out has.
    #[arg(long, default_value_t = 500)]
    subscribers: u32,

    /// How many agreements are imported first; twice as many come after.
    #[arg(long, default_value_t = 25)]
    import_agreements: u32,

    /// Be the server that does by hand what the queries ask of this database.
    #[arg(long, hide = true, value_name = "DATABASE")]
    by_hand: Option<String>,

    /// Be the server that returns the files of this folder.
    #[arg(long, hide = true, value_name = "FOLDER")]
    fixed: Option<PathBuf>,

    /// What cargo passes to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// Whether a case is asked for.
    fn has(&self, key: &str) -> bool {
        self.cases.is_empty() || self.cases.iter().any(|case| case.eq_ignore_ascii_case(key))
    }
}

fn main() -> anyhow::Result<()> {
    let mut options = Options::parse();
    if let Some(url) = &options.by_hand {
        return by_hand::serve(url);
    }
    if let Some(answers) = &options.fixed {
        return fixed::serve(answers);
    }
    if let Some(case) = options.cases.iter().find(|case| !is_known(case)) {
        anyhow::bail!("there is no case {case}; `--help` names them");
    }
    if options.databases.is_empty() {
        options.databases = vec![Engine::Sqlite, Engine::Postgres];
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let dump = make_dump(folder.path())?;
    let mut growth = Vec::new();
    let mut imports = Vec::new();
    let mut missing = Vec::new();
    for engine in &options.databases {
        if *engine == Engine::Postgres && !database::has_postgres() {
            missing.push(engine.name());
            continue;
        }
        let databases = Databases::new(*engine, folder.path())?;
        for size in &options.sizes {
            growth.push((
                *engine,
                *size,
                measure(&options, &databases, folder.path(), &dump, *size)?,
            ));
        }
        if options.has("import") {
            for agreements in [options.import_agreements, options.import_agreements * 2] {
                let name = format!("import_{agreements}");
                let url = databases.create(&name)?;
                let outcome = import::import(&databases, &url, folder.path(), agreements)?;
                databases.remove(&name)?;
                imports.push((*engine, outcome));
            }
        }
    }
    if !imports.is_empty() {
        report::imports(&imports)?;
    }
    if options.sizes.len() > 1 {
        report::growth(&growth)?;
    }
    for name in &missing {
        report::line(&format!("\n{name}: NOT MEASURED, as it is not installed here"))?;
    }
    anyhow::ensure!(missing.is_empty(), "not everything was measured");
    Ok(())
}

/// Whether there is a case of that name.
fn is_known(name: &str) -> bool {
    let queries = CASES.iter().chain(&GROWTH).map(|case| case.key);
    queries.chain(["update", "fan-out", "import"]).any(|case| case.eq_ignore_ascii_case(name))
}

/// Makes a dump of the data set of size 1: imports the dossiers, and dumps what came of them.
fn make_dump(folder: &Path) -> anyhow::Result<PathBuf> {
    let databases = Databases::Sqlite(folder);
    let url = databases.create("import")?;
    let outcome = import::import(&databases, &url, folder, data::AGREEMENTS)?;
    report::line(&format!(
        "{} agreements, {} clauses and {} assessments were imported into SQLite in {:.1} s ({:.1} s of CPU)",
        data::AGREEMENTS,
        data::AGREEMENTS * data::CLAUSES,
        data::AGREEMENTS * data::CLAUSES * data::ASSESSMENTS,
        outcome.elapsed.as_secs_f64(),
        outcome.cpu.as_secs_f64(),
    ))?;
    let dump = folder.join("dump.jsonl");
    let mut command = process::program();
    command.args(["dump", "--database-url", &url]).arg(&dump);
    process::finish(command)?;
    databases.remove("import")?;
    Ok(dump)
}

/// Loads the data in a size and measures everything that is asked for.
fn measure(
    options: &Options,
    databases: &Databases<'_>,
    folder: &Path,
    dump: &Path,
    size: u32,
) -> anyhow::Result<Vec<measure::Outcome>> {
    let name = format!("size_{size}");
    let url = databases.create(&name)?;
    let multiplied = folder.join("multiplied.jsonl");
    multiply::multiply(dump, &multiplied, size)?;
    let mut command = process::program();
    command.args(["load", "--database-url", &url]).arg(&multiplied);
    process::finish(command)?;
    fs::remove_file(&multiplied)?;
    databases.analyze(&url)?;

    let engine = databases.engine();
    let servers = Servers::start(options, folder, &url, databases.process())?;
    let outcomes = servers.queries()?;
    if !outcomes.is_empty() || options.has("update") {
        report::head(&format!(
            "{}, {} agreements, {} connections, best of {} runs of {} s",
            engine.name(),
            data::AGREEMENTS * size,
            options.connections,
            options.runs,
            options.seconds,
        ))?;
    }
    for outcome in &outcomes {
        report::outcome(engine, outcome, servers.has_cache())?;
    }
    if options.sizes.first() == Some(&size) {
        if options.has("update") {
            report::outcome(engine, &servers.update()?, servers.has_cache())?;
        }
        if options.has("fan-out") {
            report::fan_out(&fan_out::measure(&servers, options.subscribers)?)?;
        }
        servers.check()?;
    }
    drop(servers);
    databases.remove(&name)?;
    Ok(outcomes)
}
