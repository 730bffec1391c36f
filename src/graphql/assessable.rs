//! The fields that clauses, caveats and proposals share: their status and their assessments.

use std::collections::HashMap;

use async_graphql::ID;

use super::assessment::{include_retracted_argument, list as assessment_list};
use super::engine::call::{Call, Context, Reference, References, Resolved};
use super::engine::leaf::Enumerated;
use super::engine::link::{distinct, lists_by_key, many, one_by_key};
use super::engine::reader::{Reader, call, date, leaf, string_enum};
use super::engine::record_list::connection;
use super::engine::schema::{Abstract, Object};
use super::error::{Code, Error};
use super::perspective::{perspective, perspective_arguments, point_in_time, time_arguments};
use super::scalar::Date;
use super::status_check;
use crate::db::assessment_list::Parent;
use crate::db::rows::Column;
use crate::db::{self, assessable_name};
use crate::domain::content::ASSESSABLE;
use crate::domain::id::AssessableId;
use crate::domain::perspective::Perspective;
use crate::domain::status::{AssessableKind, Status};
use crate::domain::{GlobalId, Id, Kind, StringEnum, assessment, text};

/// The interface of clauses, caveats and proposals.
pub fn interface() -> Abstract {
    Abstract {
        name: "Trackable",
        description: "A record whose status is tracked by dated assessments: a clause, caveat or proposal.",
        members: &[],
        fields: &[
            ("id", "Opaque global id. Permanent, and unique across all types."),
            (
                "version",
                "Increases with every change to this record, including new and retracted assessments. Pass it as `expectedVersion`.",
            ),
            ("reference", "Short readable reference, such as `Minsk II, 9`."),
            ("isContested", IS_CONTESTED),
            ("checkedOn", status_check::CHECKED_ON),
            ("checkedBy", status_check::CHECKED_BY),
            (
                "preconditions",
                "Preconditions of this record: each names a record that must be done or have begun first. Contains the preconditions that the text states, and those in the reading of any party.",
            ),
            (
                "preconditionOf",
                "Preconditions that require this record to be done or to have begun first: those that the text states, and those in the reading of any party.",
            ),
        ],
    }
}

/// The names of the types and columns for one kind of record: clauses, caveats or proposals.
pub struct Assessable {
    pub kind: AssessableKind,
    /// The column of the record's id.
    pub id: Column,
    /// The column of the status in force. The table of clauses has a copy of the status, which saves a join.
    pub status: Column,
    /// The column of the first day of the status in force.
    pub since: Column,
    /// The type of its assessments.
    pub assessment: &'static str,
    /// The type of a list of its assessments.
    pub assessments: &'static str,
    /// The type of a page of its assessments.
    pub page: &'static str,
    /// The kind of its assessments.
    pub assessment_kind: Kind,
    /// The description of its status.
    pub status_description: &'static str,
}

impl Assessable {
    /// Adds the shared fields. `E` is the GraphQL enum of statuses. `S` is the enum of their stored names.
    pub fn fields<E, S>(&self, object: Object) -> Object
    where
        E: async_graphql::EnumType + async_graphql::InputType + From<S>,
        S: StringEnum + From<E>,
    {
        let Self { id, kind, status, since, .. } = *self;
        object
            .field(
                "status",
                self.status_description,
                leaf(move |call: &mut Call<'_, '_>| statuses::<E, S>(call, id, kind, status))
                    .without_arguments(string_enum::<E, S>(status))
                    .needs(&[id, status])
                    .arguments(perspective_arguments),
            )
            .field(
                "statusSince",
                "First day of the status in force. Null if there is no assessment in force.",
                leaf(move |call: &mut Call<'_, '_>| first_days(call, id, since))
                    .without_arguments(date(since))
                    .needs(&[id, since])
                    .arguments(perspective_arguments),
            )
            .field("assessment", "Assessment in force. Null if there is none.", self.in_force())
            .field("viewpoints", "Assessments in force of all holders: the neutral record first, then parties by name. Holders without an assessment in force are omitted.", self.viewpoints())
            .field("isContested", IS_CONTESTED, is_contested(id))
            .field(
                "assessments",
                "Assessments of all holders, newest first by `effectiveOn`, then by `recordedAt`.",
                connection(self.page, self.assessment, Some(id), |call| {
                    assessment_list(call.arguments, Parent::Subject)
                })
                .arguments(include_retracted_argument),
            )
            .fields(|object| status_check::fields(object, id))
            .field(
                "preconditions",
                "Preconditions of this record: each names a record that must be done or have begun first. Contains the preconditions that the text states, and those in the reading of any party.",
                many("[Precondition!]!", "Precondition", id, db::precondition::OF_STEPS),
            )
            .field(
                "preconditionOf",
                "Preconditions that require this record to be done or to have begun first: those that the text states, and those in the reading of any party.",
                many("[Precondition!]!", "Precondition", id, db::precondition::REQUIRING),
            )
    }

    fn in_force(&self) -> Reader {
        let (id, object, kind) = (self.id, self.assessment, self.assessment_kind);
        call(object, move |call: &mut Call<'_, '_>| {
            let perspective = perspective(call.context, call.arguments)?;
            if perspective == Perspective::default() {
                let ids = call.column(ASSESSMENT)?.into_iter().map(|id| {
                    let id = id.and_then(Id::<()>::stored);
                    References::One(id.map(|id| Reference::new(kind, id)))
                });
                return Ok(Resolved::References(ids.collect()));
            }
            let keys = call.column(id)?;
            let columns = call.selected.columns(object, &[]);
            let subjects = distinct(keys.iter().copied().flatten());
            let rows = call.context.read(|connection| {
                db::perspective::select_in_force(connection, perspective, &subjects, &columns)
            })?;
            Ok(one_by_key(object, &keys, rows))
        })
        .needs(&[id, ASSESSMENT])
        .arguments(perspective_arguments)
    }

    fn viewpoints(&self) -> Reader {
        let (id, object) = (self.id, self.assessment);
        call(self.assessments, move |call: &mut Call<'_, '_>| {
            let point_in_time = point_in_time(call.context, call.arguments)?;
            let keys = call.keys(id)?;
            let columns = call.selected.columns(object, &[]);
            let subjects = distinct(keys.iter().copied());
            let rows = call.context.read(|connection| {
                db::perspective::select_viewpoints(connection, point_in_time, &subjects, &columns)
            })?;
            Ok(lists_by_key(object, &keys, rows))
        })
        .needs(&[id])
        .arguments(time_arguments)
    }
}

const IS_CONTESTED: &str = "Whether parties disagree, that is, whether the assessments in force of at least two parties state different statuses or name different parties in `breachedBy`. The neutral record does not count as a party. Ignores parties with no assessment or the status UNASSESSED. An assessment with an empty `breachedBy` does not contradict one that names parties there.";
const ASSESSMENT: Column = "trackables.assessment_id";

fn is_contested(id: Column) -> Reader {
    leaf(move |call: &mut Call<'_, '_>| {
        let point_in_time = point_in_time(call.context, call.arguments)?;
        let keys = call.keys(id)?;
        let subjects = distinct(keys.iter().copied());
        let viewpoints = call
            .context
            .read(|connection| db::perspective::viewpoints(connection, point_in_time, &subjects))?;
        let contested = keys.iter().map(|key| {
            let rows = viewpoints.get(*key).map(Vec::as_slice).unwrap_or_default();
            assessment::is_contested(rows)
        });
        Ok(contested.collect())
    })
    .needs(&[id])
    .arguments(time_arguments)
}

fn statuses<E, S>(
    call: &mut Call<'_, '_>,
    id: Column,
    kind: AssessableKind,
    column: Column,
) -> Result<Vec<Enumerated<E>>, Error>
where
    E: async_graphql::EnumType + async_graphql::InputType + From<S>,
    S: StringEnum,
{
    let perspective = perspective(call.context, call.arguments)?;
    let status = |stored: &str| {
        let status = S::parse(stored).map(|status| Enumerated(E::from(status)));
        status.ok_or_else(|| Error::internal(format!("the stored status {stored}")))
    };
    if perspective == Perspective::default() {
        return call.keys(column)?.into_iter().map(status).collect();
    }
    let in_force = in_force(call, id, perspective)?;
    let initial = Status::initial(kind).as_str();
    in_force.iter().map(|row| status(row.as_ref().map_or(initial, |row| &row.status))).collect()
}

/// The first day of the status in force of each parent. None if there is no assessment in force.
fn first_days(
    call: &mut Call<'_, '_>,
    id: Column,
    column: Column,
) -> Result<Vec<Option<Date>>, Error> {
    let perspective = perspective(call.context, call.arguments)?;
    if perspective == Perspective::default() {
        return call
            .column(column)?
            .into_iter()
            .map(|day| day.map(Date::stored).transpose())
            .collect();
    }
    let in_force = in_force(call, id, perspective)?.into_iter();
    in_force.map(|row| row.map(|row| Date::stored(&row.since)).transpose()).collect()
}

/// A status in force, and its first day, as they are stored.
#[derive(Clone)]
pub struct StatusInForce {
    /// The stored name of the status.
    pub status: String,
    /// The stored day.
    pub since: String,
}

/// The status in force of each parent in a perspective. None if there is no assessment in force.
pub fn in_force(
    call: &mut Call<'_, '_>,
    id: Column,
    perspective: Perspective,
) -> Result<Vec<Option<StatusInForce>>, Error> {
    let keys = call.keys(id)?;
    let subjects = distinct(keys.iter().copied());
    let columns = ["assessments.status", "assessments.effective_on"];
    // Several fields of a clause may need these rows, so they are read only once.
    let rows =
        call.context.read_once(format!("in force {perspective:?} {subjects:?}"), |connection| {
            db::perspective::select_in_force(connection, perspective, &subjects, &columns)
        })?;
    let by_subject: HashMap<&str, StatusInForce> = (0..rows.len())
        .filter_map(|row| {
            let (status, since) = (rows.text(row, 1)?.to_owned(), rows.text(row, 2)?.to_owned());
            Some((rows.text(row, 0)?, StatusInForce { status, since }))
        })
        .collect();
    Ok(keys.iter().map(|key| by_subject.get(key).cloned()).collect())
}

/// The clauses, caveats and proposals in an argument, given by id or by a name such as `minsk-2/9`, `us-reply-2022/UR-4` or
/// `us-reply-2022`. A name begins with a slug, so it cannot be confused with an id: see `perspective::parties`.
///
/// # Errors
/// Fails if a name belongs to no record, or an id belongs to another kind of record.
pub fn named(
    context: &mut Context<'_>,
    argument: &str,
    names: &[ID],
) -> Result<Vec<AssessableId>, Error> {
    let resolved = resolve(names, |names| {
        context.read(|connection| assessable_name::by_names(connection, names))
    })?;
    let resolved = names.iter().zip(resolved).map(|(name, id)| {
        id.map_err(|problem| {
            let message = format!("`{argument}: {}` {problem}", text::quote(name));
            Code::BadUserInput.error(message)
        })
    });
    resolved.collect()
}

/// Resolves each id or name, as for [`named`], to the id of a clause, caveat or proposal, or to an error. Calls `look_up` once,
/// and only if the list contains names. Does not check that ids exist.
///
/// # Errors
/// Fails if `look_up` fails.
pub fn resolve<E>(
    names: &[ID],
    look_up: impl FnOnce(&[&str]) -> Result<HashMap<String, AssessableId>, E>,
) -> Result<Vec<Result<AssessableId, String>>, E> {
    let slugs = names.iter().map(|name| name.as_str());
    let slugs = distinct(slugs.filter(|name| GlobalId::decode(name).is_none()));
    let by_name = if slugs.is_empty() { HashMap::new() } else { look_up(&slugs)? };
    let resolved = names.iter().map(|name| match GlobalId::decode(name) {
        Some(GlobalId { kind, uuid }) if ASSESSABLE.contains(&kind) => Ok(Id::from_uuid(uuid)),
        Some(other) => {
            let kind = other.kind.words();
            Err(format!("is an id of kind {kind}, not clause, caveat or proposal"))
        }
        None => by_name.get(name.as_str()).copied().ok_or_else(|| {
            "is neither the id of a clause, caveat or proposal nor a name such as `minsk-2/9`"
                .to_owned()
        }),
    });
    Ok(resolved.collect())
}
