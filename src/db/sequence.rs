//! Reads the graph of steps and preconditions.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::agreement::{self, EndingView};
use super::query::{self, Sql};
use super::schema::preconditions;
use super::{DbConnection, Dialect, Error, perspective};
use crate::domain::StringEnum;
use crate::domain::id::{AssessableId, PartyId, PreconditionId};
use crate::domain::perspective::{Perspective, PointInTime};
use crate::domain::precondition::PreconditionNeed;
use crate::domain::sequence::{self, Graph, OwnerId, Step};
use crate::domain::status::{AssessableKind, Status};

/// A step and its owner: the agreement of a clause, the proposal of a caveat, or the proposal itself.
const STEPS: &str = "trackables AS step \
                     LEFT JOIN clauses ON clauses.id = step.id \
                     LEFT JOIN agreements ON agreements.id = clauses.agreement_id \
                     LEFT JOIN caveats ON caveats.id = step.id \
                     LEFT JOIN proposals ON proposals.id = coalesce(caveats.proposal_id, step.id) \
                     LEFT JOIN trackables AS owner ON owner.id = proposals.id";

/// The condition that neither the step nor its owner is archived.
const IN_USE: &str =
    "step.archived_at IS NULL AND agreements.archived_at IS NULL AND owner.archived_at IS NULL";

/// Those columns of a precondition that the graph needs.
#[derive(Queryable, Selectable)]
#[diesel(table_name = preconditions)]
struct Precondition {
    id: PreconditionId,
    step_id: AssessableId,
    requires_id: AssessableId,
    needs: PreconditionNeed,
    held_by_id: Option<PartyId>,
}

/// The steps of these agreements and proposals, all steps that they require directly or indirectly, and the
/// preconditions between all these steps. Includes the preconditions of every holder. The statuses of the steps are
/// neutral statuses at `point_in_time`. Steps are in order of the day of their agreement or proposal, then of their
/// position. A proposal comes before its caveats. Preconditions in the neutral record come first. The others are in
/// order of the holder's name. Excludes archived records.
///
/// # Errors
/// Database errors.
pub fn graph(
    connection: &mut DbConnection,
    point_in_time: PointInTime,
    owners: &[OwnerId],
) -> Result<Graph, Error> {
    type Row = (AssessableId, AssessableKind, OwnerId, Option<String>, bool);
    let dialect = connection.dialect();
    let perspective = Perspective { point_in_time, held_by: None };
    let sql = Sql::new("SELECT step.id, step.kind, coalesce(clauses.agreement_id, proposals.id), ")
        .append(status("step", perspective))
        .text(", ")
        .append(has_ended_owner("step", perspective))
        .text(format!(" FROM {STEPS} WHERE {IN_USE} AND step.id"))
        .among(dialect, reached(dialect, owners))
        .text(
            " ORDER BY coalesce(agreements.agreed_on, proposals.made_on), \
             coalesce(clauses.agreement_id, proposals.id), \
             coalesce(clauses.position, caveats.position, 0), step.id",
        );
    let steps: Vec<Row> =
        query::rows::<(Text, Text, Text, Nullable<Text>, Bool), _>(connection, sql)?;
    let ids: Vec<AssessableId> = steps.iter().map(|(id, ..)| *id).collect();
    let tail = Sql::new(
        "FROM preconditions LEFT JOIN parties ON parties.id = preconditions.held_by_id \
         WHERE preconditions.archived_at IS NULL AND ",
    )
    .any_of(dialect, "preconditions.step_id", &ids)
    .text(
        " ORDER BY preconditions.held_by_id IS NOT NULL, parties.name COLLATE alphabetical, preconditions.held_by_id, \
         preconditions.id",
    );
    let preconditions: Vec<Precondition> = query::select(connection, tail)?;
    let step = |(id, kind, owner, status, is_owner_ended): Row| {
        let status = match status.as_deref() {
            Some(name) => Status::parse(kind, name)
                .ok_or_else(|| Error::Internal(format!("unexpected status {name:?}")))?,
            None => Status::initial(kind),
        };
        let is_done = status.is_done();
        let is_ended = !is_done && (is_owner_ended || status.is_ended());
        Ok(Step { id, kind, owner, is_begun: status.is_begun() && !is_ended, is_done, is_ended })
    };
    let precondition = |row: Precondition| sequence::Precondition {
        id: row.id,
        step: row.step_id,
        requires: row.requires_id,
        needs: row.needs,
        held_by: row.held_by_id,
    };
    Ok(Graph::new(
        steps.into_iter().map(step).collect::<Result<_, Error>>()?,
        preconditions.into_iter().map(precondition).collect(),
    ))
}

/// The ids of the steps of these owners, and of all steps that they require, directly or indirectly.
fn reached(dialect: Dialect, owners: &[OwnerId]) -> Sql {
    Sql::new("WITH RECURSIVE reached (id) AS (SELECT owned.id FROM (SELECT id FROM clauses WHERE ")
        .one_or_any_of(dialect, "agreement_id", owners)
        .text(" UNION ALL SELECT id FROM caveats WHERE ")
        .one_or_any_of(dialect, "proposal_id", owners)
        .text(" UNION ALL SELECT id FROM proposals WHERE ")
        .one_or_any_of(dialect, "id", owners)
        .text(
            ") AS owned UNION SELECT preconditions.requires_id FROM reached \
             JOIN preconditions ON preconditions.step_id = reached.id \
             WHERE preconditions.archived_at IS NULL) SELECT reached.id FROM reached",
        )
}

/// The condition that the record in `trackables` is blocked in `perspective`: it is neither done nor ended, and at
/// least one precondition of any holder is not met. A precondition is met if the required record is done, or has begun
/// if that is enough.
pub(super) fn blocked(perspective: Perspective) -> Sql {
    Sql::new("(NOT ")
        .append(has_status(
            "trackables",
            |status| status.is_done() || status.is_ended(),
            perspective,
        ))
        .text(" AND NOT ")
        .append(has_ended_owner("trackables", perspective))
        .text(format!(
            " AND EXISTS (SELECT 1 FROM preconditions CROSS JOIN {STEPS} \
             WHERE preconditions.step_id = trackables.id AND preconditions.archived_at IS NULL \
             AND step.id = preconditions.requires_id AND {IN_USE} AND NOT "
        ))
        .append(has_status("step", Status::is_done, perspective))
        .text(" AND NOT (preconditions.needs = 'begun' AND ")
        .append(has_status("step", Status::is_begun, perspective))
        .text(" AND NOT ")
        .append(has_ended_owner("step", perspective))
        .text(")))")
}

/// The condition that the agreement of a clause, or the proposal of a caveat, had ended in `perspective`. `row` is the row of
/// the clause or caveat in `trackables`.
fn has_ended_owner(row: &str, perspective: Perspective) -> Sql {
    let view = EndingView { as_of: perspective.point_in_time.as_of, held_by: perspective.held_by };
    Sql::new(format!(
        "(EXISTS (SELECT 1 FROM clauses AS member \
         JOIN agreement_endings AS ending ON ending.agreement_id = member.agreement_id \
         WHERE member.id = {row}.id AND "
    ))
    .append(agreement::ending_in("ending", view))
    .text(format!(
        ") OR EXISTS (SELECT 1 FROM caveats AS member \
         JOIN trackables AS proposal ON proposal.id = member.proposal_id \
         WHERE member.id = {row}.id AND "
    ))
    .append(has_status("proposal", Status::is_ended, perspective))
    .text("))")
}

/// The condition that the status of the record in `row` meets `predicate`: a method of [`Status`], such as
/// [`Status::is_done`].
fn has_status(row: &str, predicate: fn(Status) -> bool, perspective: Perspective) -> Sql {
    let statuses: Vec<String> = Status::all()
        .filter(|status| predicate(*status))
        .map(|status| format!("'{}/{}'", status.kind().as_str(), status.as_str()))
        .collect();
    Sql::new(format!("({row}.kind || '/' || coalesce("))
        .append(status(row, perspective))
        .text(format!(", '') IN ({}))", statuses.join(", ")))
}

/// The status of the record in `row` in `perspective`. Null if it had not been assessed.
fn status(row: &str, perspective: Perspective) -> Sql {
    if perspective == Perspective::default() {
        Sql::new(format!("{row}.status"))
    } else {
        perspective::latest("status", &format!("{row}.id"), perspective)
    }
}
