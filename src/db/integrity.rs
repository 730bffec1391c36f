//! The integrity checks of `clausewatch check`.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::assessable::Assessable;
use super::position::{CAVEATS, CLAUSES};
use super::schema::{assessment_breakers, assessments, changes, trackables};
use super::{
    DbConnection, Error, clause, due_dates, edtf, external_id, release, search_rebuild, slug,
    status_check,
};
use crate::domain::assessment::{AssessmentFacts, in_force};
use crate::domain::id::{AssessableId, AssessmentId, PartyId};
use crate::domain::perspective::Perspective;
use crate::domain::status::Status;

/// Recomputes each neutral status in force and each due date by the rules in `domain`, and compares them with the stored
/// values. Also checks, among other things, that the change log has no gaps, that its last entry is not ahead of the
/// clock, that the search index contains the words of all records, and that the log and the files of each release are
/// unchanged. Describes each difference in a sentence.
///
/// # Errors
/// Database errors.
pub fn check(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    type Row = (
        AssessmentId,
        AssessableId,
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
    let mut facts: HashMap<AssessableId, Vec<AssessmentFacts>> = HashMap::new();
    let mut statuses: HashMap<AssessmentId, String> = HashMap::new();
    for (id, assessable, held_by, effective_on, recorded_at, retracted_at, status) in rows {
        facts.entry(assessable).or_default().push(AssessmentFacts {
            id,
            held_by,
            effective_on,
            recorded_at,
            retracted_at,
        });
        statuses.insert(id, status);
    }
    let mut differences = Vec::new();
    let subjects: Vec<Assessable> =
        trackables::table.order(trackables::id).select(Assessable::as_select()).load(connection)?;
    for assessable in subjects {
        let effective =
            facts.get(&assessable.id).and_then(|facts| in_force(facts, Perspective::default()));
        let status = effective
            .and_then(|facts| statuses.get(&facts.id).map(String::as_str))
            .unwrap_or_else(|| Status::initial(assessable.kind).as_str());
        let expected =
            (status, effective.map(|facts| facts.effective_on), effective.map(|facts| facts.id));
        let stored =
            (assessable.status.as_str(), assessable.status_since, assessable.assessment_id);
        if expected != stored {
            differences.push(format!(
                "{} {}: stored {}, expected {}",
                assessable.kind_in_words(),
                assessable.id,
                words(stored),
                words(expected),
            ));
        }
    }
    differences.extend(misplaced_breakers(connection)?);
    differences.extend(status_check::differences(connection)?);
    differences.extend(clause::list_differences(connection)?);
    for positions in [CLAUSES, CAVEATS] {
        differences.extend(positions.differences(connection)?);
    }
    differences.extend(due_dates::differences(connection)?);
    differences.extend(edtf::differences(connection)?);
    let head = connection.log_position()?;
    let logged: i64 = changes::table.count().get_result(connection)?;
    let last: Option<i64> =
        changes::table.select(diesel::dsl::max(changes::position)).first(connection)?;
    if (logged, last.unwrap_or_default()) != (head, head) {
        differences.push(format!(
            "change log: the head is {head}, but there are {logged} changes and the last position is {}",
            last.unwrap_or_default()
        ));
    }
    differences.extend(connection.time_ahead()?);
    differences.extend(slug::differences(connection)?);
    differences.extend(external_id::differences(connection)?);
    differences.extend(search_rebuild::differences(connection)?);
    differences.extend(release::differences(connection)?);
    Ok(differences)
}

/// Describes in a sentence each assessment that names parties responsible for a breach although its status is not BREACHED.
fn misplaced_breakers(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let ids: Vec<AssessmentId> = assessments::table
        .filter(assessments::status.ne("breached"))
        .filter(exists(
            assessment_breakers::table
                .filter(assessment_breakers::assessment_id.eq(assessments::id)),
        ))
        .order(assessments::id)
        .select(assessments::id)
        .load(connection)?;
    let sentence = |id| {
        format!(
            "assessment {id}: names parties responsible for a breach, but its status is not BREACHED"
        )
    };
    Ok(ids.into_iter().map(sentence).collect())
}

fn words((status, since, assessment): (&str, Option<NaiveDate>, Option<AssessmentId>)) -> String {
    match (since, assessment) {
        (Some(since), Some(assessment)) => {
            format!("{} since {since} (assessment {assessment})", status.to_ascii_uppercase())
        }
        _ => format!("{} without an assessment", status.to_ascii_uppercase()),
    }
}
