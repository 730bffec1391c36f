//! Rate limits by address and by token.

use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, web};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::client::{self, Proxies};
use super::error::HttpError;
use super::media::ResponseFormat;
use crate::graphql::Executor;
use crate::limits::Limits;
use crate::metrics::Metrics;

/// The time between two removals of idle clients.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(10);

/// A client. All its requests share one limit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    /// The hash of an access token.
    Token(u64),
}

/// Counts requests by address and by token. Requests with a token also count for the address. Otherwise a client could avoid
/// the limit by sending a different invalid token with each request.
#[derive(Clone)]
pub struct RateLimits {
    addresses: Option<Arc<DefaultKeyedRateLimiter<Key>>>,
    tokens: Option<Arc<DefaultKeyedRateLimiter<Key>>>,
    proxies: Arc<Proxies>,
    hasher: Arc<RandomState>,
}

/// A limit that a request exceeds.
struct LimitExceeded {
    /// The name of the flag that sets the limit.
    flag: &'static str,
    /// The source of the requests, for the error message: `from this address` or `with this token`.
    source: &'static str,
    /// The time until the next request is allowed.
    wait: Duration,
}

impl LimitExceeded {
    /// The value of `Retry-After`, in whole seconds. Rounded up.
    fn seconds(&self) -> u64 {
        self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0)
    }
}

impl RateLimits {
    /// Rate limits with these settings, without any requests so far. A limit of 0 requests per second means no limit.
    #[must_use]
    pub fn new(limits: &Limits, proxies: Proxies) -> Self {
        let limiter = |rate: u32| {
            let burst = NonZeroU32::new(rate.saturating_mul(limits.rate_burst));
            let quota = NonZeroU32::new(rate).zip(burst);
            quota.map(|(rate, burst)| {
                Arc::new(RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)))
            })
        };
        Self {
            addresses: limiter(limits.rate_per_address),
            tokens: limiter(limits.rate_per_token),
            proxies: Arc::new(proxies),
            hasher: Arc::new(RandomState::new()),
        }
    }

    /// Removes idle clients regularly, to bound the memory. Never returns.
    pub async fn remove_idle_clients(self) {
        let mut interval = tokio::time::interval(CLEANUP_INTERVAL);
        loop {
            interval.tick().await;
            for limiter in [&self.addresses, &self.tokens].into_iter().flatten() {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
    }

    /// The address or network by which the client is counted. Trusted proxies name the address in a header.
    #[must_use]
    pub fn client_network(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip());
        client::network(self.proxies.client_address(peer, request.headers()))
    }

    /// The keys of a request: the address, and the token if the request has one.
    fn keys(&self, request: &HttpRequest) -> (Key, Option<Key>) {
        let address = self.client_network(request);
        let token = request.headers().get(header::AUTHORIZATION);
        let token = token.map(|token| Key::Token(self.hasher.hash_one(token.as_bytes())));
        (Key::Address(address), token)
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The number of seconds until the next request is allowed, if the request exceeds a limit.
    pub fn admit(&self, request: &HttpRequest, metrics: &Metrics) -> Result<(), u64> {
        self.count(request).map_err(|exceeded| {
            metrics.count_rejection(exceeded.flag);
            exceeded.seconds()
        })
    }

    /// Counts a request. Fails if the request exceeds a limit.
    fn count(&self, request: &HttpRequest) -> Result<(), LimitExceeded> {
        let (address, token) = self.keys(request);
        let count = |limiter: &Option<Arc<DefaultKeyedRateLimiter<Key>>>, key: &Key| {
            limiter.as_ref().map_or(Ok(()), |limiter| {
                let now = DefaultClock::default().now();
                limiter.check_key(key).map_err(|rejection| rejection.wait_time_from(now))
            })
        };
        count(&self.addresses, &address).map_err(|wait| LimitExceeded {
            flag: "rate-per-address",
            source: "from this address",
            wait,
        })?;
        let Some(token) = token else { return Ok(()) };
        count(&self.tokens, &token).map_err(|wait| LimitExceeded {
            flag: "rate-per-token",
            source: "with this token",
            wait,
        })
    }
}

/// Rejects requests over the rate limits before their handlers run.
///
/// # Errors
/// Errors of the handlers.
pub async fn limit(
    rate_limits: web::Data<RateLimits>,
    executor: web::Data<Executor>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let Err(exceeded) = rate_limits.count(request.request()) else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let seconds = exceeded.seconds();
    let LimitExceeded { flag, source, .. } = exceeded;
    let message = format!("there are too many requests {source}; try again in {seconds} s");
    executor.metrics().count_rejection(flag);
    let error = HttpError::exceeded(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", flag, message);
    let format = ResponseFormat::negotiate(request.request()).unwrap_or(ResponseFormat::Json);
    let mut response = error.respond(format);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(request.into_response(response).map_into_boxed_body())
}
