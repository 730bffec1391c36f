//! Public internet addresses. The server sends messages to addresses that an admin enters. The network of the server may
//! contain services that trust every request from the server. Therefore, the server connects only to public addresses,
//! unless the operator allows other addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use url::Host;

/// The addresses to which the server may connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressPolicy {
    /// Only public addresses, with HTTPS.
    #[default]
    Public,
    /// All addresses, also with HTTP.
    Any,
}

impl AddressPolicy {
    /// Whether the server may connect to this address.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        self == Self::Any || is_public(address)
    }

    /// Whether the server may connect to this host of a URL. If the host is a name, its addresses must also be checked when
    /// the name is resolved. Names that never have a public address are rejected here.
    #[must_use]
    pub fn allows_host<S: AsRef<str>>(self, host: &Host<S>) -> bool {
        match host {
            Host::Ipv4(address) => self.allows(IpAddr::V4(*address)),
            Host::Ipv6(address) => self.allows(IpAddr::V6(*address)),
            Host::Domain(name) => self == Self::Any || !is_local_name(name.as_ref()),
        }
    }
}

/// The last labels of host names that have no public address, according to RFC 6761, RFC 6762, RFC 8375 and the
/// reservation of `internal` by ICANN.
const LOCAL_NAMES: [&str; 4] = ["localhost", "local", "internal", "home.arpa"];

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    LOCAL_NAMES.iter().any(|local| {
        name.strip_suffix(local).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// IPv4 networks that are not public, according to IANA's registry of special-purpose addresses
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>). Also contains multicast and reserved addresses.
const SPECIAL_V4: [Ipv4Net; 16] = [
    // This network.
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    // Addresses shared by the customers of a provider (CGNAT).
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    // Services of Azure for its virtual machines. The registry does not contain this address.
    v4(168, 63, 129, 16, 32),
    // Link-local, including the metadata services of clouds.
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    // Documentation.
    v4(192, 0, 2, 0, 24),
    // 6to4 relays (deprecated).
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    // Benchmarks.
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    // Multicast.
    v4(224, 0, 0, 0, 4),
    // Reserved, including the broadcast address.
    v4(240, 0, 0, 0, 4),
];

/// The IPv6 network that contains all public addresses, except those in [`TRANSLATED_V4`]. All other addresses are
/// special: loopback, unique local, link-local, multicast, and IPv4-mapped addresses.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0], 3);

/// Networks within [`GLOBAL_V6`] that are not public, according to
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>.
const SPECIAL_V6: [Ipv6Net; 4] = [
    // Protocol assignments, including Teredo, whose addresses contain IPv4 addresses.
    v6([0x2001, 0, 0, 0], 23),
    // Documentation.
    v6([0x2001, 0xdb8, 0, 0], 32),
    v6([0x3fff, 0, 0, 0], 20),
    // 6to4, whose addresses contain IPv4 addresses.
    v6([0x2002, 0, 0, 0], 16),
];

/// Translations of IPv4 addresses (RFC 6052). In a network without IPv4, the names of IPv4 hosts resolve to these addresses.
const TRANSLATED_V4: Ipv6Net = v6([0x64, 0xff9b, 0, 0], 96);

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6([a, b, c, d]: [u16; 4], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), prefix)
}

/// Whether an address is a public address of one machine.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) if TRANSLATED_V4.contains(&address) => {
            let [.., a, b, c, d] = address.octets();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        IpAddr::V6(address) => {
            GLOBAL_V6.contains(&address) && !SPECIAL_V6.iter().any(|net| net.contains(&address))
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|net| net.contains(&address))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn special_addresses_are_not_public() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_public() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "168.63.129.15",
            "172.15.255.255",
            "172.32.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn hosts_of_urls_are_checked_in_every_notation() {
        for (url, is_allowed) in [
            ("https://hooks.example/", true),
            ("https://8.8.8.8/", true),
            ("https://localhost/", false),
            ("https://LOCALHOST./", false),
            ("https://db.localhost/", false),
            ("https://printer.local/", false),
            ("https://metadata.google.internal/", false),
            ("https://notlocal/", true),
            ("https://2130706433/", false),
            ("https://0x7f.1/", false),
            ("https://017700000001/", false),
            ("https://[::1]/", false),
            ("https://[::ffff:10.0.0.1]/", false),
        ] {
            let parsed = url::Url::parse(url).unwrap();
            let host = parsed.host().unwrap();
            assert_eq!(AddressPolicy::Public.allows_host(&host), is_allowed, "{url}");
            assert!(AddressPolicy::Any.allows_host(&host), "{url}");
        }
    }

    proptest! {
        #[test]
        fn every_address_of_a_private_network_is_refused(host in any::<u32>(), block in 0_usize..3) {
            let (network, prefix) = [(0x0a00_0000_u32, 8), (0xac10_0000, 12), (0xc0a8_0000, 16)][block];
            let address = Ipv4Addr::from(network | (host & (u32::MAX >> prefix)));
            prop_assert!(!AddressPolicy::Public.allows(IpAddr::V4(address)));
            prop_assert!(!AddressPolicy::Public.allows(IpAddr::V6(address.to_ipv6_mapped())));
        }

        #[test]
        fn public_addresses_agree_with_the_standard_library(octets in any::<[u8; 4]>()) {
            let address = Ipv4Addr::from(octets);
            let is_special = address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_multicast()
                || address.is_unspecified();
            prop_assert!(!(is_special && is_public(IpAddr::V4(address))));
        }
    }
}
