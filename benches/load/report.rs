//! Prints the results: absolute values, ratios and targets.

use std::io::Write as _;

use super::cases::{CACHED, CASES, DELIVERY, PEAK, Targets, UPDATE};
use super::database::Engine;
use super::measure::{Contender, Figures, Outcome};
use super::{data, fan_out, files, import};

/// Prints a line.
///
/// # Errors
/// If the output is closed.
pub fn line(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Prints the header of the table of queries.
///
/// # Errors
/// If the output is closed.
pub fn head(title: &str) -> anyhow::Result<()> {
    line(&format!("\n{title}\n"))?;
    line(
        "| | server | bytes | CPU µs | requests/s | p50 ms | p99 ms | peak MB | ratio | limit | goal | |",
    )?;
    line("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|")
}

/// Prints the results of a case.
///
/// # Errors
/// If the output is closed.
pub fn outcome(engine: Engine, outcome: &Outcome, has_cache: bool) -> anyhow::Result<()> {
    let case = CASES.iter().find(|case| case.key == outcome.key);
    for (contender, figures) in &outcome.figures {
        let (to, target) = match contender {
            Contender::Fixed | Contender::ByHand => (None, None),
            Contender::Fresh => {
                let target = case.and_then(|case| target(case.targets, engine));
                let update = (outcome.key == "update").then_some((UPDATE, UPDATE));
                (outcome.of(Contender::ByHand), target.or(update))
            }
            Contender::Cached => (outcome.of(Contender::Fixed), Some(CACHED)),
        };
        let ratio = to.map(|to| figures.cpu / to.cpu);
        row(outcome, *contender, figures, ratio, target)?;
    }
    if case.is_some() && !has_cache {
        line(&format!(
            "| {} | cached | not available: this version has no --response-cache | | | | | | | {} | {} | |",
            outcome.key, CACHED.0, CACHED.1
        ))?;
    }
    if let Some(fresh) = outcome.of(Contender::Fresh).filter(|_| outcome.key == "Q3") {
        let verdict = verdict(fresh.peak <= PEAK);
        line(&format!(
            "| Q3 | peak memory | | | | | | {} | | {} | | {verdict} |",
            megabytes(fresh.peak),
            megabytes(PEAK)
        ))?;
    }
    Ok(())
}

fn target(targets: Targets, engine: Engine) -> Option<(f64, f64)> {
    match engine {
        Engine::Sqlite => targets.sqlite,
        Engine::Postgres => targets.postgres,
    }
}

fn row(
    outcome: &Outcome,
    contender: Contender,
    figures: &Figures,
    ratio: Option<f64>,
    target: Option<(f64, f64)>,
) -> anyhow::Result<()> {
    let ratio_text = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
    let (limit, goal) =
        target.map(|(limit, goal)| (limit.to_string(), goal.to_string())).unwrap_or_default();
    let verdict = match (ratio, target) {
        (Some(ratio), Some((limit, _))) => verdict(ratio <= limit),
        _ => "",
    };
    line(&format!(
        "| {} | {} | {} | {:.0} | {:.0} | {} | {} | {} | {ratio_text} | {limit} | {goal} | {verdict} |",
        outcome.key,
        contender.name(),
        outcome.bytes,
        figures.cpu,
        figures.rate,
        milliseconds(figures.p50),
        milliseconds(figures.p99),
        megabytes(figures.peak),
    ))
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
}

fn milliseconds(microseconds: u32) -> String {
    format!("{:.2}", f64::from(microseconds) / 1e3)
}

fn megabytes(bytes: u64) -> String {
    (bytes / (1024 * 1024)).to_string()
}

/// Prints the results of a fan-out.
///
/// # Errors
/// If the output is closed.
pub fn fan_out(outcome: &fan_out::Outcome) -> anyhow::Result<()> {
    line(&format!(
        "\nFan-out to {} subscribers, 10 changes a second for 10 s: {:.0} µs of CPU per delivery (limit {DELIVERY}: {}), \
         p50 {} ms, p99 {} ms, {} delivered, {} lost, peak {} MB",
        outcome.subscribers,
        outcome.cpu,
        verdict(outcome.cpu <= DELIVERY && outcome.lost == 0),
        milliseconds(outcome.p50),
        milliseconds(outcome.p99),
        outcome.delivered,
        outcome.lost,
        megabytes(outcome.peak),
    ))
}

/// Prints the results of exports and commands.
///
/// # Errors
/// If the output is closed.
pub fn files<'a>(
    engine: Engine,
    size: u32,
    outcomes: impl Iterator<Item = &'a files::Outcome>,
) -> anyhow::Result<()> {
    let agreements = data::AGREEMENTS * size;
    line(&format!("\nFiles, {}, {agreements} agreements\n", engine.name()))?;
    line("| export or command | rows | MB | seconds | rows/s | peak MB |")?;
    line("|---|--:|--:|--:|--:|--:|")?;
    for files::Outcome { name, rows, bytes, elapsed, peak } in outcomes {
        let seconds = elapsed.as_secs_f64();
        let rate = f64::from(u32::try_from(*rows)?) / seconds;
        let (size, peak) = (megabytes(*bytes), megabytes(*peak));
        line(&format!("| {name} | {rows} | {size} | {seconds:.1} | {rate:.0} | {peak} |"))?;
    }
    Ok(())
}

/// Prints the results of the imports. Each engine must have the same sizes, smallest first.
///
/// # Errors
/// If the output is closed.
pub fn imports(imports: &[(Engine, import::Outcome)]) -> anyhow::Result<()> {
    line("\nImport\n")?;
    line(
        "| database | agreements | seconds | CPU s | × half the data (limit 2.2) | × SQLite (limit 3) |",
    )?;
    line("|---|--:|--:|--:|--:|--:|")?;
    for (engine, outcome) in imports {
        let find = |engine: Engine, agreements: u32| {
            let import = imports
                .iter()
                .find(|(other, outcome)| *other == engine && outcome.agreements == agreements);
            import.map(|(_, outcome)| outcome.elapsed)
        };
        let ratio = |other: Option<std::time::Duration>| {
            let ratio = other.map(|other| outcome.elapsed.as_secs_f64() / other.as_secs_f64());
            ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default()
        };
        let half =
            if outcome.agreements % 2 == 0 { find(*engine, outcome.agreements / 2) } else { None };
        let sqlite = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => find(Engine::Sqlite, outcome.agreements),
        };
        line(&format!(
            "| {} | {} | {:.1} | {:.1} | {} | {} |",
            engine.name(),
            outcome.agreements,
            outcome.elapsed.as_secs_f64(),
            outcome.cpu.as_secs_f64(),
            ratio(half),
            ratio(sqlite),
        ))?;
    }
    Ok(())
}

/// Prints how the CPU time of uncached responses grows with the size of the data.
///
/// # Errors
/// If the output is closed.
pub fn growth(measured: &[(Engine, u32, Vec<Outcome>)]) -> anyhow::Result<()> {
    line("\nGrowth: CPU µs per request, and as a multiple of that at the smallest size\n")?;
    line("| database | | case | agreements | CPU µs | × smallest | by hand, CPU µs |")?;
    line("|---|---|---|--:|--:|--:|--:|")?;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let sizes: Vec<_> = measured.iter().filter(|(other, ..)| *other == engine).collect();
        let Some((_, _, smallest)) = sizes.first() else { continue };
        for base in smallest {
            for (_, size, outcomes) in &sizes {
                let outcome = outcomes.iter().find(|outcome| outcome.key == base.key);
                let Some((outcome, fresh)) =
                    outcome.and_then(|outcome| Some((outcome, outcome.of(Contender::Fresh)?)))
                else {
                    continue;
                };
                let times = base.of(Contender::Fresh).map(|base| fresh.cpu / base.cpu);
                let by_hand =
                    outcome.of(Contender::ByHand).map(|figures| format!("{:.0}", figures.cpu));
                line(&format!(
                    "| {} | {} | {} | {} | {:.0} | {:.2} | {} |",
                    engine.name(),
                    base.key,
                    base.title,
                    data::AGREEMENTS * size,
                    fresh.cpu,
                    times.unwrap_or(1.0),
                    by_hand.unwrap_or_default(),
                ))?;
            }
        }
    }
    Ok(())
}
