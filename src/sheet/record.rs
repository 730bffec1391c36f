//! Records the assessments of a sheet: all or none.

use std::collections::HashMap;

use super::MAX_ROWS;
use super::column::Column;
use super::names::Names;
use super::row::{Item, Row, Sheet};
use crate::db::assessment_batch::{self, BatchItem, ItemResult};
use crate::db::assessment_write::{Evidence, NewAssessment};
use crate::db::slug_lookup::{self, IdsBySlug};
use crate::db::{DbConnection, Error, Session, Transaction, assessable, assessable_name, source};
use crate::domain::assessment::AssessmentContent;
use crate::domain::batch::AssessmentEffect;
use crate::domain::citation::{Citation, CitationDetails};
use crate::domain::edtf::EdtfDate;
use crate::domain::id::{AssessableId, PartyId, SourceId};
use crate::domain::status::{AssessableKind, CaveatStatus, ClauseStatus, Status};
use crate::domain::text::{quote, tidy};
use crate::domain::viewer::Editor;
use crate::domain::{GlobalId, Id, Kind, StringEnum, ValidationErrorCode, ValidationErrors, day};

/// Whether a sheet is recorded or only checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// Records the sheet if no row has a fault.
    Record,
    /// Checks and describes everything, and writes nothing.
    DryRun,
}

/// The changes that a row makes or would make.
#[derive(Debug, Clone)]
pub struct RowOutcome {
    /// The number of the row in the sheet.
    pub number: usize,
    /// The text of the reference cell.
    pub reference: String,
    /// The date. `None` if the row has none.
    pub date: Option<EdtfDate>,
    /// The holder: an id or slug. `None` for the neutral record.
    pub held_by: Option<String>,
    /// The changes, as the database describes them.
    pub result: ItemResult,
}

/// A fault of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The number of the row in the sheet.
    pub number: usize,
    /// The column. `None` if the fault concerns the whole row.
    pub column: Option<Column>,
    /// A sentence for the user.
    pub message: String,
}

/// The changes that a sheet makes or would make.
#[derive(Debug, Clone, Default)]
pub struct SheetOutcome {
    /// One outcome for each row, in order.
    pub rows: Vec<RowOutcome>,
    /// The faults of all rows, in order. If there are any, nothing is recorded.
    pub faults: Vec<Fault>,
}

impl SheetOutcome {
    /// The number of rows that are already recorded with the same content.
    #[must_use]
    pub fn unchanged(&self) -> usize {
        let effects = self.rows.iter().map(|row| row.result.effect);
        effects.filter(|effect| *effect == Some(AssessmentEffect::Unchanged)).count()
    }
}

/// Records the assessments of a sheet in one transaction, or describes the changes that recording would make.
///
/// # Errors
/// Database errors. The faults of rows are a part of the outcome.
pub fn record(
    session: &mut Session,
    editor: &Editor,
    sheet: &Sheet,
    writing: Writing,
) -> Result<SheetOutcome, Error> {
    let mut outcome = SheetOutcome::default();
    let work = |transaction: &mut Transaction<'_>| {
        outcome = record_rows(transaction, sheet)?;
        // An error rolls the transaction back.
        if outcome.faults.is_empty() { Ok(()) } else { Err(ValidationErrors::default().into()) }
    };
    let written = match writing {
        Writing::Record => session.write(editor, work),
        Writing::DryRun => session.dry_run(editor, work),
    };
    match written {
        Err(Error::ValidationErrors(errors)) if errors.is_empty() => Ok(outcome),
        written => written.map(|()| outcome),
    }
}

fn record_rows(transaction: &mut Transaction<'_>, sheet: &Sheet) -> Result<SheetOutcome, Error> {
    let connection = transaction.connection();
    let names = Names::load(connection)?;
    let rows: Vec<Row> = sheet.rows.iter().map(|row| sheet.read(row, &names)).collect();
    let items = read(connection, &rows)?;
    let row_name =
        |index: usize| rows.get(index).map(|row| format!("row {}", row.number)).unwrap_or_default();
    let batch = assessment_batch::record(transaction, items, MAX_ROWS, row_name)?;
    let mut faults: Vec<Vec<Fault>> = rows.iter().map(faults_of_cells).collect();
    for error in batch.errors.0 {
        // Errors have paths such as `items.3.note`.
        let mut path = error.path.into_iter().skip(1);
        let index = path.next().and_then(|index| index.parse::<usize>().ok());
        let row = index.and_then(|index| rows.get(index));
        let column = path.next().and_then(|field| Column::of_field(&field));
        let of_row = index.and_then(|index| faults.get_mut(index));
        let (Some(row), Some(of_row)) = (row, of_row) else {
            return Err(Error::Internal(format!(
                "an error that belongs to no row: {}",
                error.message
            )));
        };
        // A cell that could not be parsed gets no further faults.
        let is_read = row.problems.iter().all(|(problem, _)| Some(*problem) != column);
        if is_read {
            of_row.push(Fault { number: row.number, column, message: error.message });
        }
    }
    let outcome = |(row, result): (Row, ItemResult)| RowOutcome {
        number: row.number,
        reference: row.reference,
        date: row.item.date,
        held_by: row.item.held_by,
        result,
    };
    let rows = rows.into_iter().zip(batch.items).map(outcome).collect();
    Ok(SheetOutcome { rows, faults: faults.concat() })
}

fn faults_of_cells(row: &Row) -> Vec<Fault> {
    let fault = |(column, message): &(Column, String)| Fault {
        number: row.number,
        column: Some(*column),
        message: message.clone(),
    };
    row.problems.iter().map(fault).collect()
}

/// The records that the rows name, as found in the database.
struct Records {
    by_name: HashMap<String, AssessableId>,
    kinds: HashMap<String, assessable::Assessable>,
    by_slug: IdsBySlug,
    by_url: HashMap<String, SourceId>,
}

/// The assessments that the rows describe. The number of SQL statements does not depend on the number of rows.
fn read(connection: &mut DbConnection, rows: &[Row]) -> Result<Vec<BatchItem>, Error> {
    let subjects = names(rows.iter().map(|row| &row.item.subject));
    let by_name = assessable_name::by_names(connection, &subjects)?;
    let given = rows
        .iter()
        .filter_map(|row| Some(Id::from_uuid(GlobalId::decode(&row.item.subject)?.uuid)));
    let ids: Vec<AssessableId> = by_name.values().copied().chain(given).collect();
    let sources = names(rows.iter().filter_map(|row| row.item.source.as_ref()));
    let (urls, slugs): (Vec<&str>, Vec<&str>) =
        sources.into_iter().partition(|name| name.contains("://"));
    let parties = rows.iter().flat_map(|row| row.item.held_by.iter().chain(&row.item.breached_by));
    let slugs = [slugs, names(parties)].concat();
    let records = Records {
        kinds: assessable::by_ids(connection, &ids)?,
        by_name,
        by_slug: slug_lookup::by_slugs(connection, &slugs)?,
        by_url: source::by_urls(connection, &urls)?,
    };
    Ok(rows.iter().map(|row| records.assessment(&row.item)).collect())
}

/// The distinct names that are not ids.
fn names<'r>(texts: impl Iterator<Item = &'r String>) -> Vec<&'r str> {
    let mut names: Vec<&str> =
        texts.map(String::as_str).filter(|name| GlobalId::decode(name).is_none()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl Records {
    fn assessment(&self, item: &Item) -> BatchItem {
        let mut errors = ValidationErrors::default();
        let Some((kind, subject)) = self.subject(&item.subject) else {
            let message = format!(
                "{} is not a clause, caveat or proposal: write its name, such as minsk-2/9, or its reference, such as “Minsk II, 9”",
                quote(&item.subject)
            );
            errors.add(ValidationErrorCode::NotFound, "subject", message);
            return BatchItem { new: None, errors };
        };
        let status = status(&mut errors, kind, &item.status);
        // The problem of the cell has already been reported, so the day does not matter.
        let effective_on = item.date.unwrap_or_else(|| EdtfDate::day(day::today()));
        if item.date.is_none() {
            errors.add(ValidationErrorCode::Invalid, "effective_on", "");
        }
        let held_by = item.held_by.as_deref().map(|name| self.party(&mut errors, "held_by", name));
        let breached_by = item.breached_by.iter().enumerate();
        let breached_by = breached_by
            .map(|(index, name)| self.party(&mut errors, &format!("breached_by.{index}"), name))
            .collect();
        let evidence = self.evidence(&mut errors, item);
        let content = AssessmentContent {
            subject,
            status,
            breached_by,
            effective_on,
            held_by,
            momentum: item.momentum,
            confidence: item.confidence,
            note: tidy(&item.note).into_owned(),
            event: None,
            evidence: Vec::new(),
        };
        let new = NewAssessment { content, evidence, expected_version: None, submitted_by: None };
        BatchItem { new: Some(new), errors }
    }

    fn subject(&self, name: &str) -> Option<(AssessableKind, AssessableId)> {
        let given = GlobalId::decode(name);
        let id = match given {
            Some(given) => Id::from_uuid(given.uuid),
            None => *self.by_name.get(name)?,
        };
        let kind = self.kinds.get(id.as_str())?.kind;
        given.is_none_or(|given| given.kind == kind.record_kind()).then_some((kind, id))
    }

    /// The party whose id or slug is `name`. If there is none, adds an error and returns a new id.
    fn party(&self, errors: &mut ValidationErrors, path: &str, name: &str) -> PartyId {
        if let Some(party) = self.record(Kind::Party, name) {
            return party.cast();
        }
        let message = format!(
            "{} is neither the slug of a party nor a name that only one party has",
            quote(name)
        );
        errors.add(ValidationErrorCode::NotFound, path, message);
        Id::new()
    }

    fn evidence(&self, errors: &mut ValidationErrors, item: &Item) -> Vec<Evidence> {
        let Some(name) = &item.source else { return Vec::new() };
        let by_url = || self.by_url.get(name).copied();
        let Some(source) = self.record(Kind::Source, name).map(Id::cast).or_else(by_url) else {
            let message = format!("{} is not the slug or URL of a recorded source", quote(name));
            errors.add(ValidationErrorCode::NotFound, "evidence.0", message);
            return Vec::new();
        };
        let details =
            CitationDetails { locator: item.locator.clone(), ..CitationDetails::default() };
        vec![Evidence::Cited(Citation { source, details })]
    }

    fn record(&self, kind: Kind, name: &str) -> Option<Id<()>> {
        match GlobalId::decode(name) {
            Some(given) => (given.kind == kind).then(|| Id::from_uuid(given.uuid)),
            None => self.by_slug.get(&(kind, name.to_owned())).copied(),
        }
    }
}

/// The status with this name. If there is none, adds an error and returns another status.
fn status(errors: &mut ValidationErrors, kind: AssessableKind, name: &str) -> Status {
    Status::parse_name(kind, name).unwrap_or_else(|| {
        let names = Status::names(kind);
        let message = format!(
            "{} is not a status of a {}; valid values: {names}",
            quote(name),
            kind.as_str()
        );
        errors.add(ValidationErrorCode::Invalid, "status", message);
        // These statuses replace the invalid one. BREACHED allows responsible parties, so they cause no further
        // error.
        match kind {
            AssessableKind::Clause => Status::Clause(ClauseStatus::Breached),
            AssessableKind::Caveat => Status::Caveat(CaveatStatus::Breached),
            AssessableKind::Proposal => Status::initial(kind),
        }
    })
}
