//! The arguments of a perspective: `asOf`, `knownAt` and `heldBy`.

use std::collections::HashMap;

use async_graphql::ID;
use chrono::NaiveDate;

use super::engine::call::Context;
use super::engine::coerce::Arguments;
use super::engine::reader::Reader;
use super::error::{Code, Error};
use super::scalar::{Date, DateTime};
use crate::db;
use crate::domain::id::PartyId;
use crate::domain::perspective::{Perspective, PointInTime};
use crate::domain::{GlobalId, Kind, text};

/// Adds the arguments `asOf` and `knownAt`.
pub fn time_arguments(reader: Reader) -> Reader {
    known_at(as_of(reader))
}

/// Adds the arguments `asOf`, `knownAt` and `heldBy`.
pub fn perspective_arguments(reader: Reader) -> Reader {
    held_by(known_at(as_of(reader)))
}

/// Adds the arguments `knownAt` and `heldBy`, for fields that cover several days.
pub fn history_arguments(reader: Reader) -> Reader {
    held_by(known_at(reader))
}

fn as_of(reader: Reader) -> Reader {
    reader.argument::<Option<Date>>(
        "asOf",
        "Use only assessments effective on or before this day. Default: no limit.",
    )
}

fn known_at(reader: Reader) -> Reader {
    reader.argument::<Option<DateTime>>("knownAt", "Use only what had been recorded by this time, including assessments retracted later. Default: now.")
}

fn held_by(reader: Reader) -> Reader {
    reader.argument::<Option<ID>>(
        "heldBy",
        "Id or slug of a party whose assessments to use. Default: the neutral record.",
    )
}

/// The point in time in the arguments.
///
/// # Errors
/// Fails if `asOf` or `knownAt` is malformed.
pub fn point_in_time(arguments: &Arguments) -> Result<PointInTime, Error> {
    let known_at: Option<DateTime> = arguments.get("knownAt")?;
    Ok(PointInTime { as_of: day(arguments)?, known_at: known_at.map(|instant| instant.0) })
}

/// The perspective in the arguments.
///
/// # Errors
/// Fails if `heldBy` is not a party.
pub fn perspective(context: &mut Context<'_>, arguments: &Arguments) -> Result<Perspective, Error> {
    Ok(Perspective {
        point_in_time: point_in_time(arguments)?,
        held_by: holder(context, arguments)?,
    })
}

/// The party in the argument `heldBy`.
///
/// # Errors
/// Fails if `heldBy` is not a party.
pub fn holder(context: &mut Context<'_>, arguments: &Arguments) -> Result<Option<PartyId>, Error> {
    let held_by: Option<ID> = arguments.get("heldBy")?;
    held_by.map(|id| party(context, "heldBy", &id)).transpose()
}

/// The day in the argument `asOf`.
///
/// # Errors
/// Fails if `asOf` is malformed.
pub fn day(arguments: &Arguments) -> Result<Option<NaiveDate>, Error> {
    let as_of: Option<Date> = arguments.get("asOf")?;
    Ok(as_of.map(|day| day.0))
}

/// The perspective in the fields of a filter.
///
/// # Errors
/// Fails if `held_by` is not a party.
pub fn of_filter(
    context: &mut Context<'_>,
    as_of: Option<Date>,
    known_at: Option<DateTime>,
    held_by: Option<ID>,
) -> Result<Perspective, Error> {
    let held_by = held_by.map(|id| party(context, "heldBy", &id)).transpose()?;
    let point_in_time =
        PointInTime { as_of: as_of.map(|day| day.0), known_at: known_at.map(|instant| instant.0) };
    Ok(Perspective { point_in_time, held_by })
}

/// The party that `argument` names by id or slug.
///
/// # Errors
/// Fails if there is no such party.
pub fn party(context: &mut Context<'_>, argument: &str, name: &ID) -> Result<PartyId, Error> {
    let ids = parties(context, argument, std::slice::from_ref(name))?;
    ids.into_iter().next().ok_or_else(|| Error::internal("a name without a party"))
}

/// The parties that `argument` names by ids or slugs. Ids begin with a capital letter, and slugs have none.
///
/// # Errors
/// Fails if there is no such party.
pub fn parties(
    context: &mut Context<'_>,
    argument: &str,
    names: &[ID],
) -> Result<Vec<PartyId>, Error> {
    let refuse = |name: &str, problem: &str| {
        Code::BadUserInput.error(format!("`{argument}: {}` {problem}", text::quote(name)))
    };
    let (mut ids, mut slugs) = (Vec::new(), Vec::new());
    for name in names {
        match GlobalId::decode(name) {
            Some(GlobalId { kind: Kind::Party, uuid }) => ids.push(PartyId::from_uuid(uuid)),
            Some(other) => {
                let problem = format!("is an id of kind {}, not party", other.kind.words());
                return Err(refuse(name, &problem));
            }
            None => slugs.push(name.as_str()),
        }
    }
    let (by_id, by_slug) = context.read(|connection| {
        let by_id = match ids.as_slice() {
            [] => HashMap::new(),
            ids => db::party::by_ids(connection, ids)?,
        };
        let by_slug = match slugs.as_slice() {
            [] => HashMap::new(),
            slugs => db::party::by_slugs(connection, slugs)?,
        };
        Ok((by_id, by_slug))
    })?;
    let parties = names.iter().map(|name| {
        let party = match GlobalId::decode(name) {
            Some(id) => by_id.get(PartyId::from_uuid(id.uuid).as_str()),
            None => by_slug.get(name.as_str()),
        };
        let missing = || refuse(name, "is neither the id nor the slug of a party");
        party.map(|party| party.id).ok_or_else(missing)
    });
    parties.collect()
}
