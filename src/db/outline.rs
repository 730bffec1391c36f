//! The outline of an agreement: its clauses, created together.

use super::position::CLAUSES;
use super::record::{self, Candidate};
use super::{Error, Transaction};
use crate::domain::Id;
use crate::domain::ValidationErrors;
use crate::domain::agreement::AgreementContent;
use crate::domain::id::{AgreementId, ClauseId};
use crate::domain::outline::{OutlineClause, check};

/// Creates an agreement with its clauses.
///
/// # Errors
/// The errors of the agreement and of the clauses, and database errors.
pub fn create_agreement(
    transaction: &mut Transaction<'_>,
    content: &AgreementContent,
    clauses: &[OutlineClause],
) -> Result<AgreementId, Error> {
    let mut errors = ValidationErrors::default();
    check(&mut errors, clauses);
    match record::create(transaction, content) {
        Ok(agreement) if errors.is_empty() => {
            create_clauses(transaction, agreement, clauses)?;
            Ok(agreement)
        }
        Ok(_) => Err(errors.into()),
        Err(Error::ValidationErrors(mut of_agreement)) => {
            of_agreement.0.append(&mut errors.0);
            Err(of_agreement.into())
        }
        Err(error) => Err(error),
    }
}

/// Creates clauses of an agreement, in the given order, after its last clause.
///
/// # Errors
/// The errors of all clauses, a missing agreement, and database errors.
pub fn create_clauses(
    transaction: &mut Transaction<'_>,
    agreement: AgreementId,
    clauses: &[OutlineClause],
) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    check(&mut errors, clauses);
    errors.into_result()?;
    let last = CLAUSES.last(transaction.connection(), agreement.as_str())?;
    let ids: Vec<ClauseId> = clauses.iter().map(|_| Id::new()).collect();
    let placed = clauses.iter().zip(last + 1..);
    let contents: Vec<_> =
        placed.map(|(clause, position)| clause.content(agreement, position, &ids)).collect();
    let candidates = ids.iter().zip(&contents);
    let mut candidates: Vec<_> =
        candidates.map(|(id, content)| Candidate::new(*id, content)).collect();
    record::check_all(transaction, &mut candidates)?;
    let mut errors = ValidationErrors::default();
    for (index, candidate) in candidates.iter_mut().enumerate() {
        errors.extend_at(&format!("clauses.{index}"), std::mem::take(&mut candidate.errors));
    }
    errors.into_result()?;
    record::create_checked(transaction, &candidates)
}
