//! The tables of each kind of record.

use crate::domain::Kind;

/// The table that contains the version and the time of archiving of records of this kind.
pub(super) fn versioned_table(kind: Kind) -> &'static str {
    match kind {
        Kind::Agreement => "agreements",
        Kind::Party => "parties",
        Kind::Topic => "topics",
        Kind::Source => "sources",
        Kind::Event => "events",
        Kind::Precondition => "preconditions",
        Kind::Interpretation => "interpretations",
        // Clauses, proposals and caveats share one table. No caller passes another kind.
        _ => "trackables",
    }
}

/// The table that contains the ids of these kinds, or a query that selects the ids.
pub(super) fn referred_table(kinds: &[Kind]) -> &'static str {
    match kinds {
        [Kind::Clause] => "clauses",
        [Kind::Proposal] => "proposals",
        [Kind::Caveat] => "caveats",
        [Kind::Clause, Kind::Caveat] => {
            "(SELECT id FROM clauses UNION ALL SELECT id FROM caveats) AS interpretable"
        }
        [kind] => versioned_table(*kind),
        _ => "trackables",
    }
}
