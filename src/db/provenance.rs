//! The provenance columns that several tables share.

use diesel::prelude::*;

use super::schema::{
    agreement_endings, agreement_parties, agreements, caveats, clauses, deadlines, interpretations,
    obligations, preconditions, proposals,
};
use crate::domain::assessment::Confidence;
use crate::domain::id::SourceId;
use crate::domain::provenance::Provenance;

/// Defines one type for each table. The type contains the table's provenance columns and is part of the table's row
/// type. This is a macro, because the type of a column depends on its table.
macro_rules! rows {
    ($($row:ident of $table:ident;)*) => {$(
        #[doc = concat!("The source of a row of `", stringify!($table), "`, and the confidence in it.")]
        #[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
        #[diesel(
            table_name = $table,
            treat_none_as_default_value = false,
            treat_none_as_null = true
        )]
        pub struct $row {
            /// The source of this record.
            pub source_id: Option<SourceId>,
            /// The place in the source. Null if no place is stated.
            pub source_locator: Option<String>,
            /// The confidence in this record.
            pub confidence: Confidence,
            /// A remark on the uncertainty of this record.
            pub note: Option<String>,
        }

        impl From<&Provenance> for $row {
            fn from(provenance: &Provenance) -> Self {
                Self {
                    source_id: provenance.source,
                    source_locator: provenance.source_locator.clone(),
                    confidence: provenance.confidence,
                    note: provenance.note.clone(),
                }
            }
        }

        impl From<$row> for Provenance {
            fn from(row: $row) -> Self {
                Self {
                    source: row.source_id,
                    source_locator: row.source_locator,
                    confidence: row.confidence,
                    note: row.note,
                }
            }
        }
    )*};
}

rows! {
    AgreementEndingProvenance of agreement_endings;
    AgreementProvenance of agreements;
    AgreementPartyProvenance of agreement_parties;
    CaveatProvenance of caveats;
    ClauseProvenance of clauses;
    DeadlineProvenance of deadlines;
    InterpretationProvenance of interpretations;
    ObligationProvenance of obligations;
    PreconditionProvenance of preconditions;
    ProposalProvenance of proposals;
}
