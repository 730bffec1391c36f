//! The three scales of status, and which of them a trackable uses.

use super::string_enum::string_enum;
use super::{Kind, StringEnum};

string_enum! {
    /// The three things that can be tracked.
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
    /// The kind of record that it is.
    #[must_use]
    pub fn record_kind(self) -> Kind {
        match self {
            Self::Clause => Kind::Clause,
            Self::Caveat => Kind::Caveat,
            Self::Proposal => Kind::Proposal,
        }
    }

    /// The kind of record that an assessment of it is.
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
    /// What became of a clause.
    ClauseStatus {
        /// Nobody has judged it.
        Unassessed = "unassessed",
        /// It asks for nothing in this case.
        NotApplicable = "not_applicable",
        /// Nothing was done.
        NotStarted = "not_started",
        /// First steps, far from what it asks.
        Minimal = "minimal",
        /// A good part, not all.
        Partial = "partial",
        /// All that it asks.
        Complete = "complete",
        /// Acted against.
        Breached = "breached",
        /// Set aside for a time.
        Suspended = "suspended",
        /// No longer of force.
        Void = "void",
    }
}

string_enum! {
    /// What became of a proposal.
    ProposalStatus {
        /// Mentioned, without form.
        Floated = "floated",
        /// Put forward in due form.
        Tabled = "tabled",
        /// Talked about between the sides.
        UnderNegotiation = "under_negotiation",
        /// Taken as it is.
        Accepted = "accepted",
        /// Taken in part.
        PartlyAccepted = "partly_accepted",
        /// Answered with another proposal.
        Countered = "countered",
        /// Refused.
        Rejected = "rejected",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Overtaken by events.
        Lapsed = "lapsed",
    }
}

string_enum! {
    /// What became of a caveat.
    CaveatStatus {
        /// Stands, without answer.
        Open = "open",
        /// Talked about between the sides.
        UnderNegotiation = "under_negotiation",
        /// Taken as it is.
        Accepted = "accepted",
        /// Answered with another caveat.
        Countered = "countered",
        /// Refused.
        Rejected = "rejected",
        /// Fulfilled, or cleared up.
        Satisfied = "satisfied",
        /// Accepted, and acted against.
        Breached = "breached",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Overtaken by events.
        Lapsed = "lapsed",
    }
}

/// A status on the scale of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Of a clause.
    Clause(ClauseStatus),
    /// Of a caveat.
    Caveat(CaveatStatus),
    /// Of a proposal.
    Proposal(ProposalStatus),
}

impl Status {
    /// What holds as long as nobody has assessed the thing.
    #[must_use]
    pub fn initial(kind: AssessableKind) -> Self {
        match kind {
            AssessableKind::Clause => Self::Clause(ClauseStatus::Unassessed),
            AssessableKind::Caveat => Self::Caveat(CaveatStatus::Open),
            AssessableKind::Proposal => Self::Proposal(ProposalStatus::Floated),
        }
    }

    /// The scale that the status is on.
    #[must_use]
    pub fn kind(self) -> AssessableKind {
        match self {
            Self::Clause(_) => AssessableKind::Clause,
            Self::Caveat(_) => AssessableKind::Caveat,
            Self::Proposal(_) => AssessableKind::Proposal,
        }
    }

    /// The name in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clause(status) => status.as_str(),
            Self::Caveat(status) => status.as_str(),
            Self::Proposal(status) => status.as_str(),
        }
    }

    /// Every status of every scale.
    pub fn all() -> impl Iterator<Item = Self> {
        let clauses = ClauseStatus::ALL.iter().copied().map(Self::Clause);
        let caveats = CaveatStatus::ALL.iter().copied().map(Self::Caveat);
        let proposals = ProposalStatus::ALL.iter().copied().map(Self::Proposal);
        clauses.chain(caveats).chain(proposals)
    }

    /// Whether nothing is left to do, so that what waits for it need not wait any longer. What was broken off or came
    /// to nothing is not done: what it asked for was never had.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(
            self,
            Self::Clause(ClauseStatus::Complete | ClauseStatus::NotApplicable)
                | Self::Caveat(CaveatStatus::Satisfied)
                | Self::Proposal(ProposalStatus::Accepted)
        )
    }

    /// The status with that dossier name on the scale of `kind`.
    #[must_use]
    pub fn parse_name(kind: AssessableKind, name: &str) -> Option<Self> {
        match kind {
            AssessableKind::Clause => ClauseStatus::parse_name(name).map(Self::Clause),
            AssessableKind::Caveat => CaveatStatus::parse_name(name).map(Self::Caveat),
            AssessableKind::Proposal => ProposalStatus::parse_name(name).map(Self::Proposal),
        }
    }

    /// All names on the scale of `kind`, for messages.
    #[must_use]
    pub fn names(kind: AssessableKind) -> String {
        match kind {
            AssessableKind::Clause => ClauseStatus::names(),
            AssessableKind::Caveat => CaveatStatus::names(),
            AssessableKind::Proposal => ProposalStatus::names(),
        }
    }
}
