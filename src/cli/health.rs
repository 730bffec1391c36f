//! `clausewatch health`

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::config::Config;

/// How long each step may take: to connect, to send, and to receive. `/readyz` answers within five seconds.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The largest response that is read, in bytes. `/readyz` returns a few hundred.
const MAX_RESPONSE: u64 = 65_536;

/// Prints what `/readyz` of the running server says. Fails unless the server is ready.
pub fn run(config: &Config) -> anyhow::Result<()> {
    let address = reachable(config.bind);
    let response =
        request(address).with_context(|| format!("cannot reach the server at {address}"))?;
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status != "200" {
        bail!("the server at {address} is not ready: {status} {body}");
    }
    writeln!(std::io::stdout(), "{body}")?;
    Ok(())
}

/// The address to connect to. A server that listens on all addresses is reached by the loopback address.
fn reachable(mut bind: SocketAddr) -> SocketAddr {
    if bind.ip().is_unspecified() {
        bind.set_ip(match bind {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    bind
}

/// Sends the request and returns the whole response. HTTP/1.0 has neither chunks nor persistent connections.
fn request(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /readyz HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut response = Vec::new();
    stream.take(MAX_RESPONSE).read_to_end(&mut response)?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}
