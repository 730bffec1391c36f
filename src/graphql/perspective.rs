//! The arguments of a perspective: `asOf`, `knownAt`, `knownAtRelease` and `heldBy`.

use std::collections::HashMap;

use async_graphql::ID;
use chrono::{NaiveDate, NaiveDateTime};

use super::engine::call::Context;
use super::engine::coerce::Arguments;
use super::engine::reader::Reader;
use super::error::{Code, Error};
use super::scalar::{Date, DateTime};
use crate::db;
use crate::domain::id::PartyId;
use crate::domain::perspective::{Perspective, PointInTime};
use crate::domain::suggestion::did_you_mean;
use crate::domain::{GlobalId, Kind, text};

/// Adds the arguments `asOf`, `knownAt` and `knownAtRelease`.
pub fn time_arguments(reader: Reader) -> Reader {
    known_at(as_of(reader))
}

/// Adds the arguments `asOf`, `knownAt`, `knownAtRelease` and `heldBy`.
pub fn perspective_arguments(reader: Reader) -> Reader {
    held_by(known_at(as_of(reader)))
}

/// Adds the arguments `knownAt`, `knownAtRelease` and `heldBy`, for fields that cover several days.
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
    let reader = reader.argument::<Option<DateTime>>("knownAt", "Use only what had been recorded by this time, including assessments retracted later. Default: now.");
    known_at_release(reader)
}

/// Adds the argument `knownAtRelease`, for fields with their own description of `knownAt`.
pub fn known_at_release(reader: Reader) -> Reader {
    reader.argument::<Option<String>>("knownAtRelease", "Name of a release, such as `2026-11`. The time of that release is used as `knownAt`. Cannot be combined with `knownAt`. Added on 2026-11-30.")
}

fn held_by(reader: Reader) -> Reader {
    reader.argument::<Option<ID>>(
        "heldBy",
        "Id or slug of the party whose assessments are used. Default: the neutral record.",
    )
}

/// The point in time that the arguments select.
///
/// # Errors
/// Fails if `asOf` or `knownAt` is malformed, `knownAtRelease` is not a release, or both `knownAt` and `knownAtRelease` are
/// given.
pub fn point_in_time(
    context: &mut Context<'_>,
    arguments: &Arguments,
) -> Result<PointInTime, Error> {
    let known_at =
        KnownAt { instant: arguments.get("knownAt")?, release: arguments.get("knownAtRelease")? };
    Ok(PointInTime { as_of: day(arguments)?, known_at: known_at.read(context)? })
}

/// The time by which data must have been recorded, given as `knownAt` or as `knownAtRelease`.
pub struct KnownAt {
    pub instant: Option<DateTime>,
    pub release: Option<String>,
}

impl KnownAt {
    /// The time. None if neither argument is given.
    ///
    /// # Errors
    /// Fails if both arguments are given, or there is no such release.
    pub fn read(self, context: &mut Context<'_>) -> Result<Option<NaiveDateTime>, Error> {
        let Some(name) = self.release else { return Ok(self.instant.map(|instant| instant.0)) };
        if self.instant.is_some() {
            return Err(Code::BadUserInput.error(format!(
                "`knownAt` and `knownAtRelease: {}` cannot be combined: give one of them",
                text::quote(&name)
            )));
        }
        // Several fields and filters may name the same release.
        let release = context.read_once(format!("release {name}"), |connection| {
            db::release::by_name(connection, &name)
        })?;
        if let Some(release) = &*release {
            return Ok(Some(release.known_at));
        }
        let releases = context.read(db::release::all)?;
        let names = releases.iter().map(|release| release.name.as_str());
        let suggestion = did_you_mean(&name, names);
        Err(Code::BadUserInput.error(format!(
            "`knownAtRelease: {}` is not the name of a release{suggestion}; `releases` lists them",
            text::quote(&name)
        )))
    }
}

/// The perspective that the arguments select.
///
/// # Errors
/// Fails if `heldBy` is not a party, or [`point_in_time`] fails.
pub fn perspective(context: &mut Context<'_>, arguments: &Arguments) -> Result<Perspective, Error> {
    Ok(Perspective {
        point_in_time: point_in_time(context, arguments)?,
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

/// The perspective that the fields of a filter select.
///
/// # Errors
/// Fails if `held_by` is not a party, or `known_at` is invalid.
pub fn of_filter(
    context: &mut Context<'_>,
    as_of: Option<Date>,
    known_at: KnownAt,
    held_by: Option<ID>,
) -> Result<Perspective, Error> {
    let held_by = held_by.map(|id| party(context, "heldBy", &id)).transpose()?;
    let point_in_time =
        PointInTime { as_of: as_of.map(|day| day.0), known_at: known_at.read(context)? };
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

/// The parties that `argument` names by ids or slugs. Ids begin with a capital letter and slugs contain none, so no slug is
/// mistaken for an id.
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
