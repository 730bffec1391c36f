//! The limits of connections: their number, and the time limits for sending and reading.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use super::*;

/// Sends only the beginning of a request. Returns the response and its delay.
fn stall(app: &TestApp, beginning: &str) -> (String, Duration) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    stream.write_all(beginning.as_bytes()).unwrap();
    let mut answer = [0; 2048];
    let length = stream.read(&mut answer).expect("the server answers or closes the connection");
    (String::from_utf8_lossy(&answer[..length]).into_owned(), began.elapsed())
}

#[test]
fn head_and_body_must_arrive_in_time() {
    let app = limited(|limits| {
        limits.head_timeout = 1;
        limits.body_timeout = 2;
    });
    let (answer, elapsed) = stall(&app, "POST /graphql HTTP/1.1\r\nHost: localhost\r\n");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(elapsed < Duration::from_secs(8), "{elapsed:?}");

    let head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    let (answer, elapsed) = stall(&app, head);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("within 2 s") && answer.contains("body-timeout"), "{answer}");
    assert!(elapsed > Duration::from_secs(1) && elapsed < Duration::from_secs(8), "{elapsed:?}");
}

/// A client that requests a large response and never reads it.
#[cfg(target_os = "linux")]
#[test]
fn connection_of_a_client_that_does_not_read_is_closed() {
    let app = limited(|limits| limits.write_timeout = 1);
    let address = app.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    // Without this setting, some systems buffer tens of megabytes for a client that never reads.
    rustix::net::sockopt::set_socket_recv_buffer_size(&stream, 16_384).unwrap();
    let query =
        "{ agreements { nodes { clauses { nodes { text assessments { nodes { note } } } } } } }";
    let body = json!({ "query": query }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    // Requests more responses than the buffers between server and client can hold.
    for _ in 0..40 {
        if stream.write_all(head.as_bytes()).is_err() {
            break;
        }
    }
    let began = Instant::now();
    let gone = || {
        thread::sleep(Duration::from_millis(200));
        let mut stream = &stream;
        stream.write(b"\r\n").is_err()
    };
    let mut closed = false;
    while !closed && began.elapsed() < Duration::from_secs(20) {
        closed = gone();
    }
    assert!(closed, "the connection is still open after {:?}", began.elapsed());
}

#[test]
fn connections_over_the_limit_wait() {
    let app = limited(|limits| limits.max_connections = 1);
    let address = app.url.trim_start_matches("http://").to_owned();
    // Each worker serves one connection at a time, until that connection is closed. The server accepts connections in
    // order.
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let open: Vec<TcpStream> =
        (0..=workers).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let ask = |patience: u64| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(patience))).unwrap();
        stream.write_all(b"GET /graphql?query={__typename} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = [0; 512];
        stream.read(&mut answer).is_ok_and(|length| length > 0)
    };
    assert!(!ask(1), "a connection over the limit must wait");
    drop(open);
    assert!(ask(30), "connections must be accepted again");
}
