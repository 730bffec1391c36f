//! Sending a message: the signature, the request, and the check of the address to which the server connects.

use std::error::Error as StdError;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use super::message::Message;
use crate::db::webhook::Webhook;
use crate::db::webhook::delivery::Attempt;
use crate::domain::day;
use crate::domain::public_address::AddressPolicy;
use crate::domain::webhook::{check_url, retry_after};

/// The time limit of an attempt. The specification recommends 15 to 30 seconds. The time limit must be shorter than the
/// lease.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The maximum number of bytes that are read from a response. Reading lets the receiver write its response before the
/// connection closes.
const MAX_RESPONSE: usize = 4_096;
/// The maximum time for reading a response after its status is known.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Sends messages.
pub(super) struct Sender {
    client: Client,
    addresses: AddressPolicy,
}

/// The outcome of sending a message.
pub(super) struct Outcome {
    pub(super) attempt: Attempt,
    /// The time for which the receiver asks the server to wait.
    pub(super) retry_after: Option<Duration>,
    /// Whether the receiver wants no more messages.
    pub(super) is_gone: bool,
}

impl Sender {
    /// A sender that connects only to these addresses.
    pub(super) fn new(addresses: AddressPolicy) -> reqwest::Result<Self> {
        let client = Client::builder()
            // Redirects are not followed, because they could lead to any address.
            .redirect(Policy::none())
            // A proxy would connect to addresses that this server cannot check.
            .no_proxy()
            .dns_resolver(CheckedResolver(addresses))
            // Connections are not reused, so each attempt connects to an address that was checked for it.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { client, addresses })
    }

    /// Sends a message to the address of a webhook.
    pub(super) async fn send(&self, webhook: &Webhook, message: Message) -> Outcome {
        let (started_at, started) = (day::now(), Instant::now());
        let exchange = tokio::time::timeout(TIMEOUT, self.exchange(webhook, message)).await;
        let response = exchange
            .unwrap_or_else(|_| Err(format!("no response within {} seconds", TIMEOUT.as_secs())));
        let (status, error, retry_after, is_gone) = match response {
            Ok(response) => {
                let status = response.status();
                let wait =
                    response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                let wait = wait.and_then(|value| retry_after(value, day::now()));
                let error = (!status.is_success()).then(|| describe_status(&response));
                discard(response).await;
                (Some(status.as_u16()), error, wait, status == StatusCode::GONE)
            }
            Err(message) => (None, Some(message), None, false),
        };
        let attempt = Attempt { started_at, duration: started.elapsed(), status, error };
        Outcome { attempt, retry_after, is_gone }
    }

    /// Sends a message, and waits for the head of the response.
    ///
    /// # Errors
    /// A message that states why there is no response. It does not contain the address, which may be a secret.
    async fn exchange(&self, webhook: &Webhook, message: Message) -> Result<Response, String> {
        let url = check_url(&webhook.url, self.addresses)
            .map_err(|message| format!("the address {message}"))?;
        let Message { id, body } = message;
        let now = day::now();
        let timestamp = now.and_utc().timestamp();
        let signatures: Option<Vec<String>> =
            webhook.secrets(now).iter().map(|secret| secret.sign(&id, timestamp, &body)).collect();
        let signatures = signatures.ok_or("the secret is damaged; replace it")?.join(" ");
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("Clausewatch/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signatures)
            .body(body);
        request.send().await.map_err(describe_error)
    }
}

/// Reads a little of a response. Its status is already known, so errors have no effect.
async fn discard(mut response: Response) {
    let read = async {
        let mut bytes = 0;
        while let Ok(Some(chunk)) = response.chunk().await {
            bytes += chunk.len();
            if bytes >= MAX_RESPONSE {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(RESPONSE_TIMEOUT, read).await;
}

fn describe_status(response: &Response) -> String {
    let status = response.status();
    let name = status.canonical_reason().unwrap_or("unknown status");
    let code = status.as_u16();
    if status.is_redirection() && response.headers().contains_key(LOCATION) {
        format!(
            "{code} {name}: redirects are not followed; enter the address to which the redirect leads"
        )
    } else {
        format!("{code} {name}")
    }
}

/// The innermost cause of an error. The outer causes repeat the address.
fn describe_error(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn StdError = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    format!("no response: {cause}")
}

/// Resolves names, and fails if an address is not allowed. The client connects to the addresses that this resolver returns,
/// and does not resolve the name again.
struct CheckedResolver(AddressPolicy);

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0;
        Box::pin(async move {
            let resolved = tokio::net::lookup_host((name.as_str(), 0_u16)).await?;
            let resolved: Vec<SocketAddr> = resolved.collect();
            check_resolved(&resolved, policy)?;
            let addresses: Addrs = Box::new(resolved.into_iter());
            Ok(addresses)
        })
    }
}

/// Checks that the server may connect to every address of a host. If any of them is private, none is used. Otherwise an
/// attacker could add public addresses to a name with a private address, and the client might choose the private one.
fn check_resolved(resolved: &[SocketAddr], policy: AddressPolicy) -> Result<(), String> {
    match resolved.iter().find(|address| !policy.allows(address.ip())) {
        Some(_) => Err("the host resolves to an address that is not public; \
                        --webhook-private-addresses allows it"
            .to_owned()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(list: &[&str]) -> Vec<SocketAddr> {
        list.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn hosts_with_a_private_address_are_refused() {
        let public = addresses(&["1.1.1.1", "2606:4700::1111"]);
        assert_eq!(check_resolved(&public, AddressPolicy::Public), Ok(()));
        let mixed = addresses(&["1.1.1.1", "10.0.0.1"]);
        let message = check_resolved(&mixed, AddressPolicy::Public).unwrap_err();
        assert!(message.contains("is not public"), "{message}");
        assert!(!message.contains("10.0.0.1"), "the answer must not describe the network");
        assert_eq!(check_resolved(&mixed, AddressPolicy::Any), Ok(()));
    }

    #[test]
    fn client_uses_the_resolver() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let sender = Sender::new(AddressPolicy::Public).unwrap();
        let request = async { sender.client.post("https://localhost:9/").send().await };
        let message = describe_error(runtime.block_on(request).unwrap_err());
        assert!(message.contains("is not public"), "{message}");
    }

    #[test]
    fn resolver_refuses_names_of_this_machine() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let resolve =
                |policy| CheckedResolver(policy).resolve("localhost".parse::<Name>().unwrap());
            assert!(resolve(AddressPolicy::Any).await.is_ok());
            let refused = resolve(AddressPolicy::Public).await.err().unwrap();
            assert!(refused.to_string().contains("is not public"), "{refused}");
        });
    }
}
