//! Status changes: what `statusChanged` tells.

use async_graphql::{Context, ID, Object, Result};

use super::agreement::AgreementBySlug;
use super::assessment::{Assessment, AssessmentById};
use super::batch::reader;
use super::change;
use super::error::Code;
use super::node::expect;
use super::proposal::ProposalBySlug;
use super::trackable::{self, Trackable, TrackableById};
use crate::db;
use crate::db::status_change::Followed;
use crate::domain::text;

/// How many ids can be followed at once.
const MOST_IDS: usize = 200;

/// A status that was recorded, or taken back.
pub struct StatusChange(pub db::status_change::StatusChange);

/// A status that was recorded, or taken back.
#[Object]
impl StatusChange {
    /// Marks its place in the change log: give it as `after`, here or to `changes`, to go on from here.
    async fn cursor(&self) -> String {
        change::encode(self.0.position)
    }

    /// What is judged, as it is by now.
    async fn subject(&self, context: &Context<'_>) -> Result<Trackable> {
        let row = expect(context, AssessmentById, self.0.assessment_id).await?;
        Trackable::of(context, row.trackable_id, row.trackable_kind).await
    }

    /// The assessment that was recorded, or the one that was taken back: `retractedAt` says which.
    async fn assessment(&self, context: &Context<'_>) -> Result<Assessment> {
        Ok(expect(context, AssessmentById, self.0.assessment_id).await?.into())
    }
}

/// What the arguments of `statusChanged` name.
///
/// # Errors
/// When there is nothing of that name.
pub async fn followed(
    context: &Context<'_>,
    agreement: Option<&str>,
    proposal: Option<&str>,
    ids: Option<&[ID]>,
) -> Result<Followed> {
    if agreement.is_none() && proposal.is_none() && ids.is_none() {
        return Ok(Followed::Everything);
    }
    let unknown = |argument: &str, value: &str, what: &str| {
        Code::BadUserInput.error(format!("`{argument}: {}` {what}", text::quote(value)))
    };
    let reader = reader(context)?;
    let agreement = match agreement {
        None => None,
        Some(slug) => {
            let found = reader.load(AgreementBySlug, slug.to_owned()).await?;
            let unknown = || unknown("agreement", slug, "is not the slug of an agreement");
            Some(found.ok_or_else(unknown)?.key())
        }
    };
    let proposal = match proposal {
        None => None,
        Some(slug) => {
            let found = reader.load(ProposalBySlug, slug.to_owned()).await?;
            let unknown = || unknown("proposal", slug, "is not the slug of a proposal");
            Some(found.ok_or_else(unknown)?.key())
        }
    };
    let ids = ids.unwrap_or_default();
    if ids.len() > MOST_IDS {
        let message =
            format!("`ids` has {} items; at most {MOST_IDS} can be followed at once", ids.len());
        return Err(Code::BadUserInput.error(message));
    }
    let subjects = ids.iter().map(async |name| {
        let id = trackable::named(context, "ids", name).await?;
        let found = reader.load(TrackableById, id).await?;
        let unknown = || unknown("ids", name, "is the id of a record that is not here");
        found.map(|row| row.id).ok_or_else(unknown)
    });
    let subjects = futures_util::future::try_join_all(subjects).await?;
    Ok(Followed::Any { agreement, proposal, subjects })
}
