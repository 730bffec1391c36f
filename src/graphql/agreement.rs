//! Agreements.

use async_graphql::{Enum, InputObject};

use super::engine::call::Context;
use super::engine::coerce::Arguments;
use super::engine::connection::connection_types;
use super::engine::link::{many, one, one_by_argument, one_by_parent_and_argument};
use super::engine::reader::{Reader, date, id, instant, integer, string_enum, text, texts};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::error::Error;
use super::order::{Order, order};
use super::provenance::provenance;
use super::scalar::Date;
use super::text_filter::folded_filter;
use super::topic_treatment::TopicTreatmentFilter;
use super::{
    change, clause, comparison, ending, external_id, implementation, perspective, proposal,
    sequence, timeline, topic_treatment,
};
use crate::db;
use crate::db::agreement::{AgreementList, EndingView, Parent};
use crate::domain::{Kind, agreement};

pub const RECORDS: [Record; 4] = [
    Record::new(Kind::Agreement, "Agreement", "agreements", "agreements.id"),
    Record::new(
        Kind::AgreementParty,
        "AgreementParty",
        "agreement_parties",
        "agreement_parties.id",
    ),
    Record::new(
        Kind::AgreementRelation,
        "AgreementRelation",
        "agreement_relations",
        "agreement_relations.id",
    ),
    Record::new(
        Kind::AgreementEnding,
        "AgreementEnding",
        "agreement_endings",
        "agreement_endings.id",
    ),
];

pub fn objects() -> Vec<Object> {
    connection_types!("Agreement").with([object(), party(), relation(), ending::object()])
}

fn object() -> Object {
    Object::new("Agreement", "An agreed instrument, such as a protocol, memorandum, package of measures, resolution or treaty.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Agreement, ID))
        .field("version", "Increases with every change to this record. Pass it as `expectedVersion`.", integer("agreements.version"))
        .field("slug", "Short name for addresses and filters, such as `minsk-2`. Unique among agreements and proposals.", text("agreements.slug"))
        .field("title", "Full title.", text("agreements.title"))
        .field("shortTitle", "Title for tables, such as `Minsk II`.", text("agreements.short_title"))
        .field("aliases", "Other names and spellings, in any language, such as `кордон`. Searches and text filters match them.", texts("agreements.aliases"))
        .field("kind", "Kind of agreement.", string_enum::<AgreementKind, agreement::AgreementKind>("agreements.kind"))
        .field("adoption", "How the agreement was adopted, in one sentence: who signed it and in what form.", text("agreements.adoption"))
        .field("agreedOn", "Day of agreement.", date("agreements.agreed_on"))
        .field("place", "Place of agreement. Null if none is recorded.", text("agreements.place").nullable())
        .field("summary", "Plain-language summary.", text("agreements.summary"))
        .fields(provenance!("agreements"))
        .field("coveredFrom", "First day that the record of the agreement covers. Null if it is not stated.", date("agreements.covered_from").nullable())
        .field("coveredTo", "Last day that the record of the agreement covers. Later events are not recorded, so the last recorded statuses stay in force. Null if the record is kept up to date, or if the day is not stated.", date("agreements.covered_to").nullable())
        .field("notCovered", "Matters that the record of the agreement does not cover, such as clauses, periods or views. Null if none are stated.", text("agreements.not_covered").nullable())
        .field("externalIds", external_id::DESCRIPTION, external_id::of(ID))
        .field(
            "parties",
            "Parties to the agreement and their roles. If a role is disputed, each view is a separate entry, and `heldBy` names its holder.",
            many("[AgreementParty!]!", "AgreementParty", ID, db::agreement::PARTIES_OF),
        )
        .field(
            "relations",
            "Relations of the agreement to other agreements.",
            many("[AgreementRelation!]!", "AgreementRelation", ID, db::agreement::RELATIONS_OF),
        )
        .field("endedOn", "First day on which the agreement was no longer in force, in the view that `heldBy` selects. Null if it had not ended by `asOf`.", ending::day_of_agreement())
        .field("ending", "Ending of the agreement, in the view that `heldBy` selects. Null if it had not ended by `asOf`.", ending::of_agreement())
        .field(
            "endings",
            "Endings of the agreement: at most one in the neutral record, and at most one in the view of each party.",
            many("[AgreementEnding!]!", "AgreementEnding", ID, db::agreement::ENDINGS_OF),
        )
        .field("topicTreatments", "How fully the text of the agreement treats each topic, as coded by a research dataset such as PA-X. This says nothing about the implementation of the agreement.", topic_treatment::of(ID))
        .field(
            "clauses",
            "Clauses of the agreement.",
            connection("ClauseConnection!", "Clause", Some(ID), |call| {
                clause::list(call.context, call.arguments, db::clause::Parent::Agreement)
            })
            .arguments(clause::list_arguments_of_agreement),
        )
        .field("implementation", "Implementation of the clauses of the agreement.", implementation::of_agreement())
        .field("implementationSeries", "Implementation over time: one point at the end of each interval, starting with the interval that contains `from`. The last point is at the end of `to`.", implementation::series_of_agreement())
        .field("changesBetween", "Clauses whose status differs between the end of `from` and the end of `to`, in order of position. Each item contains the assessments that took effect in between.", comparison::changes_between())
        .field("clause", "Clause with this number. Null if it does not exist or is archived.", clause_by_number())
        .field("sequence", "Order in which the clauses of the agreement can be carried out. Includes the steps that these clauses require, even steps of other agreements and proposals.", sequence::sequence_of(ID))
        .field(
            "proposals",
            "Proposals about the agreement, in order of the day they were made.",
            connection("ProposalConnection!", "Proposal", Some(ID), |call| {
                proposal::list(call.context, call.arguments, db::proposal::Parent::Agreement)
            }),
        )
        .field("timeline", "Timeline of the agreement: proposals about it; events that concern its clauses, these proposals or their caveats; assessments of these clauses, proposals and caveats; and due dates of the clauses. Entries are sorted by day, oldest first. Within a day, proposals come first, then events, assessments and deadlines. Excludes retracted assessments and archived records.", timeline::timeline("TimelineConnection!", Some(ID)))
        .field("changedAt", change::CHANGED_AT, change::changed_at(ID))
        .field("archivedAt", "Time of archiving. Null if the agreement is not archived. Lists exclude archived agreements and their clauses.", instant("agreements.archived_at").nullable())
}

/// The column of an agreement's id.
const ID: &str = "agreements.id";

fn party() -> Object {
    Object::new(
        "AgreementParty",
        "Role of a party in an agreement, undisputed or in the view of one party.",
    )
    .implements("Node")
    .field(
        "id",
        "Opaque global id of this entry.",
        id(Kind::AgreementParty, "agreement_parties.id"),
    )
    .field(
        "party",
        "Party with this role.",
        one("Party!", Kind::Party, "agreement_parties.party_id"),
    )
    .field(
        "role",
        "Role of the party.",
        string_enum::<AgreementRole, agreement::AgreementRole>("agreement_parties.role"),
    )
    .field(
        "capacity",
        "Capacity in which the party takes part, in words. Null if none is stated.",
        text("agreement_parties.capacity").nullable(),
    )
    .field(
        "heldBy",
        "Party that holds this view. Null if undisputed.",
        one("Party", Kind::Party, "agreement_parties.held_by_id"),
    )
    .fields(provenance!("agreement_parties"))
}

fn relation() -> Object {
    Object::new("AgreementRelation", "Relation of an agreement to another agreement.")
        .implements("Node")
        .field(
            "id",
            "Opaque global id of this entry.",
            id(Kind::AgreementRelation, "agreement_relations.id"),
        )
        .field(
            "kind",
            "Kind of relation to the other agreement.",
            string_enum::<AgreementRelationKind, agreement::RelationKind>(
                "agreement_relations.kind",
            ),
        )
        .field(
            "agreement",
            "The other agreement.",
            one("Agreement!", Kind::Agreement, "agreement_relations.related_id"),
        )
}

fn clause_by_number() -> Reader {
    one_by_parent_and_argument("Clause", ID, "number", db::clause::select_by_number)
        .argument::<String>("number", "Number as printed, such as `4.a`.")
}

pub fn queries(query: Object) -> Object {
    query
        .field(
            "agreement",
            "Agreement with this slug, present or former. Null if it does not exist or is archived.",
            one_by_argument("Agreement", "slug", db::agreement::BY_SLUG)
                .argument::<String>("slug", "Slug of the agreement, such as `minsk-2`."),
        )
        .field(
            "agreements",
            "Agreements. Excludes archived records, unless the filter requests them.",
            connection("AgreementConnection", "Agreement", None, |call| {
                list(call.context, call.arguments)
            })
            .argument::<Option<AgreementFilter>>("filter", "Returns only matching records.")
            .argument::<Option<Order<AgreementOrderField>>>(
                "orderBy",
                "Sort order. Default: by the day of agreement.",
            ),
        )
}

/// The list of agreements that the arguments select.
///
/// # Errors
/// Fails if the filter is invalid.
fn list(context: &mut Context<'_>, arguments: &Arguments) -> Result<AgreementList, Error> {
    let filter: Option<AgreementFilter> = arguments.get("filter")?;
    let (order, direction) =
        order::<AgreementOrderField, _>(arguments, db::agreement::Order::AgreedOn)?;
    Ok(AgreementList {
        parent: Parent::None,
        filter: filter.map(|filter| filter.read(context)).transpose()?.unwrap_or_default(),
        order,
        direction,
    })
}

/// Kind of an agreement, according to its title or its nature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "agreement::AgreementKind")]
pub enum AgreementKind {
    /// Protocol.
    Protocol,
    /// Memorandum.
    Memorandum,
    /// Package of measures.
    PackageOfMeasures,
    /// Declaration.
    Declaration,
    /// Resolution of an international body.
    Resolution,
    /// Addition to another instrument.
    Addendum,
    /// Treaty.
    Treaty,
    /// Law.
    Law,
    /// Any other kind.
    Other,
}

/// Role of a party in an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "agreement::AgreementRole")]
pub enum AgreementRole {
    /// Signed the agreement.
    Signatory,
    /// Has duties under the agreement.
    Party,
    /// Guarantees the agreement.
    Guarantor,
    /// Mediated between the sides.
    Mediator,
    /// Monitors compliance with the agreement.
    Monitor,
    /// Supports the agreement without being a party to it.
    Endorser,
}

/// Kind of relation of an agreement to another agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "agreement::RelationKind")]
pub enum AgreementRelationKind {
    /// Implements the other agreement.
    Implements,
    /// Changes the other agreement.
    Amends,
    /// Prolongs the other agreement.
    Extends,
    /// Replaces the other agreement.
    Supersedes,
    /// Supports the other agreement.
    Endorses,
}

/// Filter for agreements. A record must match all given conditions.
#[derive(Debug, InputObject)]
pub struct AgreementFilter {
    /// Matches records of any of these kinds.
    kind: Option<Vec<AgreementKind>>,
    /// Slugs of parties. Matches agreements in which any of them has any role.
    party: Option<Vec<String>>,
    /// Matches agreements agreed on or after this day.
    agreed_from: Option<Date>,
    /// Matches agreements agreed on or before this day.
    agreed_to: Option<Date>,
    /// Matches records with this text in title, short title, aliases, summary or note. Ignores case, accents, apostrophes and invisible characters.
    text: Option<String>,
    /// Matches agreements that treat this topic. See `Agreement.topicTreatments`.
    topic_treatment: Option<TopicTreatmentFilter>,
    /// Whether the agreement had ended by `asOf`. See `Agreement.endedOn`.
    ended: Option<bool>,
    /// Evaluate `ended` at the end of this day. Default: no limit.
    as_of: Option<Date>,
    /// Id or slug of the party whose view determines `ended`. Default: the neutral record.
    held_by: Option<async_graphql::ID>,
    /// True returns only archived agreements. False or null returns only agreements that are not archived.
    archived: Option<bool>,
}

/// Fields by which agreements can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::agreement::Order")]
pub enum AgreementOrderField {
    /// Day of agreement.
    AgreedOn,
    /// Title.
    Title,
}

impl AgreementFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if `text` is too long, or `heldBy` is not a party.
    fn read(self, context: &mut Context<'_>) -> Result<db::agreement::Filter, Error> {
        let holder = self.held_by.map(|id| perspective::party(context, "heldBy", &id));
        Ok(db::agreement::Filter {
            kinds: self.kind.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            parties: self.party,
            agreed_from: self.agreed_from.map(|day| day.0),
            agreed_to: self.agreed_to.map(|day| day.0),
            text: folded_filter(self.text)?,
            topic_treatment: self.topic_treatment.map(TopicTreatmentFilter::read).transpose()?,
            ended: self.ended,
            ending: EndingView { as_of: self.as_of.map(|day| day.0), held_by: holder.transpose()? },
            archived: self.archived.unwrap_or_default(),
        })
    }
}
