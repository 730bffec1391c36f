//! Measures queries, updates, imports and subscriptions. The same run also measures equivalent hand-written SQL.
//!
//! Run it with `cargo bench --bench load`. docs/PERFORMANCE.md explains the results.

mod accounting;
mod by_hand;
mod cases;
mod client;
mod data;
mod database;
mod fan_out;
mod files;
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

/// Compares Clausewatch with hand-written SQL and with a server that returns fixed bytes, on one machine in one run.
#[derive(Debug, Parser)]
struct Options {
    /// The databases to measure. Default: both.
    #[arg(long = "database", value_enum, value_delimiter = ',')]
    databases: Vec<Engine>,

    /// The cases to measure: Q1 to Q5, G1 to G3 (with several sizes), update, fan-out, files, import. Default: all.
    #[arg(long, value_delimiter = ',')]
    cases: Vec<String>,

    /// The sizes of the data, as multiples of 200 agreements. Updates, fan-out and imports are measured with the first
    /// size.
    #[arg(long, value_delimiter = ',', default_value = "1")]
    sizes: Vec<u32>,

    /// The duration of each run in seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u64,

    /// The number of runs for each server. Only the run with the least CPU time is reported.
    #[arg(long, default_value_t = 3)]
    runs: u32,

    /// The number of connections that send requests at the same time.
    #[arg(long, default_value_t = 16)]
    connections: usize,

    /// The number of subscribers in the fan-out.
    #[arg(long, default_value_t = 500)]
    subscribers: u32,

    /// The number of agreements in the first import. The second import has twice as many.
    #[arg(long, default_value_t = 25)]
    import_agreements: u32,

    /// Run as the server with the hand-written queries, on this database.
    #[arg(long, hide = true, value_name = "DATABASE")]
    by_hand: Option<String>,

    /// Run as the server that returns the files in this folder.
    #[arg(long, hide = true, value_name = "FOLDER")]
    fixed: Option<PathBuf>,

    /// The argument that cargo passes to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    /// Whether a case is selected.
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
        anyhow::bail!("unknown case {case}; `--help` lists the cases");
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
        report::line(&format!("\n{name}: NOT MEASURED, because it is not installed"))?;
    }
    anyhow::ensure!(missing.is_empty(), "not everything was measured");
    Ok(())
}

/// Whether a case with this name exists.
fn is_known(name: &str) -> bool {
    let queries = CASES.iter().chain(&GROWTH).map(|case| case.key);
    queries
        .chain(["update", "fan-out", "files", "import"])
        .any(|case| case.eq_ignore_ascii_case(name))
}

/// Creates a dump of the data set of size 1. Imports the dossiers, and dumps the database.
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

/// Loads the data in the given size and measures all selected cases.
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
        if options.has("files") {
            let exports = files::exports(&servers.fresh, &servers.processes(&servers.fresh))?;
            let empty = databases.create("files")?;
            let commands = files::commands(&url, &empty, folder, size)?;
            databases.remove("files")?;
            report::files(engine, size, exports.iter().chain(&commands))?;
        }
        servers.check()?;
    }
    drop(servers);
    databases.remove(&name)?;
    Ok(outcomes)
}
