//! Which client a request comes from, as far as the network tells.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::http::header::HeaderMap;
use clap::ValueEnum;
use ipnet::IpNet;

/// What is known of the proxies in front of the server.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// Whose word about other addresses is taken.
    pub trusted: Vec<IpNet>,
    /// How they put it.
    pub header: ProxyHeader,
}

/// The header in which a proxy names the client that it speaks for. Only one is read: a client can send the other, and
/// most proxies pass on what they do not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ProxyHeader {
    /// As nginx, Caddy, Traefik and HAProxy write it.
    #[default]
    XForwardedFor,
    /// As RFC 7239 has it.
    Forwarded,
}

impl ProxyHeader {
    fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

impl Proxies {
    /// The address of the client: that of the connection, or, when it is a trusted proxy's, the last address in its header
    /// that is not one.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        let values: Vec<&str> = headers
            .get_all(self.header.name())
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for value in values.into_iter().rev() {
            let written = match self.header {
                ProxyHeader::XForwardedFor => Some(value),
                ProxyHeader::Forwarded => value.split(';').find_map(|pair| {
                    let (name, value) = pair.split_once('=')?;
                    name.trim().eq_ignore_ascii_case("for").then_some(value)
                }),
            };
            // What cannot be read is as far as the trail goes.
            let Some(address) = written.and_then(address) else { break };
            client = address;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }
}

/// An address with or without quotes, brackets and a port.
fn address(written: &str) -> Option<IpAddr> {
    let bare = written.trim().trim_matches('"');
    let bare = match bare.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if bare.matches(':').count() == 1 => bare.split(':').next()?,
        None => bare,
    };
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// The part of an address that stands for one client: whoever has one IPv6 address has the 2⁶⁴ beside it too.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// Reads a network: `10.0.0.0/8`, or a single address.
///
/// # Errors
/// A sentence that says what is right.
pub fn read_network(text: &str) -> Result<IpNet, String> {
    // Where several are listed, a space may follow the comma.
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "write an address, like 127.0.0.1, or a network, like 10.0.0.0/8".to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client(header: ProxyHeader, peer: &str, values: &[(&'static str, &'static str)]) -> String {
        let trusted =
            ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"].map(|text| read_network(text).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let proxies = Proxies { trusted: trusted.to_vec(), header };
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let ask = |peer: &str, value: &'static str| {
            client(ProxyHeader::XForwardedFor, peer, &[("x-forwarded-for", value)])
        };
        assert_eq!(ask("192.0.2.1", "192.0.2.7"), "192.0.2.1");
        assert_eq!(ask("127.0.0.1", "192.0.2.7"), "192.0.2.7");
        assert_eq!(ask("::ffff:127.0.0.1", "192.0.2.7"), "192.0.2.7");
        assert_eq!(
            ask("127.0.0.1", "198.51.100.1, 192.0.2.7"),
            "192.0.2.7",
            "what the client wrote itself is passed over"
        );
        assert_eq!(ask("127.0.0.1", "198.51.100.1, 192.0.2.7, 10.1.1.1"), "192.0.2.7");
        assert_eq!(ask("127.0.0.1", "10.2.2.2, 10.1.1.1"), "10.2.2.2");
        assert_eq!(ask("127.0.0.1", "192.0.2.7, nonsense"), "127.0.0.1");
        assert_eq!(ask("127.0.0.1", "192.0.2.7:4711"), "192.0.2.7");
        assert_eq!(ask("127.0.0.1", "[2001:db9::7]:4711"), "2001:db9::7");
    }

    #[test]
    fn only_the_header_that_the_proxy_writes_is_read() {
        let both = [("x-forwarded-for", "192.0.2.7"), ("forwarded", "for=192.0.2.8")];
        assert_eq!(client(ProxyHeader::XForwardedFor, "10.0.0.1", &both), "192.0.2.7");
        assert_eq!(client(ProxyHeader::Forwarded, "10.0.0.1", &both), "192.0.2.8");
        let quoted = [("forwarded", "proto=https;For=\"[2001:db9::7]:80\";by=10.0.0.1")];
        assert_eq!(client(ProxyHeader::Forwarded, "10.0.0.1", &quoted), "2001:db9::7");
    }

    #[test]
    fn neighbours_in_ipv6_are_one_client() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
    }
}
