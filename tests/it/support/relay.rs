//! A relay in front of a test's PostgreSQL database. Its connections can go silent without being closed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// The statement with which a connection starts to listen to the change log.
const LISTEN: &[u8] = b"LISTEN clausewatch_log";

/// A relay, which forwards bytes until the test ends.
pub struct Relay {
    /// The address of the database through the relay.
    pub url: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_silent: AtomicBool,
    listeners: AtomicUsize,
    is_over: AtomicBool,
}

impl Relay {
    /// Starts a relay in front of the database at this address.
    pub fn start(database_url: &str) -> Self {
        let url = url::Url::parse(database_url).expect("an address");
        let option = |name: &str| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let host = option("host").or_else(|| url.host_str().map(str::to_owned)).expect("a host");
        let user = option("user").unwrap_or_else(|| url.username().to_owned());
        let password = url.password().map(|password| format!(":{password}")).unwrap_or_default();
        let server = (host, url.port().unwrap_or(5432));
        let relay = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = relay.local_addr().expect("the listener is bound").port();
        let state = Arc::new(State::default());
        let shared = state.clone();
        thread::spawn(move || {
            for client in relay.incoming().map_while(Result::ok) {
                if shared.is_over.load(Ordering::Acquire) {
                    return;
                }
                connect(client, &server, &shared);
            }
        });
        let url = format!("postgres://{user}{password}@127.0.0.1:{port}{}", url.path());
        Self { url, state }
    }

    /// While `is_silent`, forwards nothing on connections that listen to the change log, including new ones, and closes
    /// none.
    pub fn silence_listeners(&self, is_silent: bool) {
        self.state.is_silent.store(is_silent, Ordering::Release);
    }

    /// The number of connections that have started to listen so far.
    pub fn count_listeners(&self) -> usize {
        self.state.listeners.load(Ordering::Acquire)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::Release);
    }
}

fn connect(client: TcpStream, (host, port): &(String, u16), state: &Arc<State>) {
    let (to_server, from_server): (Box<dyn Write + Send>, Box<dyn Read + Send>) =
        if host.starts_with('/') {
            let server = UnixStream::connect(format!("{host}/.s.PGSQL.{port}"));
            let server = server.expect("PostgreSQL answers");
            (Box::new(server.try_clone().expect("the stream can be cloned")), Box::new(server))
        } else {
            let server = TcpStream::connect((host.as_str(), *port)).expect("PostgreSQL answers");
            (Box::new(server.try_clone().expect("the stream can be cloned")), Box::new(server))
        };
    let is_listener = Arc::new(AtomicBool::new(false));
    let to_client = client.try_clone().expect("the stream can be cloned");
    let directions: [(Box<dyn Read + Send>, Box<dyn Write + Send>); 2] =
        [(Box::new(client), to_server), (from_server, Box::new(to_client))];
    for (from, to) in directions {
        let (state, is_listener) = (state.clone(), is_listener.clone());
        thread::spawn(move || forward(from, to, &state, &is_listener));
    }
}

/// Forwards bytes until one end closes.
fn forward(
    mut from: Box<dyn Read + Send>,
    mut to: Box<dyn Write + Send>,
    state: &State,
    is_listener: &AtomicBool,
) {
    let mut buffer = [0; 8_192];
    while let Ok(length) = from.read(&mut buffer) {
        if length == 0 {
            break;
        }
        let bytes = &buffer[..length];
        if bytes.windows(LISTEN.len()).any(|part| part == LISTEN) {
            is_listener.store(true, Ordering::Release);
            state.listeners.fetch_add(1, Ordering::AcqRel);
        }
        // A silenced connection loses bytes, so it stays silent until the relay ends.
        if is_listener.load(Ordering::Acquire) && state.is_silent.load(Ordering::Acquire) {
            while !state.is_over.load(Ordering::Acquire) {
                thread::sleep(Duration::from_millis(20));
            }
            break;
        }
        if to.write_all(bytes).is_err() {
            break;
        }
    }
}
