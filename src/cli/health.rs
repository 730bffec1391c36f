//! `clausewatch health`

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::config::Config;

/// The time limit of each step: connect, send and receive. `/readyz` answers within five seconds.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum size of the response in bytes. `/readyz` sends a few hundred bytes.
const MAX_RESPONSE_BYTES: u64 = 65_536;

/// Prints the response of `/readyz` of the running server. Fails unless the server is ready.
pub fn run(config: &Config) -> anyhow::Result<()> {
    let address = connect_address(config.bind);
    let response = request_readiness(address)
        .with_context(|| format!("cannot reach the server at {address}"))?;
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status != "200" {
        bail!("the server at {address} is not ready: {status} {body}");
    }
    writeln!(std::io::stdout(), "{body}")?;
    Ok(())
}

/// The address to connect to: the loopback address if the server listens on all addresses.
fn connect_address(mut bind: SocketAddr) -> SocketAddr {
    if bind.ip().is_unspecified() {
        bind.set_ip(match bind {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    bind
}

/// Requests `/readyz`, and returns the whole response. Uses HTTP/1.0, which has neither chunks nor persistent
/// connections.
fn request_readiness(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /readyz HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut response = Vec::new();
    stream.take(MAX_RESPONSE_BYTES).read_to_end(&mut response)?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}
