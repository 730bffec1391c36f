//! Clauses: the provisions of an agreement.

use super::content::{
    AGREEMENT, CLAUSE, Fields, PARTY, References, TOPIC, check_aliases, check_distinct, folded,
};
use super::criterion::{self, CriterionContent};
use super::deadline::{self, DeadlineContent};
use super::external_id::ExternalIdContent;
use super::id::{AgreementId, ClauseId, PartyId, TopicId};
use super::provenance::Provenance;
use super::string_enum::string_enum;
use super::{Content, Field, Reference, ValidationErrorCode, ValidationErrors, text};

string_enum! {
    /// Whether a clause can be completed.
    ClauseNature {
        /// Can be completed.
        OneOff = "one_off",
        /// A continuing obligation, which can regress.
        Continuing = "continuing",
    }
}

string_enum! {
    /// The role of a party in a clause.
    ObligationRole {
        /// Must carry out the clause.
        Obliged = "obliged",
        /// Monitors whether the clause is carried out.
        Monitor = "monitor",
        /// Helps to carry out the clause.
        Facilitator = "facilitator",
        /// Benefits from the clause.
        Beneficiary = "beneficiary",
    }
}

/// The content of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseContent {
    /// The agreement that contains the clause.
    pub agreement: AgreementId,
    /// Number as printed: `4.a`.
    pub number: String,
    /// Position in the agreement, from 1.
    pub position: i32,
    /// The clause that contains this clause. `None` at the top level.
    pub parent: Option<ClauseId>,
    /// Short name.
    pub heading: String,
    /// Other names and spellings, in any language.
    pub aliases: Vec<String>,
    /// Content in plain words.
    pub summary: String,
    /// Verbatim text.
    pub text: Option<String>,
    /// Whether the clause can be completed.
    pub nature: ClauseNature,
    /// The topic.
    pub topic: TopicId,
    /// The weight of the clause in scores that use weights, from 1 to 100.
    pub weight: i32,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
    /// The roles of parties.
    pub obligations: Vec<ObligationContent>,
    /// The deadlines, in the neutral record and in the view of each party.
    pub deadlines: Vec<DeadlineContent>,
    /// The evidence that each status requires. A status occurs at most once.
    pub criteria: Vec<CriterionContent>,
    /// Identifiers in other collections.
    pub external_ids: Vec<ExternalIdContent>,
}

/// The role of a party in a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationContent {
    /// The party.
    pub party: PartyId,
    /// The role.
    pub role: ObligationRole,
    /// The party according to which the obligation exists. `None` if the obligation is undisputed.
    pub held_by: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
}

impl ObligationContent {
    /// The key that identifies the obligation in its clause.
    #[must_use]
    pub fn key(&self) -> (PartyId, ObligationRole, Option<PartyId>) {
        (self.party, self.role, self.held_by)
    }
}

impl ClauseContent {
    /// The texts in which text filters look for matches, folded for comparison.
    #[must_use]
    pub fn folded(&self) -> String {
        let (text, note) = (self.text.as_deref(), self.provenance.note.as_deref());
        folded(&[Some(&self.heading), Some(&self.summary), text, note], &self.aliases)
    }
}

/// The maximum position in input. A clause with a position beyond the last one is placed last.
pub const MAX_POSITION: i32 = 100_000;

/// The weight of a clause if the input states none.
pub const DEFAULT_WEIGHT: i32 = 1;

/// The maximum weight of a clause.
const MAX_WEIGHT: i32 = 100;

/// Checks that a position is from 1 to [`MAX_POSITION`].
pub fn check_position(errors: &mut ValidationErrors, path: &str, position: i32) {
    if !(1..=MAX_POSITION).contains(&position) {
        let message = format!("{position} is out of range: from 1 to {MAX_POSITION}");
        errors.add(ValidationErrorCode::OutOfRange, path, message);
    }
}

impl Content for ClauseContent {
    fn check(&self, errors: &mut ValidationErrors) {
        text::check_number(errors, "number", &self.number);
        check_position(errors, "position", self.position);
        if !(1..=MAX_WEIGHT).contains(&self.weight) {
            let message = format!("{} is out of range: from 1 to {MAX_WEIGHT}", self.weight);
            errors.add(ValidationErrorCode::OutOfRange, "weight", message);
        }
        text::check_name(errors, "heading", &self.heading, text::MAX_LINE);
        check_aliases(errors, &self.aliases);
        text::check(errors, "summary", &self.summary, text::MAX_PROSE);
        text::check_optional(errors, "text", self.text.as_deref(), text::MAX_PROSE);
        self.provenance.check(errors, "");
        for (index, duty) in self.obligations.iter().enumerate() {
            duty.provenance.check(errors, &format!("obligations.{index}."));
        }
        let duties: Vec<_> = self.obligations.iter().map(ObligationContent::key).collect();
        check_distinct(errors, "obligations", &duties);
        deadline::check(errors, &self.deadlines);
        criterion::check(errors, &self.criteria);
    }

    fn external_ids(&self) -> &[ExternalIdContent] {
        &self.external_ids
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add(AGREEMENT, "agreement", self.agreement);
        references.add_optional(CLAUSE, "parent", self.parent);
        references.add(TOPIC, "topic", self.topic);
        self.provenance.add_references(&mut references, "");
        for (index, obligation) in self.obligations.iter().enumerate() {
            references.add(PARTY, &format!("obligations.{index}.party"), obligation.party);
            references.add_optional(
                PARTY,
                &format!("obligations.{index}.held_by"),
                obligation.held_by,
            );
            let path = format!("obligations.{index}.");
            obligation.provenance.add_references(&mut references, &path);
        }
        deadline::add_references(&mut references, &self.deadlines);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .reference("agreement", AGREEMENT, Some(self.agreement))
            .text("number", &self.number)
            .integer("position", self.position)
            .reference("parent", CLAUSE, self.parent)
            .text("heading", &self.heading)
            .texts("aliases", &self.aliases)
            .text("summary", &self.summary)
            .text_optional("text", self.text.as_ref())
            .string_enum("nature", self.nature)
            .reference("topic", TOPIC, Some(self.topic))
            .integer("weight", self.weight)
            .append(|fields| self.provenance.fields(fields))
            .list("obligations", &self.obligations, |duty, fields| {
                fields
                    .reference("party", PARTY, Some(duty.party))
                    .string_enum("role", duty.role)
                    .reference("held_by", PARTY, duty.held_by)
                    .append(|fields| duty.provenance.fields(fields))
            })
            .list("deadlines", &self.deadlines, DeadlineContent::fields)
            .list("criteria", &self.criteria, CriterionContent::fields)
            .list("external_ids", &self.external_ids, ExternalIdContent::fields)
            .0
    }
}
