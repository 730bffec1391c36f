//! Parties.

use async_graphql::Enum;

use super::change;
use super::clause::{self, ObligationRole};
use super::engine::connection::connection_types;
use super::engine::link::{many, one, one_by_argument};
use super::engine::reader::{id, instant, integer, string_enum, text, texts};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::{assessment, external_id};
use crate::db;
use crate::db::agreement::AgreementList;
use crate::db::page::Direction;
use crate::db::party::PartyList;
use crate::domain::{Kind, party};

pub const RECORDS: [Record; 1] = [Record::new(Kind::Party, "Party", "parties", "parties.id")];

pub fn objects() -> Vec<Object> {
    connection_types!("Party").with([object()])
}

fn object() -> Object {
    Object::new("Party", "A state, an organisation, an armed group, or a person who represents a party.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Party, "parties.id"))
        .field("version", "Increases with every change to this record. Pass it as `expectedVersion`.", integer("parties.version"))
        .field("slug", "Short name for addresses and filters, such as `united-states`. Unique among parties.", text("parties.slug"))
        .field("name", "Full name.", text("parties.name"))
        .field("shortName", "Name for tables.", text("parties.short_name"))
        .field("aliases", "Other names and spellings, in any language, such as `Zelenskyy`. Searches match them.", texts("parties.aliases"))
        .field("kind", "Kind of party.", string_enum::<PartyKind, party::PartyKind>("parties.kind"))
        .field("represents", "Party that a PERSON represents. Null if there is none.", one("Party", Kind::Party, "parties.represents_id"))
        .field(
            "representatives",
            "Persons who represent the party, in order of name. Excludes archived records.",
            many("[Party!]!", "Party", "parties.id", db::party::REPRESENTATIVES_OF),
        )
        .field(
            "agreements",
            "Agreements in which the party has any role, in order of the day of agreement.",
            connection("AgreementConnection!", "Agreement", Some("parties.id"), |_| {
                Ok(AgreementList {
                    parent: db::agreement::Parent::Party,
                    filter: db::agreement::Filter::default(),
                    order: db::agreement::Order::AgreedOn,
                    direction: Direction::Ascending,
                })
            }),
        )
        .field(
            "clauses",
            "Clauses in which the party has a role.",
            connection("ClauseConnection!", "Clause", Some("parties.id"), |call| {
                let role: Option<ObligationRole> = call.arguments.get("role")?;
                let parent = db::clause::Parent::Party(role.map(Into::into));
                clause::list(call.context, call.arguments, parent)
            })
            .argument::<Option<ObligationRole>>("role", "Role that the party must have. Default: any role.")
            .arguments(clause::list_arguments),
        )
        .field(
            "viewpoints",
            "Assessments in force that the party holds: the latest of each clause, caveat and proposal. Newest first by `effectiveOn`, then by `recordedAt`. Excludes assessments of archived records.",
            assessment::of_holder("parties.id"),
        )
        .field(
            "breaches",
            "Assessments in force that name the party in `breachedBy`, in the neutral record and in the view of each party. Newest first by `effectiveOn`, then by `recordedAt`. Excludes assessments of archived records.",
            assessment::of_breaker("parties.id"),
        )
        .field("externalIds", external_id::DESCRIPTION, external_id::of("parties.id"))
        .field("changedAt", change::CHANGED_AT, change::changed_at("parties.id"))
        .field("archivedAt", "Time of archiving. Null if the record is not archived. Records that refer to an archived record still return it.", instant("parties.archived_at").nullable())
}

pub fn queries(query: Object) -> Object {
    query
        .field(
            "party",
            "Party with this slug, present or former. Null if it does not exist or is archived.",
            one_by_argument("Party", "slug", db::party::BY_SLUG)
                .argument::<String>("slug", "Slug of the party, such as `ukraine`."),
        )
        .field(
            "parties",
            "All parties, in order of name. Excludes archived records.",
            connection("PartyConnection", "Party", None, |_| Ok(PartyList)),
        )
}

/// Kind of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "party::PartyKind")]
pub enum PartyKind {
    /// State.
    State,
    /// Organisation of states.
    InternationalOrganisation,
    /// Governing body that is not recognised as a state.
    DeFactoAuthority,
    /// Armed group.
    ArmedGroup,
    /// Body that mediates or monitors.
    MediatingBody,
    /// Political party.
    PoliticalParty,
    /// Commission, such as one that an agreement creates.
    Commission,
    /// Person.
    Person,
}
