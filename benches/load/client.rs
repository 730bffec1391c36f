//! Generates the load over several connections. Each connection sends its next request as soon as it has received the
//! previous response.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// The time limit for a response.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The warm-up time of a connection, before the measurement starts.
const WARM_UP: Duration = Duration::from_millis(500);

/// A request and its expected response.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request, including the HTTP headers.
    pub request: Vec<u8>,
    /// The body of the response.
    pub answer: Vec<u8>,
}

/// The measured times.
#[derive(Debug, Clone, Default)]
pub struct Timings {
    /// The latency of each request in microseconds, in ascending order.
    latencies: Vec<u32>,
    /// The time from the first request to the last response.
    pub elapsed: Duration,
    /// The number of all requests, including the warm-up.
    pub answered: usize,
}

impl Timings {
    /// The number of requests in the measurement.
    pub fn requests(&self) -> usize {
        self.latencies.len()
    }

    /// The latency in microseconds that `percent` of the requests did not exceed.
    pub fn percentile(&self, percent: usize) -> u32 {
        percentile(&self.latencies, percent)
    }
}

/// The value that `percent` of the sorted values do not exceed.
pub fn percentile(sorted: &[u32], percent: usize) -> u32 {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).copied().unwrap_or_default()
}

/// A POST request with JSON.
pub fn post(path: &str, body: &str, token: Option<&str>) -> Vec<u8> {
    let authorization =
        token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/graphql-response+json\r\n\
         content-type: application/json\r\n{authorization}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A persistent connection.
pub struct Connection {
    stream: TcpStream,
    /// The buffer for responses, which each request reuses.
    buffer: Vec<u8>,
}

impl Connection {
    /// Opens a connection.
    ///
    /// # Errors
    /// If no server listens.
    pub fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self { stream, buffer: vec![0; 65_536] })
    }

    /// Sends a request and returns the body of the response. The response must be successful.
    ///
    /// # Errors
    /// If the connection is closed, or the response is an error.
    pub fn send(&mut self, request: &[u8]) -> anyhow::Result<&[u8]> {
        self.stream.write_all(request)?;
        let mut length = 0;
        let (start, end) = loop {
            if length == self.buffer.len() {
                self.buffer.resize(length * 2, 0);
            }
            let free = self.buffer.get_mut(length..).unwrap_or_default();
            let read = self.stream.read(free)?;
            ensure!(read > 0, "the connection was closed");
            length += read;
            let so_far = self.buffer.get(..length).unwrap_or_default();
            if let Some(head) = so_far.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(so_far.get(..head).unwrap_or_default());
                let start = head + 4;
                break (start, start + content_length(&text, so_far.get(start..))?);
            }
        };
        self.buffer.resize(self.buffer.len().max(end), 0);
        if let Some(rest) = self.buffer.get_mut(length..end) {
            self.stream.read_exact(rest)?;
        }
        self.buffer.get(start..end).context("the response is incomplete")
    }
}

/// The length of the body, according to the headers of a successful response.
fn content_length(head: &str, body: Option<&[u8]>) -> anyhow::Result<usize> {
    if !head.starts_with("HTTP/1.1 200") {
        bail!("{head}\n\n{}", String::from_utf8_lossy(body.unwrap_or_default()));
    }
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let (_, length) = length.with_context(|| format!("no content-length:\n{head}"))?;
    Ok(length.trim().parse()?)
}

/// Sends requests over `exchanges.len()` connections for the given time, and checks every response. Each connection
/// repeats its own requests. `observe` is called after the warm-up of all connections, and at the end.
///
/// # Errors
/// If a response is missing or differs from the expected one.
pub fn run<T: Send>(
    address: SocketAddr,
    exchanges: &[&[Exchange]],
    duration: Duration,
    observe: impl Fn() -> anyhow::Result<T>,
) -> anyhow::Result<(Timings, T, T)> {
    let barrier = Barrier::new(exchanges.len() + 1);
    thread::scope(|scope| {
        let connections: Vec<_> = exchanges
            .iter()
            .enumerate()
            .map(|(index, exchanges)| {
                let barrier = &barrier;
                scope.spawn(move || -> anyhow::Result<(Vec<u32>, usize)> {
                    let outcome = Connection::open(address).and_then(|mut connection| {
                        let mut next = exchanges.iter().cycle().skip(skip(index, exchanges.len()));
                        let warm_up = repeat(&mut connection, &mut next, WARM_UP)?.len();
                        Ok((next, warm_up))
                    });
                    // Failed connections also wait at the barrier. Otherwise the others would wait forever.
                    barrier.wait();
                    barrier.wait();
                    let (mut next, warm_up) = outcome?;
                    // Opens a new connection, because the server may have closed the first one during the wait at the
                    // barrier.
                    let mut connection = Connection::open(address)?;
                    Ok((repeat(&mut connection, &mut next, duration)?, warm_up))
                })
            })
            .collect();
        barrier.wait();
        let before = observe();
        let began = Instant::now();
        barrier.wait();
        let mut timings = Timings::default();
        for connection in connections {
            let Ok(measured) = connection.join() else {
                bail!("the thread of a connection panicked")
            };
            let (mut latencies, warm_up) = measured?;
            timings.answered += latencies.len() + warm_up;
            timings.latencies.append(&mut latencies);
        }
        timings.elapsed = began.elapsed();
        let after = observe();
        timings.latencies.sort_unstable();
        Ok((timings, before?, after?))
    })
}

/// The index of a connection's first request. It differs between connections, so that they do not send the same request
/// at the same time.
fn skip(index: usize, exchanges: usize) -> usize {
    (index * 37) % exchanges.max(1)
}

fn repeat<'a>(
    connection: &mut Connection,
    exchanges: &mut impl Iterator<Item = &'a Exchange>,
    duration: Duration,
) -> anyhow::Result<Vec<u32>> {
    let mut latencies = Vec::new();
    let began = Instant::now();
    while began.elapsed() < duration {
        let exchange = exchanges.next().context("there are no requests")?;
        let sent = Instant::now();
        let answer = connection.send(&exchange.request)?;
        latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        ensure!(
            answer == exchange.answer,
            "{}\nreturned\n{}\ninstead of\n{}",
            String::from_utf8_lossy(&exchange.request),
            String::from_utf8_lossy(answer),
            String::from_utf8_lossy(&exchange.answer)
        );
    }
    Ok(latencies)
}
