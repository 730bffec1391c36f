//! Events: what happened or was said on a day.

use chrono::NaiveDate;

use super::assessment::Confidence;
use super::content::{
    ASSESSABLE, Fields, PARTY, References, SOURCE, check_aliases, check_distinct, folded,
};
use super::id::{AssessableId, PartyId, SourceId};
use super::string_enum::string_enum;
use super::{Content, Field, Reference, ValidationErrorCode, ValidationErrors, day, text};

string_enum! {
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
    /// How certain this record is.
    pub confidence: Confidence,
    /// Who acted or spoke.
    pub actors: Vec<PartyId>,
    /// The clauses, caveats and proposals that it concerns.
    pub concerns: Vec<AssessableId>,
    /// The source of this record.
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
    fn check(&self, errors: &mut ValidationErrors) {
        if let Some(slug) = &self.slug {
            text::check_slug(errors, "slug", slug);
        }
        day::check(errors, "happened_on", self.happened_on);
        if let Some(ended_on) = self.ended_on {
            day::check(errors, "ended_on", ended_on);
            if ended_on < self.happened_on {
                let message =
                    format!("{ended_on} is before {}, the day it began", self.happened_on);
                errors.add(ValidationErrorCode::OutOfRange, "ended_on", message);
            }
        }
        text::check_name(errors, "title", &self.title, text::LINE);
        check_aliases(errors, &self.aliases);
        text::check(errors, "summary", &self.summary, text::PROSE);
        text::check_name_optional(errors, "place", self.place.as_deref(), text::LINE);
        check_distinct(errors, "actors", &self.actors);
        check_distinct(errors, "concerns", &self.concerns);
        check_distinct(errors, "sources", &self.sources);
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add_all(PARTY, "actors", &self.actors);
        references.add_all(ASSESSABLE, "concerns", &self.concerns);
        references.add_all(SOURCE, "sources", &self.sources);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .text_optional("slug", self.slug.as_ref())
            .date("happened_on", Some(self.happened_on))
            .date("ended_on", self.ended_on)
            .string_enum("kind", self.kind)
            .text("title", &self.title)
            .texts("aliases", &self.aliases)
            .text("summary", &self.summary)
            .text_optional("place", self.place.as_ref())
            .string_enum("confidence", self.confidence)
            .references("actors", PARTY, &self.actors)
            .references("concerns", ASSESSABLE, &self.concerns)
            .references("sources", SOURCE, &self.sources)
            .0
    }
}
