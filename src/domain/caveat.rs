//! Caveats: the terms of a proposal.

use super::clause::check_position;
use super::content::{
    CAVEAT, CLAUSE, Fields, PARTY, PROPOSAL, References, TOPIC, check_aliases, check_distinct,
    folded,
};
use super::external_id::ExternalIdContent;
use super::id::{CaveatId, ClauseId, PartyId, ProposalId, TopicId};
use super::provenance::Provenance;
use super::string_enum::string_enum;
use super::{Content, Field, Reference, ValidationErrors, text};

string_enum! {
    /// The kind of a caveat.
    CaveatKind {
        /// An offer.
        Offer = "offer",
        /// A demand.
        Demand = "demand",
        /// A threat.
        Consequence = "consequence",
        /// A point that needs clarification.
        Clarification = "clarification",
    }
}

string_enum! {
    /// The role of a party in a caveat.
    CaveatRole {
        /// Would have to perform the caveat.
        OwedBy = "owed_by",
        /// Would benefit from the caveat.
        OwedTo = "owed_to",
    }
}

string_enum! {
    /// The effect of a caveat on a clause.
    CaveatLinkKind {
        /// Would implement the clause.
        Implements = "implements",
        /// Makes some of the demands that the clause makes.
        Overlaps = "overlaps",
        /// Contradicts the clause.
        Conflicts = "conflicts",
    }
}

/// The content of a caveat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaveatContent {
    /// The proposal that contains the caveat.
    pub proposal: ProposalId,
    /// The number as printed, or as assigned by an editor.
    pub number: String,
    /// Position in the proposal, from 1.
    pub position: i32,
    /// The kind of caveat.
    pub kind: CaveatKind,
    /// Short name.
    pub heading: String,
    /// Other names and spellings, in any language.
    pub aliases: Vec<String>,
    /// Content in plain words.
    pub summary: String,
    /// Verbatim text.
    pub text: Option<String>,
    /// The topic.
    pub topic: TopicId,
    /// The parties that would have to do what the caveat says.
    pub owed_by: Vec<PartyId>,
    /// The parties that would benefit from the caveat.
    pub owed_to: Vec<PartyId>,
    /// The caveats for which this caveat is exchanged. Each of them is also exchanged for this caveat.
    pub in_exchange_for: Vec<CaveatId>,
    /// The caveats of other proposals that this caveat answers.
    pub answers: Vec<CaveatId>,
    /// The clauses that the caveat affects.
    pub clause_links: Vec<CaveatClauseLinkContent>,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
    /// Identifiers in other collections.
    pub external_ids: Vec<ExternalIdContent>,
}

/// A link from a caveat to a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaveatClauseLinkContent {
    /// The clause.
    pub clause: ClauseId,
    /// The effect on the clause.
    pub kind: CaveatLinkKind,
    /// Remarks.
    pub note: Option<String>,
}

impl CaveatContent {
    /// The texts in which text filters look for matches, folded for comparison.
    #[must_use]
    pub fn folded(&self) -> String {
        let (text, note) = (self.text.as_deref(), self.provenance.note.as_deref());
        folded(&[Some(&self.heading), Some(&self.summary), text, note], &self.aliases)
    }
}

impl Content for CaveatContent {
    fn check(&self, errors: &mut ValidationErrors) {
        text::check_number(errors, "number", &self.number);
        check_position(errors, "position", self.position);
        text::check_name(errors, "heading", &self.heading, text::MAX_LINE);
        check_aliases(errors, &self.aliases);
        text::check(errors, "summary", &self.summary, text::MAX_PROSE);
        text::check_optional(errors, "text", self.text.as_deref(), text::MAX_PROSE);
        self.provenance.check(errors, "");
        check_distinct(errors, "owed_by", &self.owed_by);
        check_distinct(errors, "owed_to", &self.owed_to);
        check_distinct(errors, "in_exchange_for", &self.in_exchange_for);
        check_distinct(errors, "answers", &self.answers);
        for (index, link) in self.clause_links.iter().enumerate() {
            let path = format!("clause_links.{index}.note");
            text::check_optional(errors, &path, link.note.as_deref(), text::MAX_PROSE);
        }
        let links: Vec<_> = self.clause_links.iter().map(|link| (link.clause, link.kind)).collect();
        check_distinct(errors, "clause_links", &links);
    }

    fn external_ids(&self) -> &[ExternalIdContent] {
        &self.external_ids
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add(PROPOSAL, "proposal", self.proposal);
        references.add(TOPIC, "topic", self.topic);
        references.add_all(PARTY, "owed_by", &self.owed_by);
        references.add_all(PARTY, "owed_to", &self.owed_to);
        references.add_all(CAVEAT, "in_exchange_for", &self.in_exchange_for);
        references.add_all(CAVEAT, "answers", &self.answers);
        for (index, link) in self.clause_links.iter().enumerate() {
            references.add(CLAUSE, &format!("clause_links.{index}.clause"), link.clause);
        }
        self.provenance.add_references(&mut references, "");
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .reference("proposal", PROPOSAL, Some(self.proposal))
            .text("number", &self.number)
            .integer("position", self.position)
            .string_enum("kind", self.kind)
            .text("heading", &self.heading)
            .texts("aliases", &self.aliases)
            .text("summary", &self.summary)
            .text_optional("text", self.text.as_ref())
            .reference("topic", TOPIC, Some(self.topic))
            .references("owed_by", PARTY, &self.owed_by)
            .references("owed_to", PARTY, &self.owed_to)
            .references("in_exchange_for", CAVEAT, &self.in_exchange_for)
            .references("answers", CAVEAT, &self.answers)
            .list("clause_links", &self.clause_links, |link, fields| {
                fields
                    .reference("clause", CLAUSE, Some(link.clause))
                    .string_enum("kind", link.kind)
                    .text_optional("note", link.note.as_ref())
            })
            .append(|fields| self.provenance.fields(fields))
            .list("external_ids", &self.external_ids, ExternalIdContent::fields)
            .0
    }
}
