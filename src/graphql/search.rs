//! Search over agreements, clauses, proposals, caveats, events, parties and sources.

use std::collections::HashMap;
use std::rc::Rc;

use async_graphql::Enum;

use super::engine::call::{Call, Context, Item, Linked, Objects, Resolved, Slot};
use super::engine::connection::{Connection, ConnectionTypes, PagedList, Shape, connection_types};
use super::engine::leaf::saturating_int;
use super::engine::link::{each, each_list};
use super::engine::page::{ListTag, PageEnds, encode, page};
use super::engine::reader::{Statements, call, leaf, value};
use super::engine::schema::{Abstract, Object};
use super::error::{Code, Error};
use crate::db::rows::Rows;
use crate::db::search::{Hit, SORT_KEYS, Search};
use crate::db::search_notes;
use crate::db::search_rebuild::searched;
use crate::domain::search::{self, Excerpt, Term};
use crate::domain::{Id, Kind, StringEnum};

/// The tag of cursors of search results.
const CURSORS: ListTag = *b"se";

pub fn item() -> Abstract {
    Abstract {
        name: "SearchItem",
        description: "A record that search can find.",
        members: &["Agreement", "Caveat", "Clause", "Event", "Party", "Proposal", "Source"],
        fields: &[],
    }
}

pub fn objects() -> Vec<Object> {
    let mut objects = vec![result(), excerpt(), excerpt_match()];
    objects.extend(connection_objects());
    objects
}

struct SearchResult {
    hit: Hit,
    search: Rc<Search>,
    /// The record's row, with the columns that the fields `excerpt` and `item` need. None if neither field is selected.
    row: Option<ResultRow>,
}

struct ResultRow {
    object: &'static str,
    rows: Rc<Rows>,
    index: usize,
}

fn result() -> Object {
    Object::new("SearchResult", "A search result: a record, with its excerpt and score.")
        .field("score", "Relevance score; higher is better. Only scores of the same search can be compared. It is the sum of the scores of the words. Rare words score higher. Names, headings and numbers score most, then titles of events and sources, then slugs and places, then summaries, then texts. Up to three occurrences count. Whole words count twice. A record scores 2,000,000 more, and comes first, if the query is its reference, with or without the name of its agreement or proposal. If its name contains all words, an agreement or clause scores 1,400,000 more, and a proposal, caveat or party 700,000 more. Therefore, records that the query names come before records that only mention them. A record scores 5,000,000 less if a word matches only as a misspelling.", value(|result: &SearchResult| saturating_int(result.hit.score)))
        .field("excerpt", "Excerpt that contains as many of the searched words as possible.", call("SearchExcerpt!", excerpts))
        .field("item", "The record.", call("SearchItem!", items))
}

/// The hits as results. Reads the records and the texts for their excerpts, with one statement for each kind.
fn results(call: &mut Call<'_, '_>, hits: Vec<SearchHit>) -> Result<Vec<SearchResult>, Error> {
    let item = call.selected.field("item");
    let (has_excerpt, has_item) = (call.selected.has("excerpt"), call.selected.has("item"));
    let mut read: HashMap<Id<()>, ResultRow> = HashMap::new();
    for kind in search::SearchKind::ALL.iter().filter(|_| has_excerpt || has_item) {
        let ids: Vec<Id<()>> =
            hits.iter().filter(|(hit, _)| hit.kind == *kind).map(|(hit, _)| hit.id).collect();
        let Some(record) = item.record(kind_of((*kind).into())).filter(|_| !ids.is_empty()) else {
            continue;
        };
        let columns = if has_excerpt { searched(*kind).text_columns() } else { Vec::new() };
        let columns = item.columns(record.object, &columns);
        let rows = call.context.read(|connection| record.select(connection, &ids, &columns))?;
        let rows = Rc::new(rows);
        read.extend((0..rows.len()).filter_map(|index| {
            let row = ResultRow { object: record.object, rows: rows.clone(), index };
            Some((Id::stored(rows.text(index, 0)?)?, row))
        }));
    }
    let results = hits.into_iter().map(|(hit, search)| SearchResult {
        hit,
        search,
        row: read.remove(&hit.id),
    });
    Ok(results.collect())
}

fn items(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let mut linked = Linked::default();
    let mut sets: Vec<(&ResultRow, Vec<usize>)> = Vec::new();
    for result in call.values::<SearchResult>()? {
        let Some(row) = &result.row else {
            linked.slots.push(Slot::One(Item::Null));
            continue;
        };
        let position = sets.iter().position(|(first, _)| Rc::ptr_eq(&first.rows, &row.rows));
        let set = position.unwrap_or(sets.len());
        if position.is_none() {
            sets.push((row, Vec::new()));
        }
        if let Some((_, picked)) = sets.get_mut(set) {
            picked.push(row.index);
            linked.slots.push(Slot::One(Item::Object { set, index: picked.len() - 1 }));
        }
    }
    let sets = sets.into_iter().map(|(ResultRow { object, rows, .. }, picked)| {
        (*object, Objects::Rows { rows: rows.clone(), picked })
    });
    linked.sets = sets.collect();
    Ok(Resolved::Linked(linked))
}

fn kind_of(kind: SearchKind) -> Kind {
    match kind {
        SearchKind::Agreement => Kind::Agreement,
        SearchKind::Clause => Kind::Clause,
        SearchKind::Proposal => Kind::Proposal,
        SearchKind::Caveat => Kind::Caveat,
        SearchKind::Event => Kind::Event,
        SearchKind::Party => Kind::Party,
        SearchKind::Source => Kind::Source,
    }
}

/// The excerpt of each result. If the record's own texts contain none of the searched words, the excerpt is from the notes or
/// evidence of its assessments. One statement reads these notes and this evidence for all results of a search.
fn excerpts(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let results = call.values::<SearchResult>()?;
    let excerpts = results.iter().map(|result| {
        let missing = || Error::internal(format!("the record {} is missing", result.hit.id));
        let ResultRow { rows, index, .. } = result.row.as_ref().ok_or_else(missing)?;
        let indexed_texts = searched(result.hit.kind).indexed_texts(rows, *index);
        Ok(search::excerpt(&indexed_texts, &result.search.terms))
    });
    let mut excerpts = excerpts.collect::<Result<Vec<Excerpt>, Error>>()?;
    let mut without: HashMap<*const Search, (Rc<Search>, Vec<usize>)> = HashMap::new();
    for (index, (result, excerpt)) in results.iter().zip(&excerpts).enumerate() {
        if excerpt.matches.is_empty() {
            let new = || (result.search.clone(), Vec::new());
            without.entry(Rc::as_ptr(&result.search)).or_insert_with(new).1.push(index);
        }
    }
    for (search, places) in without.into_values() {
        let without_match = places.iter().filter_map(|place| results.get(*place));
        let ids: Vec<Id<()>> = without_match.map(|result| result.hit.id).collect();
        let mut mentions = call
            .context
            .read(|connection| search_notes::excerpts(connection, &ids, &search.terms))?;
        for (place, id) in places.into_iter().zip(&ids) {
            if let (Some(excerpt), Some(mention)) =
                (excerpts.get_mut(place), mentions.remove(id.as_str()))
            {
                *excerpt = mention;
            }
        }
    }
    Ok(each("SearchExcerpt", excerpts))
}

fn excerpt() -> Object {
    Object::new("SearchExcerpt", "An excerpt of the text of a record, cut at word boundaries.")
        .field("text", "Plain text of about 200 characters, with `…` where it was cut. Of the texts of the record, the one that contains the most searched words is used. If a title or heading contains as many of these words as a summary or text, the summary or text is used. A slug or place is used only if no other text of the record contains any of the searched words. The notes and evidence titles of the record's assessments are used only if no text of the record itself contains any of these words.", value(|excerpt: &Excerpt| excerpt.text.clone()))
        .field(
            "matches",
            "Positions of the searched words in the excerpt, in order and without overlap. At least one. The other searched words may match elsewhere in the record, or in the name of its agreement or proposal.",
            call("[SearchMatch!]!", |call: &mut Call<'_, '_>| {
                let excerpts = call.values::<Excerpt>()?.iter();
                let matches = excerpts.map(|excerpt| {
                    let matches = excerpt.matches.iter().filter_map(|range| {
                        Some(Match {
                            start: i32::try_from(range.start).ok()?,
                            end: i32::try_from(range.end).ok()?,
                        })
                    });
                    matches.collect()
                });
                Ok(each_list("SearchMatch", matches.collect()))
            }),
        )
}

struct Match {
    start: i32,
    end: i32,
}

fn excerpt_match() -> Object {
    Object::new("SearchMatch", "Position of a searched word in an excerpt.")
        .field("start", "Start position in UTF-16 code units from the start of the excerpt, as in JavaScript: `text.slice(start, end)` is the word.", value(|position: &Match| position.start))
        .field("end", "End position, exclusive, in UTF-16 code units.", value(|position: &Match| position.end))
}

/// A hit on a page, with its search.
type SearchHit = (Hit, Rc<Search>);

impl PagedList for Search {
    type Item = SearchHit;

    const NODE_STATEMENTS: Statements = Statements::Any;

    fn nodes(
        call: &mut Call<'_, '_>,
        object: &'static str,
        lists: &[&[SearchHit]],
        shape: Shape,
    ) -> Result<Resolved, Error> {
        let results = results(call, lists.concat())?;
        Ok(shape.values(object, results, lists.iter().map(|list| list.len())))
    }

    fn counts(&self, context: &mut Context<'_>, parents: &[&str]) -> Result<Vec<i64>, Error> {
        let count = context.read(|connection| self.count(connection))?;
        Ok(vec![count; parents.len()])
    }
}

fn connection_objects() -> [Object; 2] {
    let types = ConnectionTypes {
        description: "One page of search results, best match first. Results with equal scores are in order of creation, with sources last.",
        cursor: "Cursor of the item, for use as `after`. Valid only for this search.",
        node: "SearchResult",
        node_type: "SearchResult!",
        nodes_type: "[SearchResult!]!",
        ..connection_types!("Search")
    };
    let [connection, edge] = types.objects_of::<Search>();
    let connection = connection.field(
        "suggestions",
        "Suggested words, if at least one of the searched words is in no record: the most similar words in the records, in their original spelling. At most 5, most similar first. Empty if the search has results.",
        leaf(|call: &mut Call<'_, '_>| {
            let pages = call.values::<Connection<Search>>()?.iter();
            let suggestions = pages.map(|page| {
                if !page.items.is_empty() || page.ends.has_after {
                    return Ok(Vec::new());
                }
                call.context.read(|connection| page.list.suggestions(connection))
            });
            suggestions.collect::<Result<Vec<Vec<String>>, Error>>()
        }),
    );
    [connection, edge]
}

pub fn queries(query: Object) -> Object {
    query.field(
        "search",
        "Full-text search. Finds agreements, clauses, proposals, caveats, events, parties and sources that contain all words, best match first. Ignores case, accents, apostrophes and invisible characters. Searches texts, names, aliases, notes and external identifiers. For clauses and caveats, also searches their interpretations. For clauses, caveats and proposals, also searches the notes and the evidence titles of their assessments. If fewer than 10 records contain a word of at least 5 letters (notes of assessments are not counted), one letter of the word may be wrong, missing, added or swapped with the next. Records that match only in this way come last. For clauses and caveats, the name of their agreement or proposal also matches, as in `minsk ii 9`, but at least one word must occur in the clause or caveat itself. A record whose reference is exactly the query comes first. Excludes archived records.",
        call("SearchConnection", search)
            .argument::<String>("query", "Words in any order. At most 200 characters and 16 different words. The last word may be a prefix. A word consists of letters, digits, and apostrophes between them. All other characters only separate words. In scripts without spaces between words, such as Chinese and Thai, part of a word also matches. A query without words returns nothing.")
            .argument::<Option<Vec<SearchKind>>>("kinds", "Returns only records of these kinds. Default: all kinds.")
            .argument::<Option<i32>>("first", "Number of items from the start of the list. 0 to 200. Default: 50.")
            .argument::<Option<String>>("after", "Returns only items after this cursor."),
    )
}

fn search(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let query: String = call.arguments.get("query")?;
    let kinds: Option<Vec<SearchKind>> = call.arguments.get("kinds")?;
    let kinds: Option<Vec<search::SearchKind>> =
        kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
    let (terms, reference) = (terms(&query)?, search::run_together(&query));
    let page = page(call.arguments, CURSORS, SORT_KEYS)?;
    let key = format!("search {terms:?} {reference:?} {kinds:?} {page:?}");
    let outcome = call.context.read_once(key, |connection| {
        let search = Search::prepare(connection, terms, reference, kinds)?;
        let hits = search.page(connection, &page)?;
        Ok((Rc::new(search), hits))
    })?;
    let (search, hits) = &*outcome;
    let items = hits.rows.iter().map(|hit| (*hit, search.clone())).collect();
    let ends = PageEnds::from(&page);
    let cursor = |(hit, _): &SearchHit| encode(CURSORS, &[hit.id.to_string()]);
    let page = Connection::new(call, search.clone(), items, ends, hits.more, cursor);
    Ok(each("SearchConnection", vec![page]))
}

/// The words of a query.
fn terms(query: &str) -> Result<Vec<Term>, Error> {
    let length = query.chars().count();
    if length > search::MAX_QUERY_LENGTH {
        return Err(Code::BadUserInput.error(format!(
            "`query` has {length} characters; a search has at most {}",
            search::MAX_QUERY_LENGTH
        )));
    }
    let terms = search::terms(query);
    if terms.len() > search::MAX_WORDS {
        return Err(Code::BadUserInput.error(format!(
            "`query` has {} different words; a search has at most {}",
            terms.len(),
            search::MAX_WORDS
        )));
    }
    Ok(terms)
}

/// Kinds of records that search can find. Search also covers the external identifiers of all these records, and the notes and evidence titles of assessments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::SearchKind")]
pub enum SearchKind {
    /// Agreements. Searches title, short title, aliases, slug, summary, place, adoption and note.
    Agreement,
    /// Clauses. Searches number, heading, aliases, summary, text, note, and the terms and meanings of interpretations.
    Clause,
    /// Proposals. Searches title, aliases, slug, summary and note.
    Proposal,
    /// Caveats. Searches number, heading, aliases, summary, text, note, and the terms and meanings of interpretations.
    Caveat,
    /// Events. Searches title, aliases, slug, summary and place.
    Event,
    /// Parties. Searches name, short name, aliases and slug.
    Party,
    /// Sources. Searches title, publisher, slug and day of publication.
    Source,
}
