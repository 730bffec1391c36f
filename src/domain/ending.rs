//! Endings: when and how an agreement ended, in the neutral record or in the view of a party.

use chrono::NaiveDate;

use super::content::{Fields, PARTY, References};
use super::id::PartyId;
use super::provenance::Provenance;
use super::string_enum::string_enum;
use super::{ValidationErrorCode, ValidationErrors, day};

string_enum! {
    /// The kind of ending of an agreement.
    EndingKind {
        /// An act such as a denunciation, a repeal or a decision ended the agreement.
        Terminated = "terminated",
        /// The term of the agreement ran out.
        Expired = "expired",
        /// All requirements of the agreement were met.
        Fulfilled = "fulfilled",
        /// A later agreement replaced this agreement.
        Superseded = "superseded",
        /// Events ended the agreement, without an act such as a denunciation.
        Collapsed = "collapsed",
    }
}

/// The content of the ending of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingContent {
    /// The first day on which the agreement was no longer in force.
    pub ended_on: NaiveDate,
    /// The kind of ending.
    pub kind: EndingKind,
    /// The party according to which the agreement ended. `None` for the neutral record.
    pub held_by: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
}

/// Adds the errors of an agreement's endings, except errors that depend on other records. Adds an error for a day in
/// the future or before the day of the agreement, for several endings with the same holder, and for an invalid
/// provenance.
pub fn check(errors: &mut ValidationErrors, endings: &[EndingContent], agreed_on: NaiveDate) {
    for (index, ending) in endings.iter().enumerate() {
        let path = |field: &str| format!("endings.{index}.{field}");
        let ended_on = ending.ended_on;
        day::check_past(errors, &path("ended_on"), ended_on);
        if ended_on < agreed_on {
            let message = format!("{ended_on} is before {agreed_on}, the day of the agreement");
            errors.add(ValidationErrorCode::OutOfRange, &path("ended_on"), message);
        }
        let has_same_holder = |other: &EndingContent| other.held_by == ending.held_by;
        if let Some(first) = endings.iter().take(index).position(has_same_holder) {
            let view = if ending.held_by.is_some() {
                "the view of this party"
            } else {
                "the neutral record"
            };
            let message = format!(
                "is a second ending in {view}; the first is item {first} of endings, and only one is allowed"
            );
            errors.add(ValidationErrorCode::Duplicate, &path("held_by"), message);
        }
        ending.provenance.check(errors, &path(""));
    }
}

/// Adds the records that an agreement's endings refer to.
pub fn add_references(references: &mut References, endings: &[EndingContent]) {
    for (index, ending) in endings.iter().enumerate() {
        references.add_optional(PARTY, &format!("endings.{index}.held_by"), ending.held_by);
        ending.provenance.add_references(references, &format!("endings.{index}."));
    }
}

impl EndingContent {
    /// Adds the fields, for the change log.
    #[must_use]
    pub fn fields(&self, fields: Fields) -> Fields {
        fields
            .date("ended_on", Some(self.ended_on))
            .string_enum("kind", self.kind)
            .reference("held_by", PARTY, self.held_by)
            .append(|fields| self.provenance.fields(fields))
    }
}
