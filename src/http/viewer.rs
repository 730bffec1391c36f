//! Who is asking.

use actix_web::HttpRequest;

use crate::domain::viewer::Viewer;

/// The viewer who sent the request.
///
/// There are no accounts: whoever is at this machine may write, and everyone else may read. Both the connection and the
/// name in the address must be of this machine. The connection alone is not enough: behind a proxy on this machine
/// everyone's is, and so is that of a browser here that a hostile page has sent to its own name pointed at 127.0.0.1
/// (DNS rebinding).
pub fn viewer(request: &HttpRequest) -> Viewer {
    let near = request.peer_addr().is_some_and(|address| address.ip().to_canonical().is_loopback());
    let host = request.uri().host().or_else(|| request.headers().get("host")?.to_str().ok());
    let forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host"];
    let direct = forwarded.iter().all(|name| !request.headers().contains_key(*name));
    if near && direct && host.is_some_and(is_this_machine) { Viewer::Local } else { Viewer::Remote }
}

/// Whether a `Host` names this machine: `localhost`, `127.0.0.1`, `[::1]`, with or without a port.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn only_names_of_this_machine_count() {
        for host in
            ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "[::1]"]
        {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "",
            "example.org",
            "127.0.0.1.example.org",
            "localhost.example.org:80",
            "192.168.0.1",
            "[::2]",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
