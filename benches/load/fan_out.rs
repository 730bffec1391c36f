//! Measures the fan-out: many clients have the same subscription, and changes are made at a constant rate.

use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{Message, WebSocket};

use super::accounting::Processes;
use super::cases::{SUBSCRIPTION, UPDATE_DOCUMENT};
use super::client::{Connection, percentile, post};
use super::measure::Servers;

/// The number of changes during the measurement.
const CHANGES: u32 = 100;
/// The time between two changes.
const INTERVAL: Duration = Duration::from_millis(100);
/// The time limit for the delivery of a change. After that, the change counts as lost.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The stack size of a subscriber's thread. Hundreds of threads with the default size would use much memory.
const STACK: usize = 256 * 1024;

/// The measured values.
pub struct Outcome {
    /// The number of subscribers.
    pub subscribers: u32,
    /// The number of delivered changes, over all subscribers.
    pub delivered: usize,
    /// The number of changes that were not delivered.
    pub lost: usize,
    /// The CPU time of the server and the database per delivery, in microseconds. Includes the CPU time of making the
    /// changes.
    pub cpu: f64,
    /// The median time from sending a change to its delivery, in microseconds.
    pub p50: u32,
    /// The 99th percentile of the time from sending a change to its delivery, in microseconds.
    pub p99: u32,
    /// The server's peak memory, in bytes.
    pub peak: u64,
}

/// Subscribes, makes changes and measures their delivery.
///
/// # Errors
/// If a subscription or a change fails.
pub fn measure(servers: &Servers<'_>, subscribers: u32) -> anyhow::Result<Outcome> {
    let processes = servers.processes(&servers.fresh);
    let changes = Changes::new(servers)?;
    let (ready, is_ready) = mpsc::channel();
    let (arrived, arrivals) = mpsc::channel();
    for _ in 0..subscribers {
        let mut subscriber = Subscriber::open(servers)?;
        let (ready, arrived) = (ready.clone(), arrived.clone());
        thread::Builder::new().stack_size(STACK).spawn(move || {
            // The first change shows the subscriber that its subscription is active.
            let outcome = subscriber.next().map(drop);
            let runs = outcome.is_ok();
            let _ = ready.send(outcome);
            // The receiver waits until all senders are dropped.
            drop(ready);
            if runs {
                let _ = arrived.send(subscriber.rest());
            }
        })?;
    }
    drop((ready, arrived));
    // The protocol does not acknowledge subscriptions, so wait until all have probably started.
    thread::sleep(Duration::from_secs(2));
    changes.make(0)?;
    for outcome in is_ready {
        outcome.context("a subscriber did not receive the first change")?;
    }
    processes.reset_peak();
    let before = processes.cpu()?;
    let mut sent = Vec::new();
    let began = Instant::now();
    for number in 1..=CHANGES {
        let due = INTERVAL * (number - 1);
        thread::sleep(due.saturating_sub(began.elapsed()));
        sent.push(Instant::now());
        changes.make(number)?;
    }
    let received: Vec<Vec<(u32, Instant)>> = arrivals.iter().collect();
    outcome(&processes, before, subscribers, &sent, &received)
}

fn outcome(
    processes: &Processes,
    before: Duration,
    subscribers: u32,
    sent: &[Instant],
    received: &[Vec<(u32, Instant)>],
) -> anyhow::Result<Outcome> {
    let cpu = processes.cpu()?.saturating_sub(before);
    let mut latencies = Vec::new();
    for events in received {
        ensure!(events.is_sorted_by_key(|(number, _)| *number), "changes arrived out of order");
        for (number, arrival) in events {
            let index = usize::try_from(*number)?
                .checked_sub(1)
                .context("the change has an invalid number")?;
            let sent = sent.get(index).context("the change was not sent")?;
            latencies.push(u32::try_from(arrival.duration_since(*sent).as_micros())?);
        }
    }
    latencies.sort_unstable();
    let expected = usize::try_from(subscribers * CHANGES)?;
    let deliveries = f64::from(u32::try_from(latencies.len())?);
    Ok(Outcome {
        subscribers,
        delivered: latencies.len(),
        lost: expected
            .checked_sub(latencies.len())
            .context("more changes arrived than were sent")?,
        cpu: cpu.as_secs_f64() * 1e6 / deliveries,
        p50: percentile(&latencies, 50),
        p99: percentile(&latencies, 99),
        peak: processes.peak()?,
    })
}

/// Makes changes by recording statuses of one clause.
struct Changes {
    address: SocketAddr,
    token: String,
    clause: String,
}

impl Changes {
    fn new(servers: &Servers<'_>) -> anyhow::Result<Self> {
        let address = servers.fresh.address;
        let mut connection = Connection::open(address)?;
        let query = json!({ "query": "{ clauses(first: 1) { nodes { id } } }" }).to_string();
        let answer: Value =
            serde_json::from_slice(connection.send(&post("/graphql", &query, None))?)?;
        let clause = answer.pointer("/data/clauses/nodes/0/id").and_then(Value::as_str);
        let clause = clause.context("there are no clauses")?.to_owned();
        Ok(Self { address, token: servers.token.clone(), clause })
    }

    /// Makes the change with this number. Its note contains the number.
    fn make(&self, number: u32) -> anyhow::Result<()> {
        let input = json!({
            "clauseId": self.clause, "status": "PARTIAL", "effectiveOn": "2020-06-02", "note": number.to_string(),
        });
        let body = json!({ "query": UPDATE_DOCUMENT, "variables": { "input": input } }).to_string();
        // Opens a new connection, because the server closes idle ones.
        let mut connection = Connection::open(self.address)?;
        let answer = connection.send(&post("/graphql", &body, Some(&self.token)))?;
        let answer: Value = serde_json::from_slice(answer)?;
        let errors = answer.pointer("/data/updateClauseStatus/userErrors");
        ensure!(errors.is_some_and(|errors| *errors == json!([])), "{answer:#}");
        Ok(())
    }
}

/// A subscribed client.
struct Subscriber(WebSocket<TcpStream>);

impl Subscriber {
    fn open(servers: &Servers<'_>) -> anyhow::Result<Self> {
        let address = servers.fresh.address;
        let mut request = format!("ws://{address}/graphql").into_client_request()?;
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        let (mut socket, _) = tungstenite::client(request, stream)
            .map_err(|failure| anyhow::anyhow!("the WebSocket handshake failed: {failure}"))?;
        socket.send(Message::text(json!({ "type": "connection_init" }).to_string()))?;
        // The server may send pings first.
        let answer = loop {
            if let Message::Text(text) = socket.read()? {
                break text;
            }
        };
        ensure!(answer.contains("connection_ack"), "{answer}");
        let payload = json!({ "query": SUBSCRIPTION });
        let subscribe = json!({ "type": "subscribe", "id": "1", "payload": payload });
        socket.send(Message::text(subscribe.to_string()))?;
        Ok(Self(socket))
    }

    /// Receives the next change. Returns its number and its time of arrival.
    fn next(&mut self) -> anyhow::Result<(u32, Instant)> {
        loop {
            let message = self.0.read()?;
            let arrival = Instant::now();
            let Message::Text(text) = message else { continue };
            let event: Value = serde_json::from_str(&text)?;
            if event.get("type").and_then(Value::as_str) == Some("ping") {
                self.0.send(Message::text(json!({ "type": "pong" }).to_string()))?;
                continue;
            }
            let note = event.pointer("/payload/data/statusChanged/assessment/note");
            let Some(note) = note.and_then(Value::as_str) else { bail!("{event:#}") };
            return Ok((note.parse()?, arrival));
        }
    }

    /// Receives further changes, until the last one arrives or no change arrives within the time limit.
    fn rest(&mut self) -> Vec<(u32, Instant)> {
        let mut events = Vec::new();
        while let Ok(event) = self.next() {
            events.push(event);
            if event.0 == CHANGES {
                break;
            }
        }
        events
    }
}
