//! The references of the document: its sources, the parties and their roles, and related agreements.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use url::Url;

use super::names;
use super::record::{Agreement, Clause, Source};
use super::xml::Xml;
use crate::domain::page_address::page_address;
use crate::export::label::label;

/// The reference to the database, which is the author of the document and of its metadata.
pub const EDITOR: &str = "#clausewatch";

/// The reference to the element that states the kind of ending.
pub const ENDING: &str = "#ending";

/// A source with its reference.
struct SourceReference {
    /// The reference to the source, such as `#source_1`.
    reference: String,
    source: Source,
}

/// The sources of a document, numbered in the order of their first use.
pub struct References {
    base: Url,
    sources: BTreeMap<String, SourceReference>,
    /// The reference to the source of the agreement.
    original: Option<String>,
}

impl References {
    /// The references of an agreement with these clauses. `base` is the public address of the server.
    pub fn new(base: &Url, agreement: &Agreement, clauses: &[Clause]) -> Self {
        let original = agreement.source.as_ref().map(|source| &source.source);
        let cited = clauses.iter().filter_map(|clause| clause.source.as_ref());
        let mut sources: BTreeMap<String, SourceReference> = BTreeMap::new();
        for source in original.into_iter().chain(cited) {
            let reference = format!("#source_{}", sources.len() + 1);
            sources
                .entry(source.id.clone())
                .or_insert_with(|| SourceReference { reference, source: source.clone() });
        }
        let original = original.and_then(|source| sources.get(&source.id));
        let original = original.map(|source| source.reference.clone());
        Self { base: base.clone(), sources, original }
    }

    /// The reference to a source, such as `#source_1`. None if the document does not cite it.
    pub fn source(&self, id: &str) -> Option<&str> {
        self.sources.get(id).map(|source| source.reference.as_str())
    }

    /// The reference to the source of the agreement, or to the database if the agreement has no source.
    pub fn original(&self) -> &str {
        self.original.as_deref().unwrap_or(EDITOR)
    }

    /// The address of a page with these path segments.
    pub fn page(&self, segments: &[&str]) -> String {
        page_address(&self.base, segments).into()
    }

    /// Writes the element `references`.
    pub fn write(&self, xml: &mut Xml, agreement: &Agreement) {
        xml.start("references", &[("source", EDITOR)]);
        let mut sources: Vec<&SourceReference> = self.sources.values().collect();
        sources.sort_by_key(|source| (source.reference.len(), &source.reference));
        for SourceReference { reference, source } in sources {
            let is_original = self.original.as_ref() == Some(reference);
            let address = source.url.clone();
            let address = address.unwrap_or_else(|| self.page(&["sources", &source.id]));
            let element = if is_original { "original" } else { "TLCObject" };
            refer(xml, element, reference.trim_start_matches('#'), &address, &source.title);
        }
        for (index, relation) in agreement.relations.iter().enumerate() {
            let other = &relation.agreement;
            let address = names::work(&other.kind, &other.agreed_on, &other.slug);
            let id = format!("relation_{}", index + 1);
            let title = format!("{}: {}", label(&relation.kind), other.title);
            // An `activeRef` refers to a document that this document changes.
            let is_active = matches!(&*relation.kind, "AMENDS" | "EXTENDS" | "SUPERSEDES");
            if is_active {
                refer(xml, "activeRef", &id, &address, &title);
            } else {
                let name = names::token(&relation.kind);
                let attributes =
                    [("eId", &*id), ("name", &name), ("href", &address), ("showAs", &title)];
                xml.empty("TLCReference", &attributes);
            }
        }
        refer(
            xml,
            "TLCOrganization",
            EDITOR.trim_start_matches('#'),
            self.base.as_str(),
            "Clausewatch",
        );
        let mut written = HashSet::new();
        for entry in &agreement.parties {
            let party = &entry.party;
            if written.insert(&party.slug) {
                let element = if party.kind == "PERSON" { "TLCPerson" } else { "TLCOrganization" };
                let address = self.page(&["parties", &party.slug]);
                refer(xml, element, &party_id(&party.slug), &address, &party.name);
            }
        }
        if authors(agreement).next().is_none() {
            let address = "/akn/ontology/organization/unknown";
            refer(xml, "TLCOrganization", "unknown", address, "Unknown");
        }
        let roles: BTreeSet<&str> =
            agreement.parties.iter().map(|entry| entry.role.as_str()).collect();
        for role in roles {
            let address = format!("/akn/ontology/role/{}", names::token(role));
            refer(xml, "TLCRole", &role_id(role), &address, &label(role));
        }
        if let Some(place) = &agreement.place {
            refer(xml, "TLCLocation", "place", "/akn/ontology/location/place", place);
        }
        if let Some(ending) = &agreement.ending {
            let address = format!("/akn/ontology/concept/{}", names::token(&ending.kind));
            refer(
                xml,
                "TLCConcept",
                ENDING.trim_start_matches('#'),
                &address,
                &label(&ending.kind),
            );
        }
        xml.end("references");
    }
}

fn refer(xml: &mut Xml, element: &str, id: &str, address: &str, title: &str) {
    xml.empty(element, &[("eId", id), ("href", address), ("showAs", title)]);
}

fn party_id(slug: &str) -> String {
    format!("party_{slug}")
}

fn role_id(role: &str) -> String {
    format!("role_{}", names::token(role))
}

/// The authors of the agreement, each as a reference to the party and to its role. The authors are the parties that
/// signed the agreement or have duties under it, unless their role is disputed.
pub fn authors(agreement: &Agreement) -> impl Iterator<Item = (String, String)> {
    let entries = agreement
        .parties
        .iter()
        .filter(|entry| entry.held_by.is_none() && matches!(&*entry.role, "SIGNATORY" | "PARTY"));
    entries.map(|entry| {
        (format!("#{}", party_id(&entry.party.slug)), format!("#{}", role_id(&entry.role)))
    })
}
