//! The outline of an agreement: its numbered clauses, which are entered together.

use std::collections::HashMap;

use super::clause::{ClauseContent, ClauseNature, DEFAULT_WEIGHT};
use super::id::{AgreementId, ClauseId, TopicId};
use super::provenance::Provenance;
use super::{Content, ValidationErrorCode, ValidationErrors};

/// The maximum number of clauses that can be entered together.
pub const MAX_CLAUSES: usize = 1000;

/// A clause of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineClause {
    /// Number as printed.
    pub number: String,
    /// The number of the clause that contains this clause. That clause comes earlier in the outline. `None` at the top level.
    pub parent: Option<String>,
    /// The index of the parent in the outline. `None` at the top level, or if no earlier clause has the parent's number.
    pub parent_index: Option<usize>,
    /// Short name.
    pub heading: String,
    /// Summary.
    pub summary: String,
    /// Verbatim text.
    pub text: Option<String>,
    /// One-off or continuing.
    pub nature: ClauseNature,
    /// The topic.
    pub topic: TopicId,
}

impl OutlineClause {
    /// The content of the clause. `ids` are the ids of all clauses of the outline.
    #[must_use]
    pub fn content(
        &self,
        agreement: AgreementId,
        position: i32,
        ids: &[ClauseId],
    ) -> ClauseContent {
        ClauseContent {
            agreement,
            number: self.number.clone(),
            position,
            parent: self.parent_index.and_then(|index| ids.get(index).copied()),
            heading: self.heading.clone(),
            aliases: Vec::new(),
            summary: self.summary.clone(),
            text: self.text.clone(),
            nature: self.nature,
            topic: self.topic,
            weight: DEFAULT_WEIGHT,
            provenance: Provenance::default(),
            obligations: Vec::new(),
            deadlines: Vec::new(),
            criteria: Vec::new(),
            external_ids: Vec::new(),
        }
    }
}

/// Sets each clause's `parent_index` to the index of the last earlier clause whose number is `parent`. `None` if no earlier
/// clause has this number.
pub fn find_parents(clauses: &mut [OutlineClause]) {
    let mut earlier: HashMap<String, usize> = HashMap::new();
    for (index, clause) in clauses.iter_mut().enumerate() {
        let parent = clause.parent.as_ref();
        clause.parent_index = parent.and_then(|number| earlier.get(number).copied());
        earlier.insert(clause.number.clone(), index);
    }
}

/// Adds the errors that do not depend on other records: no clauses or too many, a repeated number, a missing parent, and the
/// errors of each clause's content.
pub fn check(errors: &mut ValidationErrors, clauses: &[OutlineClause]) {
    if !(1..=MAX_CLAUSES).contains(&clauses.len()) {
        let message = format!("has {} items; give 1 to {MAX_CLAUSES}", clauses.len());
        errors.add(ValidationErrorCode::OutOfRange, "clauses", message);
        return;
    }
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, clause) in clauses.iter().enumerate() {
        let mut own = ValidationErrors::default();
        clause.content(AgreementId::default(), 1, &[]).check(&mut own);
        if let Some(earlier) = first.get(clause.number.as_str()) {
            let message = format!("“{}” is also the number of item {earlier}", clause.number);
            own.add(ValidationErrorCode::Duplicate, "number", message);
        } else {
            first.insert(&clause.number, index);
        }
        if let (Some(parent), None) = (&clause.parent, clause.parent_index) {
            let message = format!("no clause before this one has the number “{parent}”");
            own.add(ValidationErrorCode::NotFound, "parent", message);
        }
        errors.extend_at(&format!("clauses.{index}"), own);
    }
}
