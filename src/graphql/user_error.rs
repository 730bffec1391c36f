//! Errors in the input of a mutation.

use async_graphql::Enum;

use super::engine::leaf::Enumerated;
use super::engine::reader::value;
use super::engine::schema::Object;
use super::error::Error;
use crate::db;
use crate::domain::{ValidationError, ValidationErrorCode};

#[derive(Debug, Clone)]
pub struct UserError {
    code: UserErrorCode,
    message: String,
    path: Vec<String>,
}

/// The type of `userErrors`.
pub fn object() -> Object {
    Object::new("UserError", "An error in the input of a mutation. The client can correct it. The server writes nothing. Authentication and permission errors are top-level errors, with `extensions.code` UNAUTHENTICATED or FORBIDDEN.")
        .field("code", "Kind of error.", value(|error: &UserError| Enumerated(error.code)))
        .field("message", "Message that names the invalid value and the valid values.", value(|error: &UserError| error.message.clone()))
        .field("path", "Path to the error in the input, starting with `input`: field names, and list indexes from 0.", value(|error: &UserError| error.path.clone()))
}

/// Kind of error in the input of a mutation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "ValidationErrorCode")]
pub enum UserErrorCode {
    /// The value is invalid.
    Invalid,
    /// No record has this id.
    NotFound,
    /// The input conflicts with another change. The record has changed since `expectedVersion`, the submission is no longer open, or another account has coded the same clause for the same day, so that your own coding can no longer be replaced. Read the record again before retrying.
    Conflict,
    /// The slug, number or key is already in use, or the input repeats an entry.
    Duplicate,
    /// The text is too long.
    TooLong,
    /// The date or number is out of range.
    OutOfRange,
}

/// Names of content fields, each with the name of the input field that contains the id.
const IDS: &[(&str, &str)] = &[
    ("agreement", "agreementId"),
    ("parent", "parentId"),
    ("topic", "topicId"),
    ("source", "sourceId"),
    ("represents", "representsId"),
    ("responds_to", "respondsToId"),
    ("proposal", "proposalId"),
    ("step", "stepId"),
    ("subject", "subjectId"),
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
    /// The error for the client. `renamed` contains the names of content fields and their names in the input of the mutation.
    fn new(error: ValidationError, renamed: &[(&str, &str)]) -> Self {
        let name = |step: &String| -> String {
            let name = renamed.iter().chain(IDS).find(|(name, _)| name == step);
            name.map_or_else(|| camel_case(step), |(_, name)| (*name).to_owned())
        };
        let path = std::iter::once("input".to_owned()).chain(error.path.iter().map(name)).collect();
        Self { code: error.code.into(), message: error.message, path }
    }

    /// Separates errors in the input, which are data, from other errors.
    ///
    /// # Errors
    /// Returns an error that is not in the input.
    pub fn split<T>(
        outcome: Result<T, db::Error>,
        renamed: &[(&str, &str)],
    ) -> Result<Result<T, Vec<Self>>, Error> {
        match outcome {
            Ok(value) => Ok(Ok(value)),
            Err(db::Error::ValidationErrors(errors)) => {
                Ok(Err(errors.0.into_iter().map(|error| Self::new(error, renamed)).collect()))
            }
            Err(failure) => Err(failure.into()),
        }
    }
}

/// Converts the name of a field, or a path of names joined by dots, to camel case, as in the API.
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
