//! Agreements: instruments on which parties agreed.

use chrono::NaiveDate;

use super::content::{AGREEMENT, Fields, PARTY, References, check_aliases, check_distinct, folded};
use super::ending::{self, EndingContent};
use super::external_id::ExternalIdContent;
use super::id::{AgreementId, PartyId};
use super::provenance::Provenance;
use super::string_enum::string_enum;
use super::topic_treatment::{self, TopicTreatmentContent};
use super::{Content, Field, Reference, ValidationErrorCode, ValidationErrors, day, text};

string_enum! {
    /// The kind of an agreement.
    AgreementKind {
        /// A protocol.
        Protocol = "protocol",
        /// A memorandum.
        Memorandum = "memorandum",
        /// A package of measures.
        PackageOfMeasures = "package_of_measures",
        /// A declaration.
        Declaration = "declaration",
        /// A resolution of an international body.
        Resolution = "resolution",
        /// An addition to another instrument.
        Addendum = "addendum",
        /// A treaty.
        Treaty = "treaty",
        /// A law.
        Law = "law",
        /// Anything else.
        Other = "other",
    }
}

string_enum! {
    /// The role of a party in an agreement.
    AgreementRole {
        /// Signed the agreement.
        Signatory = "signatory",
        /// Has obligations under the agreement.
        Party = "party",
        /// Guarantees the agreement.
        Guarantor = "guarantor",
        /// Mediated between the sides.
        Mediator = "mediator",
        /// Monitors compliance with the agreement.
        Monitor = "monitor",
        /// Endorses the agreement without being a party to it.
        Endorser = "endorser",
    }
}

string_enum! {
    /// How an agreement is related to another agreement.
    RelationKind {
        /// Implements the other agreement.
        Implements = "implements",
        /// Amends the other agreement.
        Amends = "amends",
        /// Extends the other agreement.
        Extends = "extends",
        /// Supersedes the other agreement.
        Supersedes = "supersedes",
        /// Endorses the other agreement.
        Endorses = "endorses",
    }
}

/// The content of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementContent {
    /// Short name in URLs.
    pub slug: String,
    /// Full title.
    pub title: String,
    /// Short title, for tables.
    pub short_title: String,
    /// The kind of agreement.
    pub kind: AgreementKind,
    /// The way in which the agreement was adopted, in one sentence.
    pub adoption: String,
    /// Other names and spellings, in any language.
    pub aliases: Vec<String>,
    /// The day of agreement.
    pub agreed_on: NaiveDate,
    /// The place of agreement.
    pub place: Option<String>,
    /// Summary.
    pub summary: String,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
    /// The first day that the record covers.
    pub covered_from: Option<NaiveDate>,
    /// The last day that the record covers. Not before `covered_from`. `None` if the record is kept up to date.
    pub covered_to: Option<NaiveDate>,
    /// The matters that the record does not cover.
    pub not_covered: Option<String>,
    /// Identifiers in other collections.
    pub external_ids: Vec<ExternalIdContent>,
    /// The roles of parties.
    pub parties: Vec<AgreementPartyContent>,
    /// Relations to other agreements.
    pub relations: Vec<AgreementRelationContent>,
    /// The endings of the agreement: at most one in the neutral record, and at most one in the view of each party.
    pub endings: Vec<EndingContent>,
    /// How fully the agreement treats topics, according to datasets.
    pub topic_treatments: Vec<TopicTreatmentContent>,
}

/// The role of a party in an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementPartyContent {
    /// The party.
    pub party: PartyId,
    /// The party's role.
    pub role: AgreementRole,
    /// The capacity in which the party acts.
    pub capacity: Option<String>,
    /// The party according to which the role exists. `None` if the role is undisputed.
    pub held_by: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
}

impl AgreementPartyContent {
    /// The key that identifies the role in its agreement.
    #[must_use]
    pub fn key(&self) -> (PartyId, AgreementRole, Option<PartyId>) {
        (self.party, self.role, self.held_by)
    }
}

/// A relation to another agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRelationContent {
    /// The kind of relation.
    pub kind: RelationKind,
    /// The other agreement.
    pub agreement: AgreementId,
}

impl AgreementContent {
    /// The texts in which text filters look for matches, folded for comparison.
    #[must_use]
    pub fn folded(&self) -> String {
        let note = self.provenance.note.as_deref();
        let texts = [Some(self.title.as_str()), Some(&self.short_title), Some(&self.summary), note];
        folded(&texts, &self.aliases)
    }

    fn check_coverage(&self, errors: &mut ValidationErrors) {
        for (field, covered) in
            [("covered_from", self.covered_from), ("covered_to", self.covered_to)]
        {
            if let Some(covered) = covered {
                day::check(errors, field, covered);
            }
        }
        if let (Some(from), Some(to)) = (self.covered_from, self.covered_to)
            && to < from
        {
            let message = format!("{to} is before {from}, the first day that is covered");
            errors.add(ValidationErrorCode::OutOfRange, "covered_to", message);
        }
        text::check_optional(errors, "not_covered", self.not_covered.as_deref(), text::MAX_PROSE);
    }
}

impl Content for AgreementContent {
    fn check(&self, errors: &mut ValidationErrors) {
        text::check_slug(errors, "slug", &self.slug);
        text::check_name(errors, "title", &self.title, text::MAX_LINE);
        text::check_name(errors, "short_title", &self.short_title, text::MAX_LINE);
        check_aliases(errors, &self.aliases);
        text::check(errors, "adoption", &self.adoption, text::MAX_PROSE);
        day::check(errors, "agreed_on", self.agreed_on);
        text::check_name_optional(errors, "place", self.place.as_deref(), text::MAX_LINE);
        text::check(errors, "summary", &self.summary, text::MAX_PROSE);
        self.provenance.check(errors, "");
        self.check_coverage(errors);
        for (index, party) in self.parties.iter().enumerate() {
            let path = format!("parties.{index}.capacity");
            text::check_optional(errors, &path, party.capacity.as_deref(), text::MAX_PROSE);
            party.provenance.check(errors, &format!("parties.{index}."));
        }
        let parts: Vec<_> = self.parties.iter().map(AgreementPartyContent::key).collect();
        check_distinct(errors, "parties", &parts);
        check_distinct(errors, "relations", &self.relations);
        ending::check(errors, &self.endings, self.agreed_on);
        topic_treatment::check(errors, &self.topic_treatments);
    }

    fn external_ids(&self) -> &[ExternalIdContent] {
        &self.external_ids
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        self.provenance.add_references(&mut references, "");
        for (index, party) in self.parties.iter().enumerate() {
            references.add(PARTY, &format!("parties.{index}.party"), party.party);
            references.add_optional(PARTY, &format!("parties.{index}.held_by"), party.held_by);
            party.provenance.add_references(&mut references, &format!("parties.{index}."));
        }
        for (index, relation) in self.relations.iter().enumerate() {
            references.add(AGREEMENT, &format!("relations.{index}.agreement"), relation.agreement);
        }
        ending::add_references(&mut references, &self.endings);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .text("slug", &self.slug)
            .text("title", &self.title)
            .text("short_title", &self.short_title)
            .texts("aliases", &self.aliases)
            .string_enum("kind", self.kind)
            .text("adoption", &self.adoption)
            .date("agreed_on", Some(self.agreed_on))
            .text_optional("place", self.place.as_ref())
            .text("summary", &self.summary)
            .append(|fields| self.provenance.fields(fields))
            .date("covered_from", self.covered_from)
            .date("covered_to", self.covered_to)
            .text_optional("not_covered", self.not_covered.as_ref())
            .list("external_ids", &self.external_ids, ExternalIdContent::fields)
            .list("parties", &self.parties, |part, fields| {
                fields
                    .reference("party", PARTY, Some(part.party))
                    .string_enum("role", part.role)
                    .text_optional("capacity", part.capacity.as_ref())
                    .reference("held_by", PARTY, part.held_by)
                    .append(|fields| part.provenance.fields(fields))
            })
            .list("relations", &self.relations, |to, fields| {
                fields.string_enum("kind", to.kind).reference(
                    "agreement",
                    AGREEMENT,
                    Some(to.agreement),
                )
            })
            .list("endings", &self.endings, EndingContent::fields)
            .list("topic_treatments", &self.topic_treatments, TopicTreatmentContent::fields)
            .0
    }
}
