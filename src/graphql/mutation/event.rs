//! Creating, updating and archiving events.

use super::external_id::ExternalIdInput;
use super::input::{RecordId, Text, inputs};
use super::presence::{List, Optional, Required};
use crate::domain::citation::Citation;
use crate::domain::edtf::EdtfDate;
use crate::domain::event::EventContent;
use crate::domain::id::of;
use crate::graphql::assessment::Confidence;
use crate::graphql::event::EventKind;

inputs! {
    "an" "event" "Event", EventContent;
    CreateEventInput {}
    UpdateEventInput, ArchiveEventInput { event_id }
    slug => slug: Optional<String>, "Short name in dossiers: lower-case letters, digits and single hyphens. At most 80 characters. Unique among the present and former slugs of records of this type." ["", " Null clears it."];
    kind => kind: Required<EventKind>, "Kind of event.";
    title => title: Required<Text>, "Title. At most 300 characters.";
    #[graphql(default)]
    aliases => aliases: List<String>, "Other names and spellings, in any language. At most 50, of at most 300 characters each." ["", " Replaces the whole list."];
    summary => summary: Required<Text>, "Plain-language summary of the event. At most 20000 characters.";
    place => place: Optional<Text>, "Place of the event. At most 300 characters." ["", " Null clears it."];
    #[graphql(default_with = "Confidence::Medium")]
    confidence => confidence: Required<Confidence>, "Confidence in this record.";
    #[graphql(default)]
    actor_ids => actors: List<RecordId<of::Party>>, "Ids of the parties that acted or spoke." ["", " Replaces the whole list."];
    #[graphql(default)]
    concerns_ids => concerns: List<RecordId<of::Assessable>>, "Ids of the clauses, caveats and proposals that the event concerns." ["", " Replaces the whole list."];
    #[graphql(default)]
    external_ids => external_ids: List<ExternalIdInput>, "Identifiers of the record in other collections." ["", " Replaces the whole list."];
    ..date: EdtfDate;
    ..sources: Vec<Citation>;
}
