//! Ids are version 7 UUIDs, so they sort by time of creation. Both databases store them as text.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use uuid::Uuid;

use super::string_enum::string_enum;

string_enum! {
    /// The kinds of records that have ids.
    Kind {
        /// An agreement.
        Agreement = "agreement",
        /// A clause of an agreement.
        Clause = "clause",
        /// A proposal.
        Proposal = "proposal",
        /// A caveat of a proposal.
        Caveat = "caveat",
        /// A party.
        Party = "party",
        /// A topic.
        Topic = "topic",
        /// A source.
        Source = "source",
        /// An event.
        Event = "event",
        /// A precondition.
        Precondition = "precondition",
        /// An interpretation of a clause or caveat.
        Interpretation = "interpretation",
        /// An assessment of a clause.
        ClauseAssessment = "clause_assessment",
        /// An assessment of a proposal.
        ProposalAssessment = "proposal_assessment",
        /// An assessment of a caveat.
        CaveatAssessment = "caveat_assessment",
        /// An obligation of a clause.
        Obligation = "obligation",
        /// A deadline of a clause.
        Deadline = "deadline",
        /// The role of a party in an agreement.
        AgreementParty = "agreement_party",
        /// A relation between two agreements.
        AgreementRelation = "agreement_relation",
        /// The end of an agreement, in the neutral record or in the view of a party.
        AgreementEnding = "agreement_ending",
        /// An external identifier of a record.
        ExternalId = "external_id",
        /// A link between a caveat and a clause.
        CaveatClauseLink = "caveat_clause_link",
        /// An access token.
        Token = "token",
        /// A status check of a clause, caveat or proposal.
        StatusCheck = "status_check",
        /// An assessment that was submitted for review.
        Submission = "submission",
        /// A release of the data.
        Release = "release",
        /// A webhook.
        Webhook = "webhook",
    }
}

impl Kind {
    /// The kind in words, for messages: `clause assessment`.
    #[must_use]
    pub fn words(self) -> String {
        use super::StringEnum;
        self.as_str().replace('_', " ")
    }
}

/// The id of a record. `T` distinguishes ids of different tables.
pub struct Id<T> {
    // The id as text. Both databases store text, so bind values need no conversion.
    text: [u8; 36],
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// A new id, greater than all ids that this process created before.
    #[must_use]
    pub fn new() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// The id with this UUID.
    #[must_use]
    pub fn from_uuid(uuid: Uuid) -> Self {
        let mut text = [0; 36];
        uuid.hyphenated().encode_lower(&mut text);
        Self { text, of: PhantomData }
    }

    /// Parses a hyphenated UUID.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten().map(Self::from_uuid)
    }

    /// Parses an id from a database column, whose constraint ensures the form.
    #[must_use]
    pub fn stored(text: &str) -> Option<Self> {
        let text = text.as_bytes().try_into().ok()?;
        Some(Self { text, of: PhantomData })
    }

    /// The UUID.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        Uuid::try_parse_ascii(&self.text).unwrap_or_default()
    }

    /// The hyphenated UUID, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The id with this UUID in another table that shares the keys, such as a clause's id in the table of assessable
    /// records.
    #[must_use]
    pub fn cast<U>(self) -> Id<U> {
        Id { text: self.text, of: PhantomData }
    }
}

impl<T> Default for Id<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Marker types for ids. They have no values.
pub mod of {
    /// Marks ids of agreements.
    pub enum Agreement {}
    /// Marks ids of clauses.
    pub enum Clause {}
    /// Marks ids of proposals.
    pub enum Proposal {}
    /// Marks ids of caveats.
    pub enum Caveat {}
    /// Marks ids that can belong to clauses, caveats and proposals.
    pub enum Assessable {}
    /// Marks ids of parties.
    pub enum Party {}
    /// Marks ids of topics.
    pub enum Topic {}
    /// Marks ids of sources.
    pub enum Source {}
    /// Marks ids of events.
    pub enum Event {}
    /// Marks ids of preconditions.
    pub enum Precondition {}
    /// Marks ids that can belong to clauses and caveats.
    pub enum Interpretable {}
    /// Marks ids of interpretations.
    pub enum Interpretation {}
    /// Marks ids of assessments.
    pub enum Assessment {}
    /// Marks ids of status checks.
    pub enum StatusCheck {}
    /// Marks ids of submissions.
    pub enum Submission {}
    /// Marks ids of releases.
    pub enum Release {}
    /// Marks ids of access tokens.
    pub enum Token {}
    /// Marks ids of webhooks.
    pub enum Webhook {}
    /// Marks ids of rows that belong to one record: obligations, deadlines, links.
    pub enum Part {}
}

/// Id of an agreement.
pub type AgreementId = Id<of::Agreement>;
/// Id of a clause.
pub type ClauseId = Id<of::Clause>;
/// Id of a proposal.
pub type ProposalId = Id<of::Proposal>;
/// Id of a caveat.
pub type CaveatId = Id<of::Caveat>;
/// Id of a clause, caveat or proposal.
pub type AssessableId = Id<of::Assessable>;
/// Id of a party.
pub type PartyId = Id<of::Party>;
/// Id of a topic.
pub type TopicId = Id<of::Topic>;
/// Id of a source.
pub type SourceId = Id<of::Source>;
/// Id of an event.
pub type EventId = Id<of::Event>;
/// Id of a precondition.
pub type PreconditionId = Id<of::Precondition>;
/// Id of a clause or caveat.
pub type InterpretableId = Id<of::Interpretable>;
/// Id of an interpretation.
pub type InterpretationId = Id<of::Interpretation>;
/// Id of an assessment.
pub type AssessmentId = Id<of::Assessment>;
/// Id of a status check.
pub type StatusCheckId = Id<of::StatusCheck>;
/// Id of a submission.
pub type SubmissionId = Id<of::Submission>;
/// Id of a release.
pub type ReleaseId = Id<of::Release>;
/// Id of an access token.
pub type TokenId = Id<of::Token>;
/// Id of a webhook.
pub type WebhookId = Id<of::Webhook>;
/// Id of a row that belongs to one record: an obligation, a deadline, a link.
pub type PartId = Id<of::Part>;

impl<T> AsRef<str> for Id<T> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
