//! Clauses, with their obligations and deadlines.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::assessable::Assessable;
use super::page::{Direction, List, Listing};
use super::position;
use super::query::{self, Sql};
use super::record::{self, Record, Stored};
use super::rows::{self, Column, Lookup};
use super::schema::{clauses, obligations};
use super::search_index::Searched;
use super::sort::SortKey;
use super::{DbConnection, Dialect, Error, deadline, perspective, sequence, slug};
use crate::domain::assessment::Confidence;
use crate::domain::clause::{ClauseContent, ClauseNature, ObligationContent, ObligationRole};
use crate::domain::id::{AgreementId, ClauseId, PartId, PartyId, SourceId, TopicId, of};
use crate::domain::perspective::Perspective;
use crate::domain::search::{IndexedText, SearchKind};
use crate::domain::status::{AssessableKind, ClauseStatus};
use crate::domain::{Kind, StringEnum, ValidationErrorCode, ValidationErrors, day};

/// The reference of a clause, as a column: the short title of the agreement and the number.
pub const REFERENCE: Column = "(SELECT agreements.short_title FROM agreements WHERE agreements.id = clauses.agreement_id) \
                               || ', ' || clauses.number";

/// The parts of clauses, in order.
pub const CHILDREN_OF: Lookup = Lookup {
    from: "clauses JOIN trackables ON trackables.id = clauses.id WHERE trackables.archived_at IS NULL AND",
    key: "clauses.parent_id",
    order: "clauses.position, clauses.id",
};

/// The obligations of clauses.
pub const OBLIGATIONS_OF: Lookup = Lookup {
    from: "obligations WHERE",
    key: "obligations.clause_id",
    order: "obligations.position",
};

/// A clause, with its supertype row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = clauses)]
pub struct Clause {
    /// What is its own.
    #[diesel(embed)]
    pub row: ClauseRow,
    /// What it shares with caveats and proposals.
    #[diesel(embed)]
    pub assessable: Assessable,
}

/// What a clause does not share with caveats and proposals.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = clauses)]
pub struct ClauseRow {
    /// Its id.
    pub id: ClauseId,
    /// The agreement that it is of.
    pub agreement_id: AgreementId,
    /// The number as printed.
    pub number: String,
    /// Its place in the agreement, from 1.
    pub position: i32,
    /// The clause that it is a part of.
    pub parent_id: Option<ClauseId>,
    /// A short name.
    pub heading: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// What it says, in plain words.
    pub summary: String,
    /// What it says, verbatim.
    pub text: Option<String>,
    /// Whether it can be done once and for all.
    pub nature: ClauseNature,
    /// What it is about.
    pub topic_id: TopicId,
    /// What this record rests on.
    pub source_id: Option<SourceId>,
    /// How sure this record is.
    pub confidence: Confidence,
    /// What is uncertain about it.
    pub note: Option<String>,
}

/// How clauses are searched.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Clause,
    table: "clauses",
    container: Some("clauses.agreement_id"),
    name: Some("clauses.number"),
    aliases: Some("clauses.aliases"),
    columns: &[
        "clauses.number",
        "clauses.heading",
        "clauses.summary",
        "clauses.text",
        "clauses.note",
    ],
    filtered: &["clauses.heading", "clauses.summary", "clauses.text", "clauses.note"],
    indexed_texts: |texts| IndexedText::of_point(texts),
};

/// A party's part in a clause.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = obligations)]
pub struct Obligation {
    /// Its id.
    pub id: PartId,
    /// In which clause.
    pub clause_id: ClauseId,
    /// Its place in the list.
    pub position: i32,
    /// Who.
    pub party_id: PartyId,
    /// What they have to do with it.
    pub role: ObligationRole,
    /// According to whom.
    pub held_by_id: Option<PartyId>,
}

/// Whose clauses are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// Everyone's.
    None,
    /// An agreement's.
    Agreement,
    /// Those that a party has a part in, in any role or in this one.
    Party(Option<ObligationRole>),
}

/// Which clauses are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Of one of these agreements, by slug.
    pub agreements: Option<Vec<String>>,
    /// With one of these statuses.
    pub statuses: Option<Vec<ClauseStatus>>,
    /// About one of these topics, by slug.
    pub topics: Option<Vec<String>>,
    /// With one of these parties in any role, by slug.
    pub parties: Option<Vec<String>>,
    /// Whose status has been so since this day or later.
    pub status_since_from: Option<NaiveDate>,
    /// Whose status has been so since this day or earlier.
    pub status_since_to: Option<NaiveDate>,
    /// With this text, folded, in heading, summary or text.
    pub text: Option<String>,
    /// Whether parties disagree about their status.
    pub contested: Option<bool>,
    /// Whether something that is not done keeps them from being done.
    pub blocked: Option<bool>,
    /// Whether they are overdue.
    pub overdue: Option<bool>,
    /// In which view statuses are judged, and on which day they are overdue or not.
    pub perspective: Perspective,
}

/// How clauses are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By agreement, then by their place in it.
    Position,
    /// By the day since when their status is so; those without come first.
    StatusSince,
    /// By their earliest deadline; those without come last.
    Deadline,
}

impl Filter {
    /// The tables that the conditions need.
    pub(super) fn tables(&self) -> &'static str {
        match self.blocked {
            Some(_) => CLAUSES,
            None => "clauses",
        }
    }

    /// What must hold of a clause in the tables of [`Filter::tables`]: that it and its agreement are in use, and all that the filter asks for.
    pub(super) fn conditions(&self, dialect: Dialect) -> Vec<Sql> {
        let mut conditions = vec![Sql::new("clauses.is_listed")];
        if let Some(agreements) = &self.agreements {
            let comparison = if agreements.len() == 1 { "=" } else { "IN" };
            let agreements = slug::ids_of(dialect, Kind::Agreement, agreements);
            let sql = Sql::new(format!("clauses.agreement_id {comparison} ("));
            conditions.push(sql.append(agreements).text(")"));
        }
        if let Some(statuses) = &self.statuses {
            let names = ClauseStatus::stored_names(statuses);
            conditions.push(if self.perspective == Perspective::default() {
                Sql::default().one_or_any_of(dialect, "clauses.status", &names)
            } else {
                status(self.perspective).in_any(dialect, &names)
            });
        }
        if let Some(topics) = &self.topics {
            // A slug is unique: of one topic there is one id, and no list of them.
            let comparison = if topics.len() == 1 { "=" } else { "IN" };
            let topics = slug::ids_of(dialect, Kind::Topic, topics);
            let sql = Sql::new(format!("clauses.topic_id {comparison} ("));
            conditions.push(sql.append(topics).text(")"));
        }
        if let Some(parties) = &self.parties {
            let sql = Sql::new(
                "clauses.id IN (SELECT obligations.clause_id FROM obligations \
                 WHERE obligations.party_id IN (",
            );
            let parties = slug::ids_of(dialect, Kind::Party, parties);
            conditions.push(sql.append(parties).text("))"));
        }
        if let Some(from) = self.status_since_from {
            conditions.push(status_since(self.perspective).text(" >= ").bind_date(from));
        }
        if let Some(to) = self.status_since_to {
            conditions.push(status_since(self.perspective).text(" <= ").bind_date(to));
        }
        if let Some(contested) = self.contested {
            let condition = perspective::contested("clauses.id", self.perspective.point_in_time);
            conditions.push(if contested { condition } else { Sql::not(condition) });
        }
        if let Some(blocked) = self.blocked {
            let condition = sequence::blocked(self.perspective);
            conditions.push(if blocked { condition } else { Sql::not(condition) });
        }
        if let Some(overdue) = self.overdue {
            let on = self.perspective.point_in_time.as_of.unwrap_or_else(day::today);
            let condition = deadline::overdue(|| status(self.perspective), on);
            conditions.push(if overdue { condition } else { Sql::not(condition) });
        }
        if let Some(text) = &self.text {
            conditions.push(Sql::default().contains("clauses.folded", text));
        }
        conditions
    }
}

/// The expression for a clause's status in a view. In the neutral record of now it is kept in the clause's row.
pub(super) fn status(perspective: Perspective) -> Sql {
    if perspective == Perspective::default() {
        return Sql::new("clauses.status");
    }
    let unassessed = ClauseStatus::Unassessed.as_str();
    Sql::new("coalesce(")
        .append(perspective::latest("status", "clauses.id", perspective))
        .text(format!(", '{unassessed}')"))
}

/// The expression for the day since when it is so; null where nobody has judged the clause.
fn status_since(perspective: Perspective) -> Sql {
    if perspective == Perspective::default() {
        return Sql::new("clauses.status_since");
    }
    perspective::latest("effective_on", "clauses.id", perspective)
}

/// Clauses with what they share with caveats and proposals. Both databases leave a table out that is joined so and of which
/// no column is needed.
const CLAUSES: &str = "clauses LEFT JOIN trackables ON trackables.id = clauses.id";

/// The same, with their agreements.
const CLAUSES_OF_AGREEMENTS: &str = "clauses LEFT JOIN trackables ON trackables.id = clauses.id \
                                     JOIN agreements ON agreements.id = clauses.agreement_id";

/// A list of clauses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClauseList {
    /// Whose.
    pub parent: Parent,
    /// Narrowed to what.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// In which direction.
    pub direction: Direction,
}

impl List for ClauseList {
    const KIND: Kind = Kind::Clause;
    const ID: &'static str = "clauses.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::Position => 0,
            Order::StatusSince => 1,
            Order::Deadline => 2,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match (self.order, self.parent) {
            (Order::Position, Parent::Agreement) => {
                const { &[SortKey::integer("clauses.position"), SortKey::id("clauses.id")] }
            }
            (Order::Position, _) => {
                const {
                    &[
                        SortKey::day("agreements.agreed_on"),
                        SortKey::id("clauses.agreement_id"),
                        SortKey::integer("clauses.position"),
                        SortKey::id("clauses.id"),
                    ]
                }
            }
            (Order::StatusSince, _) => {
                const {
                    &[
                        SortKey::day("coalesce(clauses.status_since, '0001-01-01')"),
                        SortKey::id("clauses.id"),
                    ]
                }
            }
            (Order::Deadline, _) => {
                const {
                    &[
                        SortKey::day(
                            "coalesce((SELECT min(deadlines.due_on) FROM deadlines WHERE deadlines.clause_id = clauses.id), '9999-12-31')",
                        ),
                        SortKey::id("clauses.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let mut conditions = self.filter.conditions(connection.dialect());
        if let Parent::Party(Some(role)) = self.parent {
            // The parent's condition says which party; this one narrows it to the role.
            conditions.push(
                Sql::new(
                    "EXISTS (SELECT 1 FROM obligations WHERE obligations.clause_id = clauses.id \
                     AND obligations.party_id = parent.value AND obligations.role = ",
                )
                .bind(role.as_str())
                .text(")"),
            );
        }
        // Only the order by agreements needs more than the clauses' own rows.
        let by_agreement = self.order == Order::Position && self.parent != Parent::Agreement;
        Listing {
            table: "clauses",
            from: if by_agreement { CLAUSES_OF_AGREEMENTS } else { CLAUSES },
            keys_from: (!by_agreement).then(|| self.filter.tables()),
            parent: match self.parent {
                Parent::None => None,
                Parent::Agreement => Some("clauses.agreement_id = {parent}"),
                Parent::Party(_) => Some(
                    "clauses.id IN (SELECT obligations.clause_id FROM obligations WHERE obligations.party_id = {parent})",
                ),
            },
            conditions,
            order: self.sort_keys(),
            direction: self.direction,
        }
    }
}

/// The clauses with these ids, by id.
///
/// # Errors
/// Those of the database.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Clause>, Error> {
    query::by_key(connection, &format!("{CLAUSES} WHERE"), "clauses.id", ids)
}

/// The clauses with these numbers in these agreements, by `agreement/number`; the agreements are ids. Archived ones
/// are left out.
///
/// # Errors
/// Those of the database.
pub fn by_numbers(
    connection: &mut DbConnection,
    numbers: &[impl AsRef<str>],
) -> Result<HashMap<String, Clause>, Error> {
    const KEY: &str = "clauses.agreement_id || '/' || clauses.number";
    let agreements: Vec<&str> =
        numbers.iter().filter_map(|key| key.as_ref().split('/').next()).collect();
    let dialect = connection.dialect();
    let tail = Sql::new("FROM clauses JOIN trackables ON trackables.id = clauses.id WHERE trackables.archived_at IS NULL AND ")
        .any_of(dialect, "clauses.agreement_id", &agreements)
        .text(" AND ")
        .any_of(dialect, KEY, numbers);
    Ok(query::select_keyed(connection, KEY, tail)?.into_iter().collect())
}

fn obligations_of(
    connection: &mut DbConnection,
    clauses: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<Obligation>>, Error> {
    let Lookup { from, key, order } = OBLIGATIONS_OF;
    query::grouped(connection, from, key, clauses, order)
}

/// The columns of the clauses in use with that number in each of these agreements, with the agreement at position 0.
///
/// # Errors
/// Those of the database.
pub fn select_by_number(
    connection: &mut DbConnection,
    number: &str,
    agreements: &[&str],
    columns: &[Column],
) -> Result<rows::Rows, Error> {
    let dialect = connection.dialect();
    let tail = Sql::new(
        "FROM clauses JOIN trackables ON trackables.id = clauses.id WHERE trackables.archived_at IS NULL AND ",
    )
    .any_of(dialect, "clauses.agreement_id", agreements)
    .text(" AND ")
    .any_of(dialect, "clauses.number", &[number]);
    rows::Rows::select_keyed(connection, "clauses.agreement_id", columns, tail)
}

/// The columns of the clause in use with that number in the agreement that has or had that slug, with the slug at position 0. The
/// agreement must be in use, too.
///
/// # Errors
/// Those of the database.
pub fn select_by_name(
    connection: &mut DbConnection,
    agreement: &str,
    number: &str,
    columns: &[Column],
) -> Result<rows::Rows, Error> {
    let dialect = connection.dialect();
    let tail = Sql::new(
        "FROM slugs JOIN clauses ON clauses.agreement_id = slugs.record_id \
         LEFT JOIN trackables ON trackables.id = clauses.id \
         WHERE slugs.kind = 'agreement' AND clauses.is_listed AND ",
    )
    .any_of(dialect, "slugs.slug", &[agreement])
    .text(" AND ")
    .any_of(dialect, "clauses.number", &[number]);
    rows::Rows::select_keyed(connection, "slugs.slug", columns, tail)
}

/// What these clauses are called in messages, by id: `minsk-2/4.a`.
pub(super) fn names(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, String>, Error> {
    let sql = Sql::new(
        "SELECT clauses.id, agreements.slug || '/' || clauses.number FROM clauses \
         JOIN agreements ON agreements.id = clauses.agreement_id WHERE ",
    )
    .any_of(connection.dialect(), "clauses.id", ids);
    Ok(query::pairs(connection, sql)?.into_iter().collect())
}

/// Every clause whose columns for lists differ from the records that they come from, each as a sentence.
///
/// # Errors
/// Those of the database.
pub(super) fn list_differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let right = "trackables.archived_at IS NULL AND agreements.archived_at IS NULL";
    let sql = Sql::new(format!(
        "SELECT clauses.id, trackables.status FROM {CLAUSES_OF_AGREEMENTS} WHERE clauses.status <> trackables.status \
         OR coalesce(clauses.status_since, '0001-01-01') <> coalesce(trackables.status_since, '0001-01-01') \
         OR clauses.is_listed <> ({right}) ORDER BY clauses.id"
    ));
    let sentence = |(id, status): (String, String)| {
        format!(
            "clause {id}: lists are filtered and sorted by columns that its record does not say; its status is {}",
            status.to_ascii_uppercase()
        )
    };
    Ok(query::pairs(connection, sql)?.into_iter().map(sentence).collect())
}

impl Record for ClauseContent {
    type Of = of::Clause;
    const KIND: Kind = Kind::Clause;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn load(connection: &mut DbConnection, id: ClauseId) -> Result<Option<Stored<Self>>, Error> {
        let Some(Clause { row, assessable }) = by_ids(connection, &[id])?.remove(id.as_str())
        else {
            return Ok(None);
        };
        let obligations =
            obligations_of(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        let deadlines =
            deadline::of_clauses(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        let content = Self {
            agreement: row.agreement_id,
            number: row.number,
            position: row.position,
            parent: row.parent_id,
            heading: row.heading,
            aliases: query::parse_json_array(&row.aliases)?,
            summary: row.summary,
            text: row.text,
            nature: row.nature,
            topic: row.topic_id,
            source: row.source_id,
            confidence: row.confidence,
            note: row.note,
            obligations: obligations
                .into_iter()
                .map(|duty| ObligationContent {
                    party: duty.party_id,
                    role: duty.role,
                    held_by: duty.held_by_id,
                })
                .collect(),
            deadlines: deadlines.iter().map(deadline::Deadline::content).collect(),
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
        id: ClauseId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        // Walk up from the parent: it must be of the same agreement, and the clause itself must not be met.
        let mut next = self.parent;
        while let Some(above) = next {
            let (agreement, parent): (AgreementId, Option<ClauseId>) = clauses::table
                .find(above)
                .select((clauses::agreement_id, clauses::parent_id))
                .first(connection)?;
            if agreement != self.agreement {
                errors.add(
                    ValidationErrorCode::Invalid,
                    "parent",
                    "is a clause of another agreement",
                );
                break;
            }
            if above == id {
                errors.add(
                    ValidationErrorCode::Invalid,
                    "parent",
                    "lies below this clause; a clause cannot be a part of itself",
                );
                break;
            }
            next = parent;
        }
        let scope = ("agreement_id", self.agreement.as_str());
        record::check_taken(
            connection,
            ("clauses", "number"),
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
        let (container, from) = (self.agreement.as_str(), old.map(|old| old.position));
        self.position = position::CLAUSES.make_room(connection, container, from, self.position)?;
        Ok(())
    }

    fn insert(&self, connection: &mut DbConnection, id: ClauseId) -> Result<(), Error> {
        Assessable::insert(connection, id, AssessableKind::Clause)?;
        let row = ClauseRow {
            id,
            agreement_id: self.agreement,
            number: self.number.clone(),
            position: self.position,
            parent_id: self.parent,
            heading: self.heading.clone(),
            aliases: query::json_array(&self.aliases),
            summary: self.summary.clone(),
            text: self.text.clone(),
            nature: self.nature,
            topic_id: self.topic,
            source_id: self.source,
            confidence: self.confidence,
            note: self.note.clone(),
        };
        diesel::insert_into(clauses::table)
            .values((&row, clauses::folded.eq(self.folded())))
            .execute(connection)?;
        insert_obligations(self, connection, id, &[])?;
        deadline::replace(connection, id, &self.deadlines)
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: ClauseId,
        _old: &Self,
    ) -> Result<(), Error> {
        diesel::update(clauses::table.find(id))
            .set((
                clauses::number.eq(&self.number),
                clauses::position.eq(self.position),
                clauses::parent_id.eq(self.parent),
                clauses::heading.eq(&self.heading),
                clauses::aliases.eq(query::json_array(&self.aliases)),
                clauses::summary.eq(&self.summary),
                clauses::text.eq(&self.text),
                clauses::nature.eq(self.nature),
                clauses::topic_id.eq(self.topic),
                clauses::source_id.eq(self.source),
                clauses::confidence.eq(self.confidence),
                clauses::note.eq(&self.note),
                clauses::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        let obligations =
            obligations_of(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        diesel::delete(obligations::table.filter(obligations::clause_id.eq(id)))
            .execute(connection)?;
        insert_obligations(self, connection, id, &obligations)?;
        deadline::replace(connection, id, &self.deadlines)
    }
}

/// Writes the obligations. One that was there before keeps its id.
fn insert_obligations(
    content: &ClauseContent,
    connection: &mut DbConnection,
    id: ClauseId,
    old: &[Obligation],
) -> Result<(), Error> {
    for (position, duty) in (1..).zip(&content.obligations) {
        let old = old.iter().find(|old| {
            (old.party_id, old.role, old.held_by_id) == (duty.party, duty.role, duty.held_by)
        });
        let row = Obligation {
            id: old.map_or_else(PartId::new, |old| old.id),
            clause_id: id,
            position,
            party_id: duty.party,
            role: duty.role,
            held_by_id: duty.held_by,
        };
        diesel::insert_into(obligations::table).values(&row).execute(connection)?;
    }
    Ok(())
}
