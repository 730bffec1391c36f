//! Whether the database agrees with itself: what `clausewatch check` looks at.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::position::{CAVEATS, CLAUSES};
use super::schema::{assessments, changes, trackables};
use super::trackable::Trackable;
use super::{DbConnection, Error, clause, reckoning, search_rebuild, slug};
use crate::domain::assessment::{Claim, in_force};
use crate::domain::id::{AssessmentId, PartyId, TrackableId};
use crate::domain::status::Status;
use crate::domain::view::View;

/// Rebuilds every neutral status in force from the assessments and every deadline's day from its rule, by what `domain`
/// says, and compares them with those that are kept; looks whether the change log has every position up to its head, and
/// the search index the words of every record, and that no entry of the log is ahead of the clock. Each difference is a
/// sentence.
///
/// # Errors
/// Those of the database.
pub fn check(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    type Row = (
        AssessmentId,
        TrackableId,
        Option<PartyId>,
        NaiveDate,
        NaiveDateTime,
        Option<NaiveDateTime>,
        String,
    );
    let rows: Vec<Row> = assessments::table
        .select((
            assessments::id,
            assessments::trackable_id,
            assessments::held_by_id,
            assessments::effective_on,
            assessments::recorded_at,
            assessments::retracted_at,
            assessments::status,
        ))
        .load(connection)?;
    let mut claims: HashMap<TrackableId, Vec<Claim>> = HashMap::new();
    let mut statuses: HashMap<AssessmentId, String> = HashMap::new();
    for (id, trackable, held_by, effective_on, recorded_at, retracted_at, status) in rows {
        claims.entry(trackable).or_default().push(Claim {
            id,
            held_by,
            effective_on,
            recorded_at,
            retracted_at,
        });
        statuses.insert(id, status);
    }
    let mut differences = Vec::new();
    let kept: Vec<Trackable> =
        trackables::table.order(trackables::id).select(Trackable::as_select()).load(connection)?;
    for trackable in kept {
        let standing =
            claims.get(&trackable.id).and_then(|claims| in_force(claims, View::default()));
        let status = standing
            .and_then(|claim| statuses.get(&claim.id).map(String::as_str))
            .unwrap_or_else(|| Status::initial(trackable.kind).as_str());
        let right =
            (status, standing.map(|claim| claim.effective_on), standing.map(|claim| claim.id));
        let found = (trackable.status.as_str(), trackable.status_since, trackable.assessment_id);
        if right != found {
            differences.push(format!(
                "{} {}: kept is {}, the assessments say {}",
                trackable.kind_in_words(),
                trackable.id,
                words(found),
                words(right),
            ));
        }
    }
    differences.extend(clause::list_differences(connection)?);
    for positions in [CLAUSES, CAVEATS] {
        differences.extend(positions.differences(connection)?);
    }
    differences.extend(reckoning::differences(connection)?);
    let head = connection.log_position()?;
    let logged: i64 = changes::table.count().get_result(connection)?;
    let last: Option<i64> =
        changes::table.select(diesel::dsl::max(changes::position)).first(connection)?;
    if (logged, last.unwrap_or_default()) != (head, head) {
        differences.push(format!(
            "change log: its head says {head}, but there are {logged} changes and the last has position {}",
            last.unwrap_or_default()
        ));
    }
    differences.extend(connection.time_ahead()?);
    differences.extend(slug::differences(connection)?);
    differences.extend(search_rebuild::differences(connection)?);
    Ok(differences)
}

fn words((status, since, assessment): (&str, Option<NaiveDate>, Option<AssessmentId>)) -> String {
    match (since, assessment) {
        (Some(since), Some(assessment)) => {
            format!("{} since {since} (assessment {assessment})", status.to_ascii_uppercase())
        }
        _ => format!("{} without an assessment", status.to_ascii_uppercase()),
    }
}
