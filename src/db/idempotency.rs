//! Idempotency keys, and the results of their mutations.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::query::{self, Sql};
use super::schema::idempotency_keys::{self, dsl};
use super::{DbConnection, Error};
use crate::domain::Id;
use crate::domain::idempotency::{IdempotencyKey, RETENTION};

/// Expired keys are deleted when the oldest of them expired at least this long ago.
const EXPIRED_RETENTION: Duration = Duration::days(1);

/// The stored result of a key.
pub(super) struct PreviousResult<T> {
    /// The id of the record that the earlier mutation wrote. `None` if the key is new.
    pub(super) outcome: Option<Id<T>>,
    /// Whether expired keys exist that should be deleted.
    pub(super) any_expired: bool,
}

/// Looks up the key and the result of the earlier mutation.
///
/// # Errors
/// The key was used for a different mutation, and database errors.
pub(super) fn find<T>(
    connection: &mut DbConnection,
    actor: &str,
    key: &IdempotencyKey,
    at: NaiveDateTime,
) -> Result<PreviousResult<T>, Error> {
    let sql = Sql::new("SELECT previous.digest, previous.outcome_id, EXISTS (SELECT 1 FROM idempotency_keys WHERE recorded_at < ")
        .bind_instant(at - RETENTION - EXPIRED_RETENTION)
        .text(") FROM (SELECT 1 AS number) AS one_row LEFT JOIN idempotency_keys previous ON previous.actor = ")
        .bind(actor)
        .text(" AND previous.key = ")
        .bind(&key.key);
    let rows: Vec<(Option<String>, Option<Id<()>>, bool)> =
        query::rows::<(Nullable<Text>, Nullable<Text>, Bool), _>(connection, sql)?;
    let (digest, id, any_expired) = rows.into_iter().next().unwrap_or_default();
    let outcome = match digest.zip(id) {
        Some((digest, id)) if digest == key.digest.as_str() => Some(id.cast()),
        Some(_) => return Err(key.taken().into()),
        None => None,
    };
    Ok(PreviousResult { outcome, any_expired })
}

/// Deletes the expired keys.
///
/// # Errors
/// Database errors.
pub(super) fn delete_expired(
    connection: &mut DbConnection,
    at: NaiveDateTime,
) -> Result<(), Error> {
    let expired = dsl::recorded_at.lt(at - RETENTION);
    diesel::delete(idempotency_keys::table.filter(expired)).execute(connection)?;
    Ok(())
}

/// Stores the key and the result.
///
/// # Errors
/// Database errors.
pub(super) fn store<T>(
    connection: &mut DbConnection,
    actor: &str,
    key: &IdempotencyKey,
    outcome: Id<T>,
    at: NaiveDateTime,
) -> Result<(), Error> {
    diesel::insert_into(idempotency_keys::table)
        .values((
            dsl::actor.eq(actor),
            dsl::key.eq(&key.key),
            dsl::digest.eq(key.digest.as_str()),
            dsl::outcome_id.eq(outcome.cast::<()>()),
            dsl::recorded_at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}
