//! The arguments that choose a perspective: a day (`asOf`), an instant of knowledge (`knownAt`), a holder (`heldBy`).

use async_graphql::ID;

use super::engine::coerce::Arguments;
use super::engine::execute::Context;
use super::engine::schema::Reader;
use super::error::{Code, Error};
use super::scalar::{Date, DateTime};
use crate::db;
use crate::domain::id::PartyId;
use crate::domain::view::{Moment, View};
use crate::domain::{GlobalId, Kind, text};

/// The arguments `asOf` and `knownAt`.
pub fn moment_arguments(reader: Reader) -> Reader {
    reader
        .argument::<Option<Date>>("asOf", "Use only assessments effective on or before this day. Default: no limit.")
        .argument::<Option<DateTime>>("knownAt", "Use only what had been recorded by this time, including assessments retracted later. Default: now.")
}

/// The arguments `asOf`, `knownAt` and `heldBy`.
pub fn view_arguments(reader: Reader) -> Reader {
    moment_arguments(reader).argument::<Option<ID>>(
        "heldBy",
        "Id or slug of a party whose assessments to use. Default: the neutral record.",
    )
}

/// The moment that the arguments choose.
///
/// # Errors
/// When a day or an instant is malformed.
pub fn moment(arguments: &Arguments) -> Result<Moment, Error> {
    let as_of: Option<Date> = arguments.get("asOf")?;
    let known_at: Option<DateTime> = arguments.get("knownAt")?;
    Ok(Moment { as_of: as_of.map(|day| day.0), known_at: known_at.map(|instant| instant.0) })
}

/// The view that the arguments choose.
///
/// # Errors
/// When `heldBy` names no party.
pub fn view(context: &mut Context<'_>, arguments: &Arguments) -> Result<View, Error> {
    let held_by: Option<ID> = arguments.get("heldBy")?;
    let held_by = held_by.map(|id| party(context, "heldBy", &id)).transpose()?;
    Ok(View { moment: moment(arguments)?, held_by })
}

/// The party that an argument names, by id or slug. A slug can be told from an id: it has no capital letter, which every
/// id begins with.
///
/// # Errors
/// When there is none.
pub fn party(context: &mut Context<'_>, argument: &str, name: &ID) -> Result<PartyId, Error> {
    let quoted = text::quote(name);
    let known = match GlobalId::decode(name) {
        Some(GlobalId { kind: Kind::Party, uuid }) => {
            let id = PartyId::from_uuid(uuid);
            let parties = context.read(|connection| db::party::by_ids(connection, &[id]))?;
            parties.contains_key(id.as_str()).then_some(id)
        }
        Some(other) => {
            let message = format!(
                "`{argument}: {quoted}` is the id of a record of the kind {}, not party",
                other.kind.words()
            );
            return Err(Code::BadUserInput.error(message));
        }
        None => {
            let slug = name.as_str();
            let parties = context.read(|connection| db::party::by_slugs(connection, &[slug]))?;
            parties.get(slug).map(|party| party.id)
        }
    };
    known.ok_or_else(|| {
        let message = format!("`{argument}: {quoted}` is neither the id nor the slug of a party");
        Code::BadUserInput.error(message)
    })
}
