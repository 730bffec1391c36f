//! Which table holds the records of which kind.

use crate::domain::Kind;

/// The table that holds version and archival of a kind.
pub(super) fn versioned_table(kind: Kind) -> &'static str {
    match kind {
        Kind::Agreement => "agreements",
        Kind::Party => "parties",
        Kind::Topic => "topics",
        Kind::Source => "sources",
        Kind::Event => "events",
        Kind::Precondition => "preconditions",
        // Clauses, proposals and caveats; all else is a part of something.
        _ => "trackables",
    }
}

/// The table that holds the ids of any of these kinds.
pub(super) fn referred_table(kinds: &[Kind]) -> &'static str {
    match kinds {
        [Kind::Clause] => "clauses",
        [Kind::Proposal] => "proposals",
        [Kind::Caveat] => "caveats",
        [kind] => versioned_table(*kind),
        _ => "trackables",
    }
}
