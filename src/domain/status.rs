//! The statuses of clauses, caveats and proposals.

use super::string_enum::string_enum;
use super::{Kind, StringEnum};

string_enum! {
    /// The kinds of records that can be assessed.
    AssessableKind {
        /// A clause of an agreement.
        Clause = "clause",
        /// A caveat of a proposal.
        Caveat = "caveat",
        /// A proposal as a whole.
        Proposal = "proposal",
    }
}

impl AssessableKind {
    /// The kind of the record.
    #[must_use]
    pub fn record_kind(self) -> Kind {
        match self {
            Self::Clause => Kind::Clause,
            Self::Caveat => Kind::Caveat,
            Self::Proposal => Kind::Proposal,
        }
    }

    /// The kind of the record's assessments.
    #[must_use]
    pub fn assessment_kind(self) -> Kind {
        match self {
            Self::Clause => Kind::ClauseAssessment,
            Self::Caveat => Kind::CaveatAssessment,
            Self::Proposal => Kind::ProposalAssessment,
        }
    }
}

string_enum! {
    /// The status of a clause.
    ClauseStatus {
        /// Not assessed.
        Unassessed = "unassessed",
        /// Does not apply.
        NotApplicable = "not_applicable",
        /// Nothing has been done.
        NotStarted = "not_started",
        /// First steps have been taken.
        Minimal = "minimal",
        /// A substantial part is done.
        Partial = "partial",
        /// All is done.
        Complete = "complete",
        /// Violated.
        Breached = "breached",
        /// Suspended for a time.
        Suspended = "suspended",
        /// No longer in force: an act of a competent authority ended it, or the holder of the assessment declares it void.
        Void = "void",
        /// Events made the clause moot.
        Overtaken = "overtaken",
        /// The term of the clause ran out.
        Lapsed = "lapsed",
    }
}

string_enum! {
    /// The status of a proposal.
    ProposalStatus {
        /// Mentioned informally.
        Floated = "floated",
        /// Formally put forward.
        Tabled = "tabled",
        /// The parties are negotiating it.
        UnderNegotiation = "under_negotiation",
        /// Accepted.
        Accepted = "accepted",
        /// Accepted in part.
        PartlyAccepted = "partly_accepted",
        /// Answered with a counterproposal.
        Countered = "countered",
        /// Rejected.
        Rejected = "rejected",
        /// Withdrawn.
        Withdrawn = "withdrawn",
        /// Overtaken by events.
        Lapsed = "lapsed",
    }
}

string_enum! {
    /// The status of a caveat.
    CaveatStatus {
        /// Not answered.
        Open = "open",
        /// The parties are negotiating it.
        UnderNegotiation = "under_negotiation",
        /// Accepted.
        Accepted = "accepted",
        /// Answered with another caveat.
        Countered = "countered",
        /// Rejected.
        Rejected = "rejected",
        /// Fulfilled or clarified.
        Satisfied = "satisfied",
        /// Accepted, then violated. A party can also violate its own assurance, which needs no acceptance.
        Breached = "breached",
        /// Withdrawn.
        Withdrawn = "withdrawn",
        /// Overtaken by events.
        Lapsed = "lapsed",
    }
}

/// A status of a clause, caveat or proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// The status of a clause.
    Clause(ClauseStatus),
    /// The status of a caveat.
    Caveat(CaveatStatus),
    /// The status of a proposal.
    Proposal(ProposalStatus),
}

impl Status {
    /// The status of a record of this kind that has no assessment.
    #[must_use]
    pub fn initial(kind: AssessableKind) -> Self {
        match kind {
            AssessableKind::Clause => Self::Clause(ClauseStatus::Unassessed),
            AssessableKind::Caveat => Self::Caveat(CaveatStatus::Open),
            AssessableKind::Proposal => Self::Proposal(ProposalStatus::Floated),
        }
    }

    /// The kind of record that has this status.
    #[must_use]
    pub fn kind(self) -> AssessableKind {
        match self {
            Self::Clause(_) => AssessableKind::Clause,
            Self::Caveat(_) => AssessableKind::Caveat,
            Self::Proposal(_) => AssessableKind::Proposal,
        }
    }

    /// The name in the database: `not_started`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clause(status) => status.as_str(),
            Self::Caveat(status) => status.as_str(),
            Self::Proposal(status) => status.as_str(),
        }
    }

    /// All statuses of all kinds.
    pub fn all() -> impl Iterator<Item = Self> {
        let clauses = ClauseStatus::ALL.iter().copied().map(Self::Clause);
        let caveats = CaveatStatus::ALL.iter().copied().map(Self::Caveat);
        let proposals = ProposalStatus::ALL.iter().copied().map(Self::Proposal);
        clauses.chain(caveats).chain(proposals)
    }

    /// Whether no work is left, so that other steps need not wait. A record that is void, overtaken, lapsed or withdrawn is
    /// not done.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(
            self,
            Self::Clause(ClauseStatus::Complete | ClauseStatus::NotApplicable)
                | Self::Caveat(CaveatStatus::Satisfied)
                | Self::Proposal(ProposalStatus::Accepted)
        )
    }

    /// Whether work has begun and continues, or is done. A record that is breached or suspended has not begun in this sense:
    /// other steps wait until work continues.
    #[must_use]
    pub fn is_begun(self) -> bool {
        self.is_done()
            || matches!(
                self,
                Self::Clause(ClauseStatus::Minimal | ClauseStatus::Partial)
                    | Self::Caveat(CaveatStatus::UnderNegotiation | CaveatStatus::Accepted)
                    | Self::Proposal(
                        ProposalStatus::UnderNegotiation | ProposalStatus::PartlyAccepted
                    )
            )
    }

    /// Whether the record ended without being done. It no longer has to be done.
    #[must_use]
    pub fn is_ended(self) -> bool {
        matches!(
            self,
            Self::Clause(ClauseStatus::Void | ClauseStatus::Overtaken | ClauseStatus::Lapsed)
                | Self::Caveat(CaveatStatus::Withdrawn | CaveatStatus::Lapsed)
                | Self::Proposal(ProposalStatus::Withdrawn | ProposalStatus::Lapsed)
        )
    }

    /// Whether the status means a breach. If it does, an assessment can name the parties responsible.
    #[must_use]
    pub fn is_breached(self) -> bool {
        matches!(self, Self::Clause(ClauseStatus::Breached) | Self::Caveat(CaveatStatus::Breached))
    }

    /// Parses a name in the database: `not_started`.
    #[must_use]
    pub fn parse(kind: AssessableKind, text: &str) -> Option<Self> {
        match kind {
            AssessableKind::Clause => ClauseStatus::parse(text).map(Self::Clause),
            AssessableKind::Caveat => CaveatStatus::parse(text).map(Self::Caveat),
            AssessableKind::Proposal => ProposalStatus::parse(text).map(Self::Proposal),
        }
    }

    /// Parses a name in dossiers: `NOT_STARTED`.
    #[must_use]
    pub fn parse_name(kind: AssessableKind, name: &str) -> Option<Self> {
        match kind {
            AssessableKind::Clause => ClauseStatus::parse_name(name).map(Self::Clause),
            AssessableKind::Caveat => CaveatStatus::parse_name(name).map(Self::Caveat),
            AssessableKind::Proposal => ProposalStatus::parse_name(name).map(Self::Proposal),
        }
    }

    /// The names of all statuses of a kind, for messages.
    #[must_use]
    pub fn names(kind: AssessableKind) -> String {
        match kind {
            AssessableKind::Clause => ClauseStatus::names(),
            AssessableKind::Caveat => CaveatStatus::names(),
            AssessableKind::Proposal => ProposalStatus::names(),
        }
    }
}
