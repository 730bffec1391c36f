//! Proposals.

use chrono::NaiveDate;

use super::content::{
    AGREEMENT, Fields, PARTY, PROPOSAL, References, check_aliases, check_distinct, folded,
};
use super::external_id::ExternalIdContent;
use super::id::{AgreementId, PartyId, ProposalId};
use super::provenance::Provenance;
use super::string_enum::string_enum;
use super::{Content, Field, Reference, ValidationErrorCode, ValidationErrors, day, text};

string_enum! {
    /// Whether a proposal is official.
    ProposalStanding {
        /// Made by a party.
        Official = "official",
        /// Made by a commentator, or leaked.
        Unofficial = "unofficial",
    }
}

string_enum! {
    /// The role of a party in a proposal.
    ProposalRole {
        /// Made the proposal.
        Proposer = "proposer",
        /// Is asked to respond.
        Addressee = "addressee",
    }
}

/// The content of a proposal, without its caveats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalContent {
    /// Short name in URLs.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Other names and spellings, in any language.
    pub aliases: Vec<String>,
    /// Summary.
    pub summary: String,
    /// Official or unofficial.
    pub standing: ProposalStanding,
    /// Whether the proposal must be accepted or rejected as a whole.
    pub is_package: bool,
    /// The day on which the proposal was made.
    pub made_on: NaiveDate,
    /// The parties that made the proposal.
    pub proposed_by: Vec<PartyId>,
    /// The parties that are asked to respond.
    pub addressed_to: Vec<PartyId>,
    /// The agreements that the proposal is about.
    pub agreements: Vec<AgreementId>,
    /// The proposal to which this proposal responds.
    pub responds_to: Option<ProposalId>,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
    /// Identifiers in other collections.
    pub external_ids: Vec<ExternalIdContent>,
}

impl ProposalContent {
    /// The folded text in which text filters look for matches.
    #[must_use]
    pub fn folded(&self) -> String {
        let note = self.provenance.note.as_deref();
        let texts = [Some(self.title.as_str()), Some(&self.summary), note];
        folded(&texts, &self.aliases)
    }
}

impl Content for ProposalContent {
    fn check(&self, errors: &mut ValidationErrors) {
        text::check_slug(errors, "slug", &self.slug);
        text::check_name(errors, "title", &self.title, text::MAX_LINE);
        check_aliases(errors, &self.aliases);
        text::check(errors, "summary", &self.summary, text::MAX_PROSE);
        day::check(errors, "made_on", self.made_on);
        if self.proposed_by.is_empty() {
            errors.add(ValidationErrorCode::Invalid, "proposed_by", "must name at least one party");
        }
        check_distinct(errors, "proposed_by", &self.proposed_by);
        check_distinct(errors, "addressed_to", &self.addressed_to);
        check_distinct(errors, "agreements", &self.agreements);
        self.provenance.check(errors, "");
    }

    fn external_ids(&self) -> &[ExternalIdContent] {
        &self.external_ids
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add_all(PARTY, "proposed_by", &self.proposed_by);
        references.add_all(PARTY, "addressed_to", &self.addressed_to);
        references.add_all(AGREEMENT, "agreements", &self.agreements);
        references.add_optional(PROPOSAL, "responds_to", self.responds_to);
        self.provenance.add_references(&mut references, "");
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .text("slug", &self.slug)
            .text("title", &self.title)
            .texts("aliases", &self.aliases)
            .text("summary", &self.summary)
            .string_enum("standing", self.standing)
            .boolean("is_package", self.is_package)
            .date("made_on", Some(self.made_on))
            .references("proposed_by", PARTY, &self.proposed_by)
            .references("addressed_to", PARTY, &self.addressed_to)
            .references("agreements", AGREEMENT, &self.agreements)
            .reference("responds_to", PROPOSAL, self.responds_to)
            .append(|fields| self.provenance.fields(fields))
            .list("external_ids", &self.external_ids, ExternalIdContent::fields)
            .0
    }
}
