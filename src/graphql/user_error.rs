//! What a person can mend in a mutation's input.

use async_graphql::{Enum, Result, SimpleObject};

use super::error::mask;
use crate::db;
use crate::domain::{Fault, FaultCode};

/// Something in a mutation's input that a person can mend. Nothing was written. Faults of identity (who may do this) are top-level errors instead, with `extensions.code` UNAUTHENTICATED or FORBIDDEN.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// The kind of the fault.
    pub code: UserErrorCode,
    /// A sentence that names the offending value and what would be right.
    pub message: String,
    /// Where in the input: names of fields and numbers of list items (from 0), from `input` inwards.
    pub path: Vec<String>,
}

/// The kind of a fault in a mutation's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "FaultCode")]
pub enum UserErrorCode {
    /// The value is not of the form that is asked for.
    Invalid,
    /// There is no record with that id.
    NotFound,
    /// The record has changed since the version that the input names. Read it again, and decide anew.
    Conflict,
    /// Another record has that slug or number already, or the same thing is said twice.
    Duplicate,
    /// The text is longer than it may be.
    TooLong,
    /// The date or number lies outside its bounds.
    OutOfRange,
}

/// Names of content fields whose input field has another name, because the input holds an id.
const IDS: &[(&str, &str)] = &[
    ("agreement", "agreementId"),
    ("parent", "parentId"),
    ("topic", "topicId"),
    ("source", "sourceId"),
    ("represents", "representsId"),
    ("responds_to", "respondsToId"),
    ("proposal", "proposalId"),
    ("step", "stepId"),
    ("requires", "requiresId"),
    ("party", "partyId"),
    ("held_by", "heldById"),
    ("clause", "clauseId"),
    ("completion", "completedClauseId"),
    ("event", "eventId"),
    ("proposed_by", "proposedByIds"),
    ("addressed_to", "addressedToIds"),
    ("agreements", "agreementIds"),
    ("owed_by", "owedByIds"),
    ("owed_to", "owedToIds"),
    ("in_exchange_for", "inExchangeForIds"),
    ("answers", "answersIds"),
    ("actors", "actorIds"),
    ("concerns", "concernsIds"),
    ("sources", "sourceIds"),
];

impl UserError {
    /// The fault as the API tells it. `renamed` are names that this mutation's input has for fields of the content.
    fn new(fault: Fault, renamed: &[(&str, &str)]) -> Self {
        let name = |step: &String| -> String {
            let found = renamed.iter().chain(IDS).find(|(name, _)| name == step);
            found.map_or_else(|| camel_case(step), |(_, name)| (*name).to_owned())
        };
        let path = std::iter::once("input".to_owned()).chain(fault.path.iter().map(name)).collect();
        Self { code: fault.code.into(), message: fault.message, path }
    }

    /// Splits the outcome of a write into what was written and what is to be mended.
    ///
    /// # Errors
    /// Top-level, what the author of the input cannot mend.
    pub fn split<T>(
        outcome: std::result::Result<T, db::Error>,
        renamed: &[(&str, &str)],
    ) -> Result<std::result::Result<T, Vec<Self>>> {
        match outcome {
            Ok(value) => Ok(Ok(value)),
            Err(db::Error::Faults(faults)) => {
                Ok(Err(faults.0.into_iter().map(|fault| Self::new(fault, renamed)).collect()))
            }
            Err(failure) => Err(mask(&failure)),
        }
    }
}

/// The name of a field, or a path of names with dots between them, as the API has it.
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}
