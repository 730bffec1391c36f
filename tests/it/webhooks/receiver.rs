//! A receiver of webhooks: a small HTTP server that keeps every message, and gives the answers that the test has set.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::support::wait_until;

/// A message as it was received.
#[derive(Debug, Clone)]
pub struct Received {
    /// The headers, with lower-case names.
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Received {
    /// The id of the message.
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }
}

/// An answer to a message.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A status, and a header such as `retry-after: 1`. The text is empty if there is no header.
    Status(u16, String),
    /// Status 200, and a body of this many bytes.
    LargeBody(usize),
    /// Status 200, but only after the test has set another answer.
    Held,
    /// Status 410, but only after the test has set another answer.
    HeldGone,
}

impl Answer {
    pub fn ok() -> Self {
        Self::Status(200, String::new())
    }
}

#[derive(Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    /// The answers to the next messages. The last one is repeated.
    answers: Mutex<Vec<Answer>>,
    /// The number of bytes of large bodies that were written.
    written: AtomicUsize,
}

/// A receiver. Its thread runs until the test process ends.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
}

impl Receiver {
    /// A receiver that accepts every message.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("the listener is bound");
        let shared = Arc::new(Shared::default());
        let receiver = Self { url: format!("http://{address}/hook?key=hidden"), shared };
        let shared = receiver.shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                thread::spawn(move || drop(serve(stream, &shared)));
            }
        });
        receiver
    }

    /// Sets the answers to the next messages. The last one is repeated.
    pub fn answer(&self, answers: Vec<Answer>) {
        *self.shared.answers.lock().unwrap() = answers;
    }

    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap().clone()
    }

    /// The number of bytes of large bodies that were written so far.
    pub fn written(&self) -> usize {
        self.shared.written.load(Ordering::Relaxed)
    }

    /// Waits until at least this many messages were received, and returns all.
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        wait_until(&format!("{count} messages are received"), || self.received().len() >= count);
        self.received()
    }
}

impl Shared {
    fn next_answer(&self) -> Answer {
        let mut answers = self.answers.lock().unwrap();
        match answers.len() {
            0 => Answer::ok(),
            1 => answers[0].clone(),
            _ => answers.remove(0),
        }
    }

    fn is_held(&self) -> bool {
        matches!(self.answers.lock().unwrap().as_slice(), [Answer::Held | Answer::HeldGone])
    }
}

fn serve(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    assert!(line.starts_with("POST /hook?key=hidden "), "{line}");
    let mut headers = HashMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length: usize = headers["content-length"].parse().expect("a length");
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8(body).expect("the body is text");
    // The answer is chosen before the message is visible to the test.
    let answer = shared.next_answer();
    shared.received.lock().unwrap().push(Received { headers, body });
    let mut stream = stream;
    match answer {
        Answer::Status(status, header) => {
            let header = if header.is_empty() { header } else { format!("{header}\r\n") };
            write!(
                stream,
                "HTTP/1.1 {status} X\r\n{header}content-length: 0\r\nconnection: close\r\n\r\n"
            )
        }
        Answer::LargeBody(bytes) => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\nconnection: close\r\n\r\n"
            )?;
            let chunk = vec![b'x'; 65_536];
            for _ in 0..bytes / chunk.len() {
                stream.write_all(&chunk)?;
                shared.written.fetch_add(chunk.len(), Ordering::Relaxed);
            }
            Ok(())
        }
        Answer::Held | Answer::HeldGone => {
            wait_until("the answer is released", || !shared.is_held());
            let status = if matches!(answer, Answer::HeldGone) { "410 Gone" } else { "200 OK" };
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        }
    }
}
