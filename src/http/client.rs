//! The network address of the client, with or without trusted proxies.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::http::header::HeaderMap;
use clap::ValueEnum;
use ipnet::IpNet;

/// The trusted proxies in front of the server.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// The networks of the proxies. Headers from other peers are ignored.
    pub trusted: Vec<IpNet>,
    /// The header that the proxies write.
    pub header: ProxyHeader,
}

/// The header in which proxies write the address of the client. Only one header is read, because a client can send the other
/// header, and most proxies forward unknown headers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ProxyHeader {
    /// The header that nginx, Caddy, Traefik and HAProxy write.
    #[default]
    XForwardedFor,
    /// The header of RFC 7239.
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
    /// The address of the client. It is `peer` if `peer` is not a trusted proxy. Otherwise the header is read from
    /// its end, up to the first address that does not belong to a trusted proxy. The client is the last valid address that
    /// was read, or `peer` if there is none.
    #[must_use]
    pub fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
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
            let element = match self.header {
                ProxyHeader::XForwardedFor => Some(value),
                ProxyHeader::Forwarded => value.split(';').find_map(|pair| {
                    let (name, value) = pair.split_once('=')?;
                    name.trim().eq_ignore_ascii_case("for").then_some(value)
                }),
            };
            // Addresses before an invalid one cannot be trusted.
            let Some(address) = element.and_then(parse_address) else { break };
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

/// Parses an address, which may have quotes, brackets and a port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let bare = text.trim().trim_matches('"');
    let bare = match bare.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if bare.matches(':').count() == 1 => bare.split(':').next()?,
        None => bare,
    };
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// The network by which requests are counted: an IPv4 address, or the /64 network of an IPv6 address, because a client can
/// usually use every address of its /64 network.
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

/// Parses a network such as `10.0.0.0/8`, or a single address.
///
/// # Errors
/// Fails with a message that states the valid forms.
pub fn parse_network(text: &str) -> Result<IpNet, String> {
    // A list may contain spaces after the commas.
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "write an address, like 127.0.0.1, or a network, like 10.0.0.0/8".to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client_address(
        header: ProxyHeader,
        peer: &str,
        values: &[(&'static str, &'static str)],
    ) -> String {
        let trusted =
            ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"].map(|text| parse_network(text).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let proxies = Proxies { trusted: trusted.to_vec(), header };
        proxies.client_address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn header_of_an_untrusted_peer_is_ignored() {
        let address = |peer: &str, value: &'static str| {
            client_address(ProxyHeader::XForwardedFor, peer, &[("x-forwarded-for", value)])
        };
        assert_eq!(address("192.0.2.1", "192.0.2.7"), "192.0.2.1");
        assert_eq!(address("127.0.0.1", "192.0.2.7"), "192.0.2.7");
        assert_eq!(address("::ffff:127.0.0.1", "192.0.2.7"), "192.0.2.7");
        assert_eq!(
            address("127.0.0.1", "198.51.100.1, 192.0.2.7"),
            "192.0.2.7",
            "the address that the client wrote itself is ignored"
        );
        assert_eq!(address("127.0.0.1", "198.51.100.1, 192.0.2.7, 10.1.1.1"), "192.0.2.7");
        assert_eq!(address("127.0.0.1", "10.2.2.2, 10.1.1.1"), "10.2.2.2");
        assert_eq!(address("127.0.0.1", "192.0.2.7, nonsense"), "127.0.0.1");
        assert_eq!(address("127.0.0.1", "192.0.2.7:4711"), "192.0.2.7");
        assert_eq!(address("127.0.0.1", "[2001:db9::7]:4711"), "2001:db9::7");
    }

    #[test]
    fn only_the_configured_header_is_read() {
        let both = [("x-forwarded-for", "192.0.2.7"), ("forwarded", "for=192.0.2.8")];
        assert_eq!(client_address(ProxyHeader::XForwardedFor, "10.0.0.1", &both), "192.0.2.7");
        assert_eq!(client_address(ProxyHeader::Forwarded, "10.0.0.1", &both), "192.0.2.8");
        let quoted = [("forwarded", "proto=https;For=\"[2001:db9::7]:80\";by=10.0.0.1")];
        assert_eq!(client_address(ProxyHeader::Forwarded, "10.0.0.1", &quoted), "2001:db9::7");
    }

    #[test]
    fn ipv6_addresses_of_one_network_are_one_client() {
        let network_of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network_of("192.0.2.1"), "192.0.2.1");
    }
}
