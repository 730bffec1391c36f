//! The freshness of responses: conditions of a request, lookups in the response cache, and positions in the change log.

use super::{ExecutionRequest, Executor, ReadyOperation};
use crate::db::{DbConnection, LogPoint, Session};
use crate::domain::day;
use crate::domain::viewer::{Credential, Viewer};
use crate::graphql::engine::cache::{CacheKey, ResponseCache};
use crate::graphql::engine::response::{Freshness, Response};
use crate::graphql::error::{Code, Error};

/// The freshness that a request requires of its response.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// The response must reflect the change log at least up to this position.
    pub min_position: Option<i64>,
    /// The entity tags of responses that the client has, in the format of `If-None-Match`.
    pub if_none_match: Option<String>,
}

impl Conditions {
    /// Whether the client has the response with this tag, by the weak comparison of RFC 9110, section 8.8.3.2. `*` matches no
    /// tag.
    #[must_use]
    pub fn has(&self, entity_tag: &str) -> bool {
        fn opaque(tag: &str) -> &str {
            tag.strip_prefix("W/").unwrap_or(tag)
        }
        let tags = self.if_none_match.as_deref().unwrap_or_default();
        tags.split(',').any(|tag| opaque(tag.trim()) == opaque(entity_tag))
    }
}

impl Executor {
    /// The cached response for the current position of the log. None if the cache does not contain it, if the viewer must be
    /// looked up first, or if reading the position would block the thread.
    pub(super) fn cached_response(
        &self,
        ready: &ReadyOperation,
        credential: &Credential,
        conditions: &Conditions,
    ) -> Option<Response> {
        let is_public = *credential == Credential::None && !self.is_private();
        if !is_public || !ready.prepared.is_cacheable() || self.db.log_point_blocks() {
            return None;
        }
        let response_cache = self.response_cache.as_ref()?;
        let point = self.db.log_point().ok()?;
        if conditions.min_position.is_some_and(|least| point.position < least) {
            return None;
        }
        find(response_cache, &cache_key(ready, point), conditions)
    }

    /// Responds from the cache if it contains the response for the position of the session's snapshot. Otherwise executes the
    /// operation.
    pub(super) fn respond(
        &self,
        session: &mut Session,
        request: &ExecutionRequest,
        viewer: &Viewer,
        deadline: std::time::Instant,
    ) -> Result<Response, Error> {
        let ExecutionRequest { ready, conditions, position } = request;
        let position = position.as_deref();
        // This position is read before the snapshot is taken. The response reflects at least this position of the log.
        let position_before = self.db.known_position();
        let least = conditions.min_position.filter(|least| *least > position_before);
        // The response to a mutation also reflects the mutation's own commit.
        let is_mutation = ready.prepared.operation.is_mutation();
        let reflected = |read| if is_mutation { self.db.known_position() } else { read };
        // Responses to admins are not cached, because they may contain access tokens, which are not in the log.
        let response_cache = self
            .response_cache
            .as_ref()
            .filter(|_| ready.prepared.is_cacheable() && viewer.admin().is_err());
        if response_cache.is_none() && least.is_none() {
            let mut response = self.answer(session, ready, viewer, position, deadline)?;
            response.freshness.position = Some(reflected(position_before));
            return Ok(response);
        }
        // This position is read in the snapshot of the response, so the response reflects exactly this position.
        let snapshot = session.read().and_then(DbConnection::log_point)?;
        // No later response may be older than this one.
        self.db.advance_log(snapshot);
        check_position(least, snapshot.position)?;
        let key = cache_key(ready, snapshot);
        if let Some(response) = response_cache.and_then(|cache| find(cache, &key, conditions)) {
            return Ok(response);
        }
        let mut response = self.answer(session, ready, viewer, position, deadline)?;
        response.freshness.position = Some(reflected(snapshot.position));
        if let Some(response_cache) = response_cache.filter(|_| !response.freshness.is_unlogged) {
            response.freshness.is_hit = Some(false);
            if let Some(body) = response.without_errors() {
                response_cache.insert(key, body.clone());
                response.freshness.cache_key = Some(key);
            }
        }
        Ok(response)
    }
}

fn cache_key(ready: &ReadyOperation, point: LogPoint) -> CacheKey {
    CacheKey { request: ready.digest, point, day: day::today() }
}

/// The cached response with this key. It has no body if the client already has the response.
fn find(
    response_cache: &ResponseCache,
    key: &CacheKey,
    conditions: &Conditions,
) -> Option<Response> {
    let is_not_modified = conditions.if_none_match.is_some() && conditions.has(&key.entity_tag());
    let mut response = if is_not_modified {
        Response::default()
    } else {
        Response::executed(response_cache.get(key)?, Vec::new())
    };
    response.freshness = Freshness {
        position: Some(key.point.position),
        is_hit: Some(true),
        cache_key: Some(*key),
        is_unlogged: false,
        is_not_modified,
    };
    Some(response)
}

/// Rejects a request whose minimum position is after the end of the log.
fn check_position(least: Option<i64>, position: i64) -> Result<(), Error> {
    match least {
        Some(least) if least > position => Err(Code::BadUserInput.error(format!(
            "the change log ends at position {position}, but the request requires position {least} in \
             `x-clausewatch-min-position`: use a position of this database"
        ))),
        _ => Ok(()),
    }
}
