//! How many requests a client may send.

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

/// How often the clients that are quiet again are forgotten.
const FORGET: Duration = Duration::from_secs(10);

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// Those from one address.
    Address(IpAddr),
    /// Those with one token, by a hash of it.
    Token(u64),
}

/// Counts requests, by address and by token. An address counts whatever the token: a token that is made up is a new one
/// each time.
#[derive(Clone)]
pub struct Rate {
    addresses: Option<Arc<DefaultKeyedRateLimiter<Key>>>,
    tokens: Option<Arc<DefaultKeyedRateLimiter<Key>>>,
    proxies: Arc<Proxies>,
    hasher: Arc<RandomState>,
}

impl Rate {
    /// Counts by these limits.
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

    /// Goes on forgetting clients that are quiet again, so that memory stays bounded.
    pub async fn forget(self) {
        let mut pause = tokio::time::interval(FORGET);
        loop {
            pause.tick().await;
            for limiter in [&self.addresses, &self.tokens].into_iter().flatten() {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
    }

    /// The part of the client's address that stands for one client, by the word of trusted proxies.
    #[must_use]
    pub fn address(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip());
        client::network(self.proxies.client(peer, request.headers()))
    }

    /// The keys of a request: its address, and its token if it has one.
    fn keys(&self, request: &ServiceRequest) -> (Key, Option<Key>) {
        let address = self.address(request.request());
        let token = request.headers().get(header::AUTHORIZATION);
        let token = token.map(|token| Key::Token(self.hasher.hash_one(token.as_bytes())));
        (Key::Address(address), token)
    }

    /// Counts a request. When it is one too many, says how long to wait, and which limit it is.
    fn count(&self, request: &ServiceRequest) -> Result<(), (Duration, &'static str)> {
        let (address, token) = self.keys(request);
        let count = |limiter: &Option<Arc<DefaultKeyedRateLimiter<Key>>>, key: &Key| {
            limiter.as_ref().map_or(Ok(()), |limiter| {
                let now = DefaultClock::default().now();
                limiter.check_key(key).map_err(|until| until.wait_time_from(now))
            })
        };
        count(&self.addresses, &address).map_err(|wait| (wait, "rate-per-address"))?;
        match &token {
            Some(token) => count(&self.tokens, token).map_err(|wait| (wait, "rate-per-token")),
            None => Ok(()),
        }
    }
}

/// Refuses what is too much, before anything is done for it.
///
/// # Errors
/// Those of the handlers.
pub async fn limit(
    rate: web::Data<Rate>,
    executor: web::Data<Executor>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let Err((wait, limit)) = rate.count(&request) else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    // A part of a second is a second.
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let whose = if limit == "rate-per-token" { "with this token" } else { "from this address" };
    let message = format!("there are too many requests {whose}; try again in {seconds} s");
    executor.metrics().count_rejection(limit);
    let error = HttpError::exceeded(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", limit, message);
    let mut response =
        error.respond(ResponseFormat::preferred(request.request()).unwrap_or(ResponseFormat::Json));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(request.into_response(response).map_into_boxed_body())
}
