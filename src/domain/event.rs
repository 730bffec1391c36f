//! Events: what happened or was said on a day.

use chrono::NaiveDate;

use super::assessment::Confidence;
use super::choice::choice;
use super::content::{
    Fields, PARTY, References, SOURCE, TRACKABLE, check_aliases, check_distinct, folded,
};
use super::id::{PartyId, SourceId, TrackableId};
use super::{Content, FaultCode, Faults, Field, Reference, day, text};

choice! {
    /// What an event is.
    EventKind {
        /// Somebody said something.
        Statement = "statement",
        /// Something was signed or adopted.
        Signing = "signing",
        /// A vote.
        Vote = "vote",
        /// Prisoners or goods changed hands.
        Exchange = "exchange",
        /// An agreement was acted against.
        Violation = "violation",
        /// Forces or monitors moved in.
        Deployment = "deployment",
        /// Forces or monitors moved out.
        Withdrawal = "withdrawal",
        /// Talks.
        Negotiation = "negotiation",
        /// An earlier case that is pointed to.
        Precedent = "precedent",
        /// Anything else.
        Other = "other",
    }
}

/// Everything that is stated about an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventContent {
    /// Short name in dossiers.
    pub slug: Option<String>,
    /// The day, or the first of several.
    pub happened_on: NaiveDate,
    /// The last day, where there was more than one.
    pub ended_on: Option<NaiveDate>,
    /// What it is.
    pub kind: EventKind,
    /// Title.
    pub title: String,
    /// Other names and spellings, in any language.
    pub aliases: Vec<String>,
    /// What happened, in plain words.
    pub summary: String,
    /// Where.
    pub place: Option<String>,
    /// How sure this record is.
    pub confidence: Confidence,
    /// Who acted or spoke.
    pub actors: Vec<PartyId>,
    /// The clauses, caveats and proposals that it concerns.
    pub concerns: Vec<TrackableId>,
    /// What this record rests on.
    pub sources: Vec<SourceId>,
}

impl EventContent {
    /// Its texts for filters, without case and accents.
    #[must_use]
    pub fn folded(&self) -> String {
        let texts = [Some(self.title.as_str()), Some(&self.summary), self.place.as_deref()];
        folded(&texts, &self.aliases)
    }
}

impl Content for EventContent {
    fn check(&self, faults: &mut Faults) {
        if let Some(slug) = &self.slug {
            text::check_slug(faults, "slug", slug);
        }
        day::check(faults, "happened_on", self.happened_on);
        if let Some(ended_on) = self.ended_on {
            day::check(faults, "ended_on", ended_on);
            if ended_on < self.happened_on {
                let message =
                    format!("{ended_on} is before {}, the day it began", self.happened_on);
                faults.add(FaultCode::OutOfRange, "ended_on", message);
            }
        }
        text::check_name(faults, "title", &self.title, text::LINE);
        check_aliases(faults, &self.aliases);
        text::check(faults, "summary", &self.summary, text::PROSE);
        text::check_name_optional(faults, "place", self.place.as_deref(), text::LINE);
        check_distinct(faults, "actors", &self.actors);
        check_distinct(faults, "concerns", &self.concerns);
        check_distinct(faults, "sources", &self.sources);
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add_all(PARTY, "actors", &self.actors);
        references.add_all(TRACKABLE, "concerns", &self.concerns);
        references.add_all(SOURCE, "sources", &self.sources);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .text_optional("slug", self.slug.as_ref())
            .date("happened_on", Some(self.happened_on))
            .date("ended_on", self.ended_on)
            .choice("kind", self.kind)
            .text("title", &self.title)
            .texts("aliases", &self.aliases)
            .text("summary", &self.summary)
            .text_optional("place", self.place.as_ref())
            .choice("confidence", self.confidence)
            .references("actors", PARTY, &self.actors)
            .references("concerns", TRACKABLE, &self.concerns)
            .references("sources", SOURCE, &self.sources)
            .0
    }
}
