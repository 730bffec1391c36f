//! Caveats, with who owes what to whom, what is exchanged for what, and the clauses that they touch.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::assessable::Assessable;
use super::page::{Direction, List, Listing};
use super::position;
use super::query::{self, Sql};
use super::record::{self, Record, Stored};
use super::rows::{self, Column, Lookup};
use super::schema::{
    caveat_answers, caveat_clause_links, caveat_exchanges, caveat_parties, caveats,
};
use super::search_index::Searched;
use super::sort::SortKey;
use super::{DbConnection, Error, slug};
use crate::domain::assessment::Confidence;
use crate::domain::caveat::{
    CaveatClauseLinkContent, CaveatContent, CaveatKind, CaveatLinkKind, CaveatRole,
};
use crate::domain::id::{CaveatId, ClauseId, PartId, PartyId, ProposalId, SourceId, TopicId, of};
use crate::domain::search::{IndexedText, SearchKind};
use crate::domain::status::{AssessableKind, CaveatStatus};
use crate::domain::{Kind, StringEnum, ValidationErrorCode, ValidationErrors};

/// The reference of a caveat, as a column: the title of the proposal and the number.
pub const REFERENCE: Column = "(SELECT proposals.title FROM proposals WHERE proposals.id = caveats.proposal_id) \
                               || ', ' || caveats.number";

/// The parties that would have to perform caveats, in order.
pub const OWED_BY: Lookup = Lookup {
    from: "caveat_parties JOIN parties ON parties.id = caveat_parties.party_id \
           WHERE caveat_parties.role = 'owed_by' AND",
    key: "caveat_parties.caveat_id",
    order: "caveat_parties.position, parties.id",
};

/// The parties that caveats would be owed to, in order.
pub const OWED_TO: Lookup = Lookup {
    from: "caveat_parties JOIN parties ON parties.id = caveat_parties.party_id \
           WHERE caveat_parties.role = 'owed_to' AND",
    key: "caveat_parties.caveat_id",
    order: "caveat_parties.position, parties.id",
};

/// The caveats in use that caveats are exchanged for. An exchange is stored once, and read from both of its sides.
pub const EXCHANGED_FOR: Lookup = Lookup {
    from: "(SELECT caveat_id, other_id FROM caveat_exchanges \
           UNION ALL SELECT other_id, caveat_id FROM caveat_exchanges) exchanges \
           JOIN caveats ON caveats.id = exchanges.other_id JOIN trackables ON trackables.id = caveats.id \
           WHERE trackables.archived_at IS NULL AND",
    key: "exchanges.caveat_id",
    order: "caveats.position, caveats.id",
};

/// The caveats in use that caveats counter, in order.
pub const ANSWERED_BY: Lookup = Lookup {
    from: "caveat_answers JOIN caveats ON caveats.id = caveat_answers.answered_id \
           JOIN trackables ON trackables.id = caveats.id WHERE trackables.archived_at IS NULL AND",
    key: "caveat_answers.caveat_id",
    order: "caveat_answers.position, caveats.id",
};

/// The links of caveats to clauses, in order.
pub const LINKS_OF_CAVEATS: Lookup = Lookup {
    from: "caveat_clause_links WHERE",
    key: "caveat_clause_links.caveat_id",
    order: "caveat_clause_links.position, caveat_clause_links.id",
};

/// The links of clauses to caveats in use.
pub const LINKS_OF_CLAUSES: Lookup = Lookup {
    from: "caveat_clause_links JOIN trackables ON trackables.id = caveat_clause_links.caveat_id \
           WHERE trackables.archived_at IS NULL AND",
    key: "caveat_clause_links.clause_id",
    order: "caveat_clause_links.id",
};

/// A caveat, with its supertype row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = caveats)]
pub struct Caveat {
    /// What is its own.
    #[diesel(embed)]
    pub row: CaveatRow,
    /// What it shares with clauses and proposals.
    #[diesel(embed)]
    pub assessable: Assessable,
}

/// What a caveat does not share with clauses and proposals.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = caveats)]
pub struct CaveatRow {
    /// Its id.
    pub id: CaveatId,
    /// The proposal that it is of.
    pub proposal_id: ProposalId,
    /// The number as printed.
    pub number: String,
    /// Its place in the proposal, from 1.
    pub position: i32,
    /// What it does.
    pub kind: CaveatKind,
    /// A short name.
    pub heading: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// What it says, in plain words.
    pub summary: String,
    /// What it says, verbatim.
    pub text: Option<String>,
    /// What it is about.
    pub topic_id: TopicId,
    /// What this record rests on.
    pub source_id: Option<SourceId>,
    /// How sure this record is.
    pub confidence: Confidence,
    /// What is uncertain about it.
    pub note: Option<String>,
}

/// How caveats are searched.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Caveat,
    table: "caveats",
    container: Some("caveats.proposal_id"),
    name: Some("caveats.number"),
    aliases: Some("caveats.aliases"),
    columns: &[
        "caveats.number",
        "caveats.heading",
        "caveats.summary",
        "caveats.text",
        "caveats.note",
    ],
    filtered: &["caveats.heading", "caveats.summary", "caveats.text", "caveats.note"],
    indexed_texts: |texts| IndexedText::of_point(texts),
};

/// A link between a caveat and a clause.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = caveat_clause_links)]
pub struct CaveatClauseLink {
    /// Its id.
    pub id: PartId,
    /// Of which caveat.
    pub caveat_id: CaveatId,
    /// To which clause.
    pub clause_id: ClauseId,
    /// Its place in the list.
    pub position: i32,
    /// What the caveat is to the clause.
    pub kind: CaveatLinkKind,
    /// What to know about the link.
    pub note: Option<String>,
}

/// Whose caveats are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// Everyone's.
    None,
    /// A proposal's.
    Proposal,
}

/// Which caveats are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Of one of these proposals, by slug.
    pub proposals: Option<Vec<String>>,
    /// Of one of these kinds.
    pub kinds: Option<Vec<CaveatKind>>,
    /// With one of these statuses.
    pub statuses: Option<Vec<CaveatStatus>>,
    /// About one of these topics, by slug.
    pub topics: Option<Vec<String>>,
    /// Owed by or to one of these parties, by slug.
    pub parties: Option<Vec<String>>,
    /// Whose status has been so since this day or later.
    pub status_since_from: Option<NaiveDate>,
    /// Whose status has been so since this day or earlier.
    pub status_since_to: Option<NaiveDate>,
    /// With this text, folded, in heading, summary or text.
    pub text: Option<String>,
}

/// How caveats are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By proposal, then by their place in it.
    Position,
    /// By the day since when their status is so; those without come first.
    StatusSince,
}

const FROM: &str = "caveats JOIN trackables ON trackables.id = caveats.id \
                    JOIN proposals ON proposals.id = caveats.proposal_id \
                    JOIN trackables proposed ON proposed.id = caveats.proposal_id";

/// A list of caveats.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaveatList {
    /// Whose.
    pub parent: Parent,
    /// Narrowed to what.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// In which direction.
    pub direction: Direction,
}

impl List for CaveatList {
    const KIND: Kind = Kind::Caveat;
    const ID: &'static str = "caveats.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::Position => 0,
            Order::StatusSince => 1,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match (self.order, self.parent) {
            (Order::Position, Parent::Proposal) => {
                const { &[SortKey::integer("caveats.position"), SortKey::id("caveats.id")] }
            }
            (Order::Position, _) => {
                const {
                    &[
                        SortKey::day("proposals.made_on"),
                        SortKey::id("caveats.proposal_id"),
                        SortKey::integer("caveats.position"),
                        SortKey::id("caveats.id"),
                    ]
                }
            }
            (Order::StatusSince, _) => {
                const {
                    &[
                        SortKey::day("coalesce(trackables.status_since, '0001-01-01')"),
                        SortKey::id("caveats.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let dialect = connection.dialect();
        let mut conditions =
            vec![Sql::new("trackables.archived_at IS NULL AND proposed.archived_at IS NULL")];
        if let Some(proposals) = &self.filter.proposals {
            let proposals = slug::ids_of(dialect, Kind::Proposal, proposals);
            conditions.push(Sql::new("caveats.proposal_id IN (").append(proposals).text(")"));
        }
        if let Some(kinds) = &self.filter.kinds {
            conditions.push(Sql::default().any_of(
                dialect,
                "caveats.kind",
                &CaveatKind::stored_names(kinds),
            ));
        }
        if let Some(statuses) = &self.filter.statuses {
            conditions.push(Sql::default().any_of(
                dialect,
                "trackables.status",
                &CaveatStatus::stored_names(statuses),
            ));
        }
        if let Some(topics) = &self.filter.topics {
            let topics = slug::ids_of(dialect, Kind::Topic, topics);
            conditions.push(Sql::new("caveats.topic_id IN (").append(topics).text(")"));
        }
        if let Some(parties) = &self.filter.parties {
            let sql = Sql::new(
                "caveats.id IN (SELECT caveat_parties.caveat_id FROM caveat_parties \
                 WHERE caveat_parties.party_id IN (",
            );
            let parties = slug::ids_of(dialect, Kind::Party, parties);
            conditions.push(sql.append(parties).text("))"));
        }
        if let Some(from) = self.filter.status_since_from {
            conditions.push(Sql::new("trackables.status_since >= ").bind_date(from));
        }
        if let Some(to) = self.filter.status_since_to {
            conditions.push(Sql::new("trackables.status_since <= ").bind_date(to));
        }
        if let Some(text) = &self.filter.text {
            conditions.push(Sql::default().contains("caveats.folded", text));
        }
        Listing {
            table: "caveats",
            from: FROM,
            keys_from: None,
            parent: match self.parent {
                Parent::None => None,
                Parent::Proposal => Some("caveats.proposal_id = {parent}"),
            },
            conditions,
            order: self.sort_keys(),
            direction: self.direction,
        }
    }
}

/// The caveats with these ids, by id.
///
/// # Errors
/// Those of the database.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Caveat>, Error> {
    let from = "caveats JOIN trackables ON trackables.id = caveats.id WHERE";
    query::by_key(connection, from, "caveats.id", ids)
}

/// The caveats with these numbers in these proposals, by `proposal/number`; the proposals are ids. Archived ones are
/// left out.
///
/// # Errors
/// Those of the database.
pub fn by_numbers(
    connection: &mut DbConnection,
    numbers: &[impl AsRef<str>],
) -> Result<HashMap<String, Caveat>, Error> {
    const KEY: &str = "caveats.proposal_id || '/' || caveats.number";
    let proposals: Vec<&str> =
        numbers.iter().filter_map(|key| key.as_ref().split('/').next()).collect();
    let dialect = connection.dialect();
    let tail = Sql::new("FROM caveats JOIN trackables ON trackables.id = caveats.id WHERE trackables.archived_at IS NULL AND ")
        .any_of(dialect, "caveats.proposal_id", &proposals)
        .text(" AND ")
        .any_of(dialect, KEY, numbers);
    Ok(query::select_keyed(connection, KEY, tail)?.into_iter().collect())
}

fn links_of_caveats(
    connection: &mut DbConnection,
    caveats: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<CaveatClauseLink>>, Error> {
    let Lookup { from, key, order } = LINKS_OF_CAVEATS;
    query::grouped(connection, from, key, caveats, order)
}

/// The columns of the caveats in use with that number in each of these proposals, with the proposal at position 0.
///
/// # Errors
/// Those of the database.
pub fn select_by_number(
    connection: &mut DbConnection,
    number: &str,
    proposals: &[&str],
    columns: &[Column],
) -> Result<rows::Rows, Error> {
    let dialect = connection.dialect();
    let tail = Sql::new(
        "FROM caveats JOIN trackables ON trackables.id = caveats.id WHERE trackables.archived_at IS NULL AND ",
    )
    .any_of(dialect, "caveats.proposal_id", proposals)
    .text(" AND ")
    .any_of(dialect, "caveats.number", &[number]);
    rows::Rows::select_keyed(connection, "caveats.proposal_id", columns, tail)
}

impl Record for CaveatContent {
    type Of = of::Caveat;
    const KIND: Kind = Kind::Caveat;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn load(connection: &mut DbConnection, id: CaveatId) -> Result<Option<Stored<Self>>, Error> {
        let Some(Caveat { row, assessable }) = by_ids(connection, &[id])?.remove(id.as_str())
        else {
            return Ok(None);
        };
        let mut parties = |role: CaveatRole| -> Result<Vec<PartyId>, Error> {
            Ok(caveat_parties::table
                .filter(caveat_parties::caveat_id.eq(id).and(caveat_parties::role.eq(role)))
                .order(caveat_parties::position)
                .select(caveat_parties::party_id)
                .load(connection)?)
        };
        let (owed_by, owed_to) = (parties(CaveatRole::OwedBy)?, parties(CaveatRole::OwedTo)?);
        let answers = caveat_answers::table
            .filter(caveat_answers::caveat_id.eq(id))
            .order(caveat_answers::position)
            .select(caveat_answers::answered_id)
            .load::<CaveatId>(connection)?;
        let clause_links =
            links_of_caveats(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        let content = Self {
            proposal: row.proposal_id,
            number: row.number,
            position: row.position,
            kind: row.kind,
            heading: row.heading,
            aliases: query::parse_json_array(&row.aliases)?,
            summary: row.summary,
            text: row.text,
            topic: row.topic_id,
            owed_by,
            owed_to,
            in_exchange_for: exchanges_of(connection, id)?,
            answers,
            clause_links: clause_links
                .into_iter()
                .map(|link| CaveatClauseLinkContent {
                    clause: link.clause_id,
                    kind: link.kind,
                    note: link.note,
                })
                .collect(),
            source: row.source_id,
            confidence: row.confidence,
            note: row.note,
        };
        Ok(Some(Stored {
            version: assessable.version,
            is_archived: assessable.archived_at.is_some(),
            content,
        }))
    }

    fn validate_in_context(
        &self,
        connection: &mut DbConnection,
        id: CaveatId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        for (index, _) in self.in_exchange_for.iter().enumerate().filter(|(_, other)| **other == id)
        {
            let path = format!("in_exchange_for.{index}");
            errors.add(
                ValidationErrorCode::Invalid,
                &path,
                "names the caveat itself; nothing is exchanged for itself",
            );
        }
        let answered: Vec<(CaveatId, ProposalId)> = caveats::table
            .filter(caveats::id.eq_any(&self.answers))
            .select((caveats::id, caveats::proposal_id))
            .load(connection)?;
        for (index, answer) in self.answers.iter().enumerate() {
            if answered.contains(&(*answer, self.proposal)) {
                let message =
                    "is a caveat of the same proposal; only those of another can be answered";
                errors.add(ValidationErrorCode::Invalid, &format!("answers.{index}"), message);
            }
        }
        let scope = ("proposal_id", self.proposal.as_str());
        record::check_taken(
            connection,
            ("caveats", "number"),
            ("number", &self.number),
            scope,
            id,
            errors,
        )
    }

    fn make_room(
        &mut self,
        connection: &mut DbConnection,
        old: Option<&Self>,
    ) -> Result<(), Error> {
        let (container, from) = (self.proposal.as_str(), old.map(|old| old.position));
        self.position = position::CAVEATS.make_room(connection, container, from, self.position)?;
        Ok(())
    }

    fn insert(&self, connection: &mut DbConnection, id: CaveatId) -> Result<(), Error> {
        Assessable::insert(connection, id, AssessableKind::Caveat)?;
        let row = CaveatRow {
            id,
            proposal_id: self.proposal,
            number: self.number.clone(),
            position: self.position,
            kind: self.kind,
            heading: self.heading.clone(),
            aliases: query::json_array(&self.aliases),
            summary: self.summary.clone(),
            text: self.text.clone(),
            topic_id: self.topic,
            source_id: self.source,
            confidence: self.confidence,
            note: self.note.clone(),
        };
        diesel::insert_into(caveats::table)
            .values((&row, caveats::folded.eq(self.folded())))
            .execute(connection)?;
        insert_links(self, connection, id, &[])
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: CaveatId,
        _old: &Self,
    ) -> Result<(), Error> {
        diesel::update(caveats::table.find(id))
            .set((
                caveats::number.eq(&self.number),
                caveats::position.eq(self.position),
                caveats::kind.eq(self.kind),
                caveats::heading.eq(&self.heading),
                caveats::aliases.eq(query::json_array(&self.aliases)),
                caveats::summary.eq(&self.summary),
                caveats::text.eq(&self.text),
                caveats::topic_id.eq(self.topic),
                caveats::source_id.eq(self.source),
                caveats::confidence.eq(self.confidence),
                caveats::note.eq(&self.note),
                caveats::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        let links = links_of_caveats(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        diesel::delete(caveat_parties::table.filter(caveat_parties::caveat_id.eq(id)))
            .execute(connection)?;
        diesel::delete(caveat_answers::table.filter(caveat_answers::caveat_id.eq(id)))
            .execute(connection)?;
        diesel::delete(caveat_clause_links::table.filter(caveat_clause_links::caveat_id.eq(id)))
            .execute(connection)?;
        diesel::delete(
            caveat_exchanges::table
                .filter(caveat_exchanges::caveat_id.eq(id).or(caveat_exchanges::other_id.eq(id))),
        )
        .execute(connection)?;
        insert_links(self, connection, id, &links)
    }
}

/// What a caveat is exchanged for, whichever side it was said on.
///
/// # Errors
/// Those of the database.
pub fn exchanges_of(connection: &mut DbConnection, id: CaveatId) -> Result<Vec<CaveatId>, Error> {
    let pairs: Vec<(CaveatId, CaveatId)> = caveat_exchanges::table
        .filter(caveat_exchanges::caveat_id.eq(id).or(caveat_exchanges::other_id.eq(id)))
        .order((caveat_exchanges::caveat_id, caveat_exchanges::other_id))
        .select((caveat_exchanges::caveat_id, caveat_exchanges::other_id))
        .load(connection)?;
    Ok(pairs.into_iter().map(|(one, other)| if one == id { other } else { one }).collect())
}

/// Writes the lists. A link to a clause that was there before keeps its id.
fn insert_links(
    content: &CaveatContent,
    connection: &mut DbConnection,
    id: CaveatId,
    old_links: &[CaveatClauseLink],
) -> Result<(), Error> {
    for (role, parties) in
        [(CaveatRole::OwedBy, &content.owed_by), (CaveatRole::OwedTo, &content.owed_to)]
    {
        for (position, party) in (1..).zip(parties) {
            diesel::insert_into(caveat_parties::table)
                .values((
                    caveat_parties::caveat_id.eq(id),
                    caveat_parties::role.eq(role),
                    caveat_parties::party_id.eq(party),
                    caveat_parties::position.eq(position),
                ))
                .execute(connection)?;
        }
    }
    for other in &content.in_exchange_for {
        let (one, other) = if id < *other { (id, *other) } else { (*other, id) };
        diesel::insert_into(caveat_exchanges::table)
            .values((caveat_exchanges::caveat_id.eq(one), caveat_exchanges::other_id.eq(other)))
            .execute(connection)?;
    }
    for (position, answer) in (1..).zip(&content.answers) {
        diesel::insert_into(caveat_answers::table)
            .values((
                caveat_answers::caveat_id.eq(id),
                caveat_answers::answered_id.eq(answer),
                caveat_answers::position.eq(position),
            ))
            .execute(connection)?;
    }
    for (position, link) in (1..).zip(&content.clause_links) {
        let old =
            old_links.iter().find(|old| (old.clause_id, old.kind) == (link.clause, link.kind));
        let row = CaveatClauseLink {
            id: old.map_or_else(PartId::new, |old| old.id),
            caveat_id: id,
            clause_id: link.clause,
            position,
            kind: link.kind,
            note: link.note.clone(),
        };
        diesel::insert_into(caveat_clause_links::table).values(&row).execute(connection)?;
    }
    Ok(())
}
