//! Measures one database: the queries and the update, on each of the compared servers.

mod updates;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Options;
use super::accounting::Processes;
use super::cases::{CASES, Case, GROWTH};
use super::client::{self, Connection, Exchange, Timings, post};
use super::process::{self, Process};

use updates::{Updates, updated};

/// The compared servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    /// A server that returns fixed bytes.
    Fixed,
    /// The server with the hand-written queries.
    ByHand,
    /// Clausewatch without a response cache.
    Fresh,
    /// Clausewatch with a response cache, for a repeated request.
    Cached,
}

impl Contender {
    /// The name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed bytes",
            Self::ByHand => "hand-written SQL",
            Self::Fresh => "fresh",
            Self::Cached => "cached",
        }
    }
}

/// The measured cost of a case on a server.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// The CPU time of the server and the database per request, in microseconds.
    pub cpu: f64,
    /// Requests per second.
    pub rate: f64,
    /// The median latency, in microseconds.
    pub p50: u32,
    /// The 99th percentile of the latency, in microseconds.
    pub p99: u32,
    /// The server's peak memory, in bytes.
    pub peak: u64,
}

/// The figures of a case.
pub struct Outcome {
    /// The short name of the case.
    pub key: &'static str,
    /// The description of the case.
    pub title: &'static str,
    /// The size of a response in bytes.
    pub bytes: usize,
    /// The best run of each server.
    pub figures: Vec<(Contender, Figures)>,
}

impl Outcome {
    /// The figures of a server, if it was measured.
    pub fn of(&self, contender: Contender) -> Option<&Figures> {
        self.figures.iter().find(|(other, _)| *other == contender).map(|(_, figures)| figures)
    }
}

/// The servers of one database.
pub struct Servers<'a> {
    options: &'a Options,
    folder: &'a Path,
    url: &'a str,
    postgres: Option<u32>,
    /// Clausewatch without a response cache.
    pub fresh: Process,
    by_hand: Process,
    cached: Option<Process>,
    /// The admin's access token.
    pub token: String,
}

/// A server and its requests.
struct Contest<'a> {
    contender: Contender,
    process: &'a Process,
    /// The requests of each connection.
    exchanges: Vec<&'a [Exchange]>,
}

impl<'a> Contest<'a> {
    /// A server for which each connection has its own requests.
    fn new(contender: Contender, process: &'a Process, exchanges: &'a [Vec<Exchange>]) -> Self {
        Self { contender, process, exchanges: exchanges.iter().map(Vec::as_slice).collect() }
    }
}

impl<'a> Servers<'a> {
    /// Starts the servers on a database.
    ///
    /// # Errors
    /// If a server does not start.
    pub fn start(
        options: &'a Options,
        folder: &'a Path,
        url: &'a str,
        postgres: Option<u32>,
    ) -> anyhow::Result<Self> {
        let has_cache = has_response_cache()?;
        let fresh =
            Process::start(serve(url, has_cache.then_some("0")), &folder.join("fresh.log"))?;
        let mut command = process::this_program()?;
        command.args(["--by-hand", url]);
        let by_hand = Process::start(command, &folder.join("by-hand.log"))?;
        let cached = has_cache
            .then(|| Process::start(serve(url, Some("64MB")), &folder.join("cached.log")))
            .transpose()?;
        let token = fresh.token.clone().context("the first start must print a token")?;
        Ok(Self { options, folder, url, postgres, fresh, by_hand, cached, token })
    }

    /// The processes of a server, to measure their CPU time and memory.
    pub fn processes(&self, process: &Process) -> Processes {
        Processes { server: process.id(), postgres: self.postgres }
    }

    /// Whether this version has a response cache.
    pub fn has_cache(&self) -> bool {
        self.cached.is_some()
    }

    /// Measures the selected queries. Growth queries are measured only if there are several sizes.
    ///
    /// # Errors
    /// If a response is wrong.
    pub fn queries(&self) -> anyhow::Result<Vec<Outcome>> {
        let growth: &[Case] = if self.options.sizes.len() > 1 { &GROWTH } else { &[] };
        let cases = CASES.iter().chain(growth).filter(|case| self.options.has(case.key));
        let answers = self.folder.join("answers");
        fs::create_dir_all(&answers)?;
        let mut prepared = Vec::new();
        for case in cases {
            let exchanges = self.exchanges(case)?;
            fs::write(
                answers.join(case.key),
                &exchanges.first().context("there are no requests")?.fresh.answer,
            )?;
            prepared.push((case, exchanges));
        }
        let mut command = process::this_program()?;
        command.arg("--fixed").arg(&answers);
        let fixed = Process::start(command, &self.folder.join("fixed.log"))?;
        prepared.iter().map(|(case, exchanges)| self.query(case, exchanges, &fixed)).collect()
    }

    fn query(&self, case: &Case, exchanges: &[Pair], fixed: &Process) -> anyhow::Result<Outcome> {
        let first = &exchanges.first().context("there are no requests")?.fresh;
        let body = case.body(case.variables().first().context("there are no variables")?);
        let request = post(&format!("/{}", case.key), &body, None);
        let of_fixed = [Exchange { request, answer: first.answer.clone() }];
        let of_fresh: Vec<Exchange> = exchanges.iter().map(|pair| pair.fresh.clone()).collect();
        let of_hand: Vec<Exchange> =
            exchanges.iter().filter_map(|pair| pair.by_hand.clone()).collect();
        let everywhere = |exchanges| vec![exchanges; self.options.connections];
        let mut contests = vec![Contest {
            contender: Contender::Fixed,
            process: fixed,
            exchanges: everywhere(&of_fixed[..]),
        }];
        if !of_hand.is_empty() {
            contests.push(Contest {
                contender: Contender::ByHand,
                process: &self.by_hand,
                exchanges: everywhere(&of_hand[..]),
            });
        }
        contests.push(Contest {
            contender: Contender::Fresh,
            process: &self.fresh,
            exchanges: everywhere(&of_fresh[..]),
        });
        if let Some(cached) = &self.cached {
            contests.push(Contest {
                contender: Contender::Cached,
                process: cached,
                exchanges: everywhere(of_fresh.get(..1).unwrap_or_default()),
            });
        }
        let figures = self.best(&contests)?.0;
        Ok(Outcome { key: case.key, title: case.title, bytes: first.answer.len(), figures })
    }

    /// The requests of a case and their responses. The server and the hand-written implementation must return the same
    /// response to each request.
    fn exchanges(&self, case: &Case) -> anyhow::Result<Vec<Pair>> {
        let mut server = Connection::open(self.fresh.address)?;
        let mut by_hand = Connection::open(self.by_hand.address)?;
        let mut pairs = Vec::new();
        for variables in case.variables() {
            let request = post("/graphql", &case.body(&variables), None);
            let asked = || format!("{} with {variables}", case.document);
            let answer = server.send(&request).with_context(asked)?.to_vec();
            let value: Value = serde_json::from_slice(&answer)?;
            ensure!(
                value.get("errors").is_none(),
                "{} with {variables} returned {value:#}",
                case.document
            );
            let hand = match case.by_hand {
                Some(query) => {
                    let request = post(&format!("/{query}"), &variables.to_string(), None);
                    let answer = by_hand
                        .send(&request)
                        .with_context(|| format!("hand-written {query} with {variables}"))?
                        .to_vec();
                    let by_hand: Value = serde_json::from_slice(&answer)?;
                    ensure!(
                        by_hand == value,
                        "{} with {variables} returned\n{value:#}\nand the hand-written query\n{by_hand:#}",
                        case.document
                    );
                    Some(Exchange { request, answer })
                }
                None => None,
            };
            if Case::count_rows(&value) >= case.rows {
                pairs.push(Pair { fresh: Exchange { request, answer }, by_hand: hand });
            }
        }
        ensure!(!pairs.is_empty(), "no response to {} has {} rows", case.document, case.rows);
        Ok(pairs)
    }

    /// Measures the servers in turn. Returns, for each server, the run with the least CPU time. Also returns the total
    /// number of requests.
    fn best(&self, contests: &[Contest<'_>]) -> anyhow::Result<(Vec<(Contender, Figures)>, usize)> {
        let mut best: Vec<(Contender, Figures)> = Vec::new();
        let mut answered = 0;
        for _ in 0..self.options.runs {
            for contest in contests {
                let processes = self.processes(contest.process);
                processes.reset_peak();
                let duration = Duration::from_secs(self.options.seconds);
                let (timings, before, after) =
                    client::run(contest.process.address, &contest.exchanges, duration, || {
                        processes.cpu()
                    })
                    .with_context(|| format!("the server “{}”", contest.contender.name()))?;
                answered += timings.answered;
                let figures = figures(&timings, after.saturating_sub(before), processes.peak()?);
                match best.iter_mut().find(|(contender, _)| *contender == contest.contender) {
                    Some((_, best)) if best.cpu <= figures.cpu => {}
                    Some((_, best)) => *best = figures,
                    None => best.push((contest.contender, figures)),
                }
            }
        }
        Ok((best, answered))
    }

    /// Measures an update that records a status for a clause. Afterwards the database must contain a row and a change log
    /// entry for each acknowledged update, and must pass the integrity check.
    ///
    /// # Errors
    /// If an update fails or is missing in the database.
    pub fn update(&self) -> anyhow::Result<Outcome> {
        let clauses: Vec<(String, String, String)> = self.read_by_hand("all-clauses")?;
        ensure!(
            clauses.len() >= self.options.connections,
            "there are fewer clauses than connections"
        );
        let ids = self.global_ids(&clauses)?;
        let before = self.written()?;
        let updates = Updates { clauses: &clauses, ids: &ids, token: &self.token };
        let connections = self.options.connections;
        let of_hand = updates.exchanges(Contender::ByHand, connections);
        let of_fresh = updates.exchanges(Contender::Fresh, connections);
        let contests = [
            Contest::new(Contender::ByHand, &self.by_hand, &of_hand),
            Contest::new(Contender::Fresh, &self.fresh, &of_fresh),
        ];
        let (figures, answered) = self.best(&contests)?;
        let after = self.written()?;
        let answered = i64::try_from(answered)?;
        ensure!(
            (after.0 - before.0, after.1 - before.1) == (answered, answered),
            "{answered} updates were acknowledged; assessments and log went from {before:?} to {after:?}"
        );
        Ok(Outcome {
            key: "update",
            title: "a status is recorded for a clause",
            bytes: updated("COMPLETE").len(),
            figures,
        })
    }

    /// The number of assessments, and the position of the last change in the change log.
    fn written(&self) -> anyhow::Result<(i64, i64)> {
        self.read_by_hand("written")
    }

    /// Runs a hand-written query without parameters, and returns its response.
    fn read_by_hand<T: DeserializeOwned>(&self, query: &str) -> anyhow::Result<T> {
        // Opens a new connection, because the server closes idle ones.
        let mut by_hand = Connection::open(self.by_hand.address)?;
        Ok(serde_json::from_slice(by_hand.send(&post(&format!("/{query}"), "{}", None))?)?)
    }

    /// The API ids of clauses.
    fn global_ids(&self, clauses: &[(String, String, String)]) -> anyhow::Result<Vec<String>> {
        let mut server = Connection::open(self.fresh.address)?;
        let document = "query($agreement: String!, $number: String!) { clause(agreement: $agreement, number: $number) { id } }";
        clauses
            .iter()
            .map(|(agreement, number, _)| {
                let variables = json!({ "agreement": agreement, "number": number });
                let body = json!({ "query": document, "variables": variables }).to_string();
                let answer: Value =
                    serde_json::from_slice(server.send(&post("/graphql", &body, None))?)?;
                let id = answer.pointer("/data/clause/id").and_then(Value::as_str);
                Ok(id.with_context(|| format!("{agreement}/{number}: {answer}"))?.to_owned())
            })
            .collect()
    }

    /// Runs the program's integrity check on the database.
    ///
    /// # Errors
    /// If the check finds a fault.
    pub fn check(&self) -> anyhow::Result<()> {
        let mut command = process::program();
        command.args(["check", "--database-url", self.url]);
        process::finish(command)
    }
}

/// A request to the server, and the equivalent request to the hand-written implementation.
struct Pair {
    fresh: Exchange,
    by_hand: Option<Exchange>,
}

fn figures(timings: &Timings, cpu: Duration, peak: u64) -> Figures {
    let requests = timings.requests();
    // The number is far below the largest integer that a double represents exactly.
    let number = f64::from(u32::try_from(requests).unwrap_or(u32::MAX));
    Figures {
        cpu: cpu.as_secs_f64() * 1e6 / number,
        rate: number / timings.elapsed.as_secs_f64(),
        p50: timings.percentile(50),
        p99: timings.percentile(99),
        peak,
    }
}

/// The command that serves a database. It has the settings of a new installation, except for higher limits per client.
fn serve(url: &str, response_cache: Option<&str>) -> Command {
    let mut command = process::program();
    command.args(["serve", "--bind", "127.0.0.1:0", "--no-sample", "--database-url", url]);
    command.args(["--rate-per-address", "0", "--rate-per-token", "0"]);
    command.args(["--max-sockets", "5000", "--max-sockets-per-address", "5000"]);
    if let Some(size) = response_cache {
        command.args(["--response-cache", size]);
    }
    command
}

/// Whether this version has a response cache.
fn has_response_cache() -> anyhow::Result<bool> {
    let output = process::program().args(["serve", "--help"]).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).contains("--response-cache"))
}
