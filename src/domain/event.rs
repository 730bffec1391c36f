//! Events.

use super::assessment::Confidence;
use super::citation::{self, Citation};
use super::content::{
    ASSESSABLE, Fields, PARTY, References, check_aliases, check_distinct, folded,
};
use super::edtf::EdtfDate;
use super::external_id::ExternalIdContent;
use super::id::{AssessableId, PartyId};
use super::string_enum::string_enum;
use super::{Content, Field, Reference, ValidationErrorCode, ValidationErrors, day, text};

string_enum! {
    /// The kind of an event.
    EventKind {
        /// A statement.
        Statement = "statement",
        /// A signing or an adoption.
        Signing = "signing",
        /// A vote.
        Vote = "vote",
        /// An exchange of prisoners or goods.
        Exchange = "exchange",
        /// A violation of an agreement.
        Violation = "violation",
        /// A deployment of forces or monitors.
        Deployment = "deployment",
        /// A withdrawal of forces or monitors.
        Withdrawal = "withdrawal",
        /// Talks.
        Negotiation = "negotiation",
        /// An earlier case that is cited.
        Precedent = "precedent",
        /// Anything else.
        Other = "other",
    }
}

/// The content of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventContent {
    /// The short name of the event in dossiers. `None` if the event has no such name.
    pub slug: Option<String>,
    /// The date of the event.
    pub date: EdtfDate,
    /// The kind of event.
    pub kind: EventKind,
    /// Title.
    pub title: String,
    /// Other names and spellings, in any language.
    pub aliases: Vec<String>,
    /// A summary of the event.
    pub summary: String,
    /// The place of the event.
    pub place: Option<String>,
    /// The confidence in this record.
    pub confidence: Confidence,
    /// The parties that acted or spoke.
    pub actors: Vec<PartyId>,
    /// The clauses, caveats and proposals that the event concerns.
    pub concerns: Vec<AssessableId>,
    /// The sources of this record, with the place in each.
    pub sources: Vec<Citation>,
    /// Identifiers in other collections.
    pub external_ids: Vec<ExternalIdContent>,
}

impl EventContent {
    /// The folded text in which text filters look for matches.
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
        let (happened_on, ended_on) = self.date.event_days();
        day::check(errors, "happened_on", happened_on);
        if let Some(ended_on) = ended_on {
            day::check(errors, "ended_on", ended_on);
            if ended_on < happened_on {
                let message =
                    format!("{ended_on} is before {happened_on}, the first day of the event");
                errors.add(ValidationErrorCode::OutOfRange, "ended_on", message);
            }
        }
        text::check_name(errors, "title", &self.title, text::MAX_LINE);
        check_aliases(errors, &self.aliases);
        text::check(errors, "summary", &self.summary, text::MAX_PROSE);
        text::check_name_optional(errors, "place", self.place.as_deref(), text::MAX_LINE);
        check_distinct(errors, "actors", &self.actors);
        check_distinct(errors, "concerns", &self.concerns);
        citation::check(errors, "sources", &self.sources);
    }

    fn external_ids(&self) -> &[ExternalIdContent] {
        &self.external_ids
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add_all(PARTY, "actors", &self.actors);
        references.add_all(ASSESSABLE, "concerns", &self.concerns);
        citation::add_references(&mut references, "sources", &self.sources);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        let (happened_on, ended_on) = self.date.event_days();
        Fields::default()
            .text_optional("slug", self.slug.as_ref())
            .date("happened_on", Some(happened_on))
            .date("ended_on", ended_on)
            .text_optional("date", self.date.text_beside_event_days().as_ref())
            .string_enum("kind", self.kind)
            .text("title", &self.title)
            .texts("aliases", &self.aliases)
            .text("summary", &self.summary)
            .text_optional("place", self.place.as_ref())
            .string_enum("confidence", self.confidence)
            .references("actors", PARTY, &self.actors)
            .references("concerns", ASSESSABLE, &self.concerns)
            .citations("sources", &self.sources)
            .list("external_ids", &self.external_ids, ExternalIdContent::fields)
            .0
    }
}
