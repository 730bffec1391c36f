//! The records of an import: the content, id and location of each.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::LocatedError;
use super::document::{Document, SourceLocation};
use super::names::{Entry, Names};
use super::reader::Reader;
use super::{events, instruments, interpretations};
use crate::db::record::Record;
use crate::domain::Id;
use crate::domain::agreement::AgreementContent;
use crate::domain::assessment::AssessmentContent;
use crate::domain::caveat::CaveatContent;
use crate::domain::clause::ClauseContent;
use crate::domain::event::EventContent;
use crate::domain::id::{AssessableId, PartyId};
use crate::domain::interpretation::{InterpretationContent, InterpretationKey};
use crate::domain::party::{PartyContent, PartyKind};
use crate::domain::precondition::{PreconditionContent, PreconditionKind};
use crate::domain::proposal::ProposalContent;
use crate::domain::source::{SourceContent, SourceKind};
use crate::domain::status::AssessableKind;
use crate::domain::topic::TopicContent;

/// A record without errors.
pub(super) struct Item<'a, C: Record> {
    pub(super) id: Id<C::Of>,
    /// Whether the record is in the database.
    pub(super) is_stored: bool,
    /// Whether the record is archived in the database.
    pub(super) is_archived: bool,
    pub(super) location: SourceLocation<'a>,
    pub(super) content: C,
}

/// A record without a name and without errors. When it is written, the import checks whether it is already in the database.
pub(super) struct UnnamedItem<'a, C> {
    pub(super) location: SourceLocation<'a>,
    pub(super) content: C,
}

/// An assessment without errors.
pub(super) struct AssessmentItem<'a> {
    pub(super) location: SourceLocation<'a>,
    pub(super) content: AssessmentContent,
    pub(super) kind: AssessableKind,
    /// Whether the subject of the assessment is archived.
    pub(super) is_archived: bool,
}

/// The key of an assessment in an import: subject, holder and day.
type AssessmentKey = (AssessableId, Option<PartyId>, NaiveDate);

/// The key of a precondition in an import: kind, both steps, and holder.
type PreconditionKey = (PreconditionKind, AssessableId, AssessableId, Option<PartyId>);

/// All records of an import.
#[derive(Default)]
pub(super) struct ImportSet<'a> {
    pub(super) topics: Vec<Item<'a, TopicContent>>,
    pub(super) sources: Vec<Item<'a, SourceContent>>,
    pub(super) parties: Vec<Item<'a, PartyContent>>,
    pub(super) agreements: Vec<Item<'a, AgreementContent>>,
    pub(super) clauses: Vec<Item<'a, ClauseContent>>,
    pub(super) proposals: Vec<Item<'a, ProposalContent>>,
    pub(super) caveats: Vec<Item<'a, CaveatContent>>,
    pub(super) preconditions: Vec<UnnamedItem<'a, PreconditionContent>>,
    pub(super) interpretations: Vec<UnnamedItem<'a, InterpretationContent>>,
    pub(super) events: Vec<Item<'a, EventContent>>,
    pub(super) assessments: Vec<AssessmentItem<'a>>,
    /// The ids of records with errors. Records that refer to them are not written either, but cause no further error.
    pub(super) failed: HashSet<String>,
    first_assessments: HashMap<AssessmentKey, SourceLocation<'a>>,
    first_preconditions: HashMap<PreconditionKey, SourceLocation<'a>>,
    first_interpretations: HashMap<InterpretationKey, SourceLocation<'a>>,
}

impl<'a> ImportSet<'a> {
    /// Reads a dossier and adds its errors.
    pub(super) fn read(
        &mut self,
        document: &'a Document<'a>,
        names: &Names<'a>,
        errors: &mut Vec<LocatedError>,
    ) {
        let mut root = Reader::root(document);
        self.read_records(&mut root, names);
        errors.extend(root.into_errors());
    }

    /// Reads the records of all kinds. `root` is the whole dossier.
    pub(super) fn read_records(&mut self, root: &mut Reader<'a>, names: &Names<'a>) {
        root.records("topic", "a topic", |reader| self.topic(reader, names));
        root.records("party", "a party", |reader| self.party(reader, names));
        root.records("source", "a source", |reader| self.source(reader, names));
        root.records("agreement", "an agreement", |reader| {
            instruments::agreement(self, reader, names);
        });
        root.records("proposal", "a proposal", |reader| instruments::proposal(self, reader, names));
        root.records("precondition", "a precondition", |reader| {
            events::precondition(self, reader, names);
        });
        root.records("interpretation", "an interpretation", |reader| {
            interpretations::interpretation(self, reader, names);
        });
        root.records("event", "an event", |reader| events::event(self, reader, names));
        root.records("assessment", "an assessment", |reader| {
            events::assessment(self, reader, names, None);
        });
    }

    fn topic(&mut self, reader: &mut Reader<'a>, names: &Names<'a>) {
        let content = TopicContent {
            slug: reader.key("slug"),
            name: reader.text("name"),
            description: reader.text_optional("description"),
            parent: reader.reference_optional("parent", &names.topics),
            external_ids: instruments::external_ids(reader),
        };
        let entry = names.topics.defined(&content.slug, reader.location());
        add(&mut self.topics, &mut self.failed, reader, entry, content);
    }

    fn party(&mut self, reader: &mut Reader<'a>, names: &Names<'a>) {
        let content = PartyContent {
            slug: reader.key("slug"),
            name: reader.text("name"),
            short_name: reader.text("short_name"),
            aliases: reader.texts("aliases"),
            // Only a person may represent a party. With this placeholder, a party of an unknown kind causes no further error.
            kind: reader.string_enum("kind", PartyKind::Person),
            represents: reader.reference_optional("represents", &names.parties),
            external_ids: instruments::external_ids(reader),
        };
        let entry = names.parties.defined(&content.slug, reader.location());
        add(&mut self.parties, &mut self.failed, reader, entry, content);
    }

    fn source(&mut self, reader: &mut Reader<'a>, names: &Names<'a>) {
        let slug = reader.key("slug");
        let entry = names.sources.defined(&slug, reader.location());
        let content = SourceContent {
            slug: Some(slug),
            title: reader.text("title"),
            kind: reader.string_enum("kind", SourceKind::Press),
            publisher: reader.text_optional("publisher"),
            url: reader.text_optional("url"),
            archived_url: reader.text_optional("archived_url"),
            published_on: reader.date_optional("published_on"),
            language: reader.key_optional("language"),
            external_ids: instruments::external_ids(reader),
        };
        add(&mut self.sources, &mut self.failed, reader, entry, content);
    }

    /// The location of an earlier assessment with the same subject, holder and day.
    pub(super) fn first_assessment(
        &mut self,
        key: AssessmentKey,
        location: SourceLocation<'a>,
    ) -> Option<SourceLocation<'a>> {
        first(&mut self.first_assessments, key, location)
    }

    /// The location of an earlier precondition with the same key.
    pub(super) fn first_precondition(
        &mut self,
        key: PreconditionKey,
        location: SourceLocation<'a>,
    ) -> Option<SourceLocation<'a>> {
        first(&mut self.first_preconditions, key, location)
    }

    /// The location of an earlier interpretation with the same subject, holder, day and term.
    pub(super) fn first_interpretation(
        &mut self,
        key: InterpretationKey,
        location: SourceLocation<'a>,
    ) -> Option<SourceLocation<'a>> {
        first(&mut self.first_interpretations, key, location)
    }
}

fn first<'a, K: Eq + std::hash::Hash>(
    locations: &mut HashMap<K, SourceLocation<'a>>,
    key: K,
    location: SourceLocation<'a>,
) -> Option<SourceLocation<'a>> {
    use std::collections::hash_map::Entry;
    match locations.entry(key) {
        Entry::Occupied(first) => Some(*first.get()),
        Entry::Vacant(vacant) => {
            vacant.insert(location);
            None
        }
    }
}

/// Adds a record if it has no errors. `entry` is `None` if the record has no name.
pub(super) fn add<'a, C: Record>(
    items: &mut Vec<Item<'a, C>>,
    failed: &mut HashSet<String>,
    reader: &mut Reader<'a>,
    entry: Option<&Entry<'a, C::Of>>,
    content: C,
) {
    let is_valid = reader.accept(&content);
    let (Some(&Entry { id, is_stored, is_archived, .. }), Some(location)) =
        (entry, reader.location())
    else {
        return;
    };
    if is_valid && !failed.contains(id.as_str()) {
        items.push(Item { id, is_stored, is_archived, location, content });
    } else {
        failed.insert(id.to_string());
    }
}
