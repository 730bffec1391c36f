//! Assessments.

#![expect(clippy::duplicated_attributes, reason = "fields of an interface may have the same type")]
#![expect(clippy::enum_variant_names, reason = "variants are named after the types")]

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Interface, Object, Result};

use super::batch::{batches, reader};
use super::caveat::{Caveat, CaveatById, CaveatStatus};
use super::clause::{Clause, ClauseById, ClauseStatus};
use super::event::{Event, EventById};
use super::node::{expect, expect_optional, global_id, list};
use super::page::connection;
use super::party::{Party, PartyById};
use super::proposal::{Proposal, ProposalById, ProposalStatus};
use super::scalar::{Date, DateTime};
use super::source::{EvidenceOf, Source};
use crate::db;
use crate::db::assessment::AssessmentList;
use crate::domain::id::AssessmentId;
use crate::domain::{Kind, assessment};

batches! {
    /// Assessments by id.
    AssessmentById: AssessmentId => Arc<db::assessment::Assessment>, |connection, keys| {
        let rows = db::assessment::by_ids(connection, keys)?;
        Ok(rows.into_iter().map(|(id, row)| (id, Arc::new(row))).collect())
    };
    /// What the same holders said before.
    PreviousStatusOf: AssessmentId => String, db::assessment::previous_statuses;
}

/// Which way a thing is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "assessment::Momentum")]
pub enum Momentum {
    /// It gets closer to being done.
    Advancing,
    /// There is no movement worth mention.
    Steady,
    /// Movement was expected and has stopped.
    Stalled,
    /// It gets further from being done.
    Regressing,
}

/// How sure a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "assessment::Confidence")]
pub enum Confidence {
    /// It was not checked against a source, or is doubtful.
    Low,
    /// It rests on one source.
    Medium,
    /// It rests on several independent sources.
    High,
}

/// A dated judgement. Append-only: a retraction marks it, nothing deletes it.
#[derive(Interface, Clone)]
#[graphql(
    field(
        name = "id",
        ty = "ID",
        desc = "Identifies the record among all records of every type, for ever. Opaque: make no assumption about its form."
    ),
    field(name = "effective_on", ty = "Date", desc = "Valid time: since when it is so."),
    field(
        name = "recorded_at",
        ty = "DateTime",
        desc = "Transaction time: since when the database knows."
    ),
    field(
        name = "held_by",
        ty = "Result<Option<Party>>",
        desc = "Whose view it is; null for the neutral record."
    ),
    field(name = "momentum", ty = "Momentum", desc = "Which way it is going."),
    field(name = "confidence", ty = "Confidence", desc = "How sure it is."),
    field(name = "note", ty = "&str", desc = "Why, in plain words."),
    field(name = "evidence", ty = "Result<Vec<Source>>", desc = "What it rests on."),
    field(name = "event", ty = "Result<Option<Event>>", desc = "The event that brought it about."),
    field(name = "recorded_by", ty = "&str", desc = "The name of who recorded it."),
    field(
        name = "retracted_at",
        ty = "Option<DateTime>",
        desc = "When it was taken back; null while it stands."
    ),
    field(name = "retracted_by", ty = "Option<&str>", desc = "The name of who took it back."),
    field(name = "retraction_reason", ty = "Option<&str>", desc = "Why it was taken back.")
)]
pub enum Assessment {
    /// Of a caveat.
    CaveatAssessment(CaveatAssessment),
    /// Of a clause.
    ClauseAssessment(ClauseAssessment),
    /// Of a proposal.
    ProposalAssessment(ProposalAssessment),
}

impl From<Arc<db::assessment::Assessment>> for Assessment {
    fn from(row: Arc<db::assessment::Assessment>) -> Self {
        use crate::domain::status::TrackableKind;
        match row.trackable_kind {
            TrackableKind::Clause => Self::ClauseAssessment(row.into()),
            TrackableKind::Caveat => Self::CaveatAssessment(row.into()),
            TrackableKind::Proposal => Self::ProposalAssessment(row.into()),
        }
    }
}

/// Defines the assessment type of one scale; the three differ in their subject and their statuses alone.
macro_rules! assessment {
    (
        $(#[doc = $doc:literal])*
        $name:ident, $connection:ident, $edge:ident, $subject:ident, $by_id:ident, $field:ident, $status:ident
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone)]
        pub struct $name(Arc<db::assessment::Assessment>);

        impl From<Arc<db::assessment::Assessment>> for $name {
            fn from(row: Arc<db::assessment::Assessment>) -> Self {
                Self(row)
            }
        }

        connection!($connection, $edge, $name, AssessmentList);

        $(#[doc = $doc])*
        #[Object]
        impl $name {
            /// Identifies the assessment.
            pub async fn id(&self) -> ID {
                global_id(Kind::$name, self.0.id)
            }

            /// What is judged.
            async fn $field(&self, context: &Context<'_>) -> Result<$subject> {
                expect(context, $by_id, self.0.trackable_id.cast()).await
            }

            /// The judgement.
            async fn status(&self) -> Result<$status> {
                $status::stored(&self.0.status)
            }

            /// The status that the same holder's assessments gave before this one took effect; null for the first.
            async fn previous_status(&self, context: &Context<'_>) -> Result<Option<$status>> {
                let previous = reader(context)?.load(PreviousStatusOf, self.0.id).await?;
                previous.as_deref().map($status::stored).transpose()
            }

            /// Valid time: since when it is so.
            pub async fn effective_on(&self) -> Date {
                Date(self.0.effective_on)
            }

            /// Transaction time: since when the database knows.
            pub async fn recorded_at(&self) -> DateTime {
                DateTime(self.0.recorded_at)
            }

            /// Whose view it is; null for the neutral record.
            pub async fn held_by(&self, context: &Context<'_>) -> Result<Option<Party>> {
                expect_optional(context, PartyById, self.0.held_by_id).await
            }

            /// Which way it is going.
            pub async fn momentum(&self) -> Momentum {
                self.0.momentum.into()
            }

            /// How sure it is.
            pub async fn confidence(&self) -> Confidence {
                self.0.confidence.into()
            }

            /// Why, in plain words.
            pub async fn note(&self) -> &str {
                &self.0.note
            }

            /// What it rests on.
            pub async fn evidence(&self, context: &Context<'_>) -> Result<Vec<Source>> {
                list(context, EvidenceOf, self.0.id).await
            }

            /// The event that brought it about.
            pub async fn event(&self, context: &Context<'_>) -> Result<Option<Event>> {
                expect_optional(context, EventById, self.0.event_id).await
            }

            /// The name of who recorded it.
            pub async fn recorded_by(&self) -> &str {
                &self.0.recorded_by
            }

            /// When it was taken back; null while it stands.
            pub async fn retracted_at(&self) -> Option<DateTime> {
                self.0.retracted_at.map(DateTime)
            }

            /// The name of who took it back.
            pub async fn retracted_by(&self) -> Option<&str> {
                self.0.retracted_by.as_deref()
            }

            /// Why it was taken back.
            pub async fn retraction_reason(&self) -> Option<&str> {
                self.0.retraction_reason.as_deref()
            }
        }
    };
}

assessment! {
    /// A dated judgement of a clause. Append-only: a retraction marks it, nothing deletes it.
    ClauseAssessment, ClauseAssessmentConnection, ClauseAssessmentEdge, Clause, ClauseById, clause, ClauseStatus
}

assessment! {
    /// A dated judgement of a proposal. Append-only: a retraction marks it, nothing deletes it.
    ProposalAssessment, ProposalAssessmentConnection, ProposalAssessmentEdge, Proposal, ProposalById, proposal,
    ProposalStatus
}

assessment! {
    /// A dated judgement of a caveat. Append-only: a retraction marks it, nothing deletes it.
    CaveatAssessment, CaveatAssessmentConnection, CaveatAssessmentEdge, Caveat, CaveatById, caveat, CaveatStatus
}
