//! Search over agreements, clauses, proposals, caveats, events and sources.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, Object, Result, SimpleObject, Union};

use super::agreement::{Agreement, AgreementById};
use super::batch::{Batch, reader};
use super::caveat::{Caveat, CaveatById};
use super::clause::{Clause, ClauseById};
use super::error::Code;
use super::event::{Event, EventById};
use super::node::expect;
use super::page::{ListTag, PageInfo, Paging, encode};
use super::proposal::{Proposal, ProposalById};
use super::source::{Source, SourceById};
use crate::db;
use crate::db::DbConnection;
use crate::db::page::{Page, Rows};
use crate::db::search::{Hit, Search};
use crate::domain::search::{self, Term};

/// The tag of cursors of search results, whose records are of several kinds.
const CURSORS: ListTag = *b"se";

/// The kinds of records that can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "search::SearchKind")]
pub enum SearchKind {
    /// Agreements: by title, short title, slug, summary, place and adoption.
    Agreement,
    /// Clauses: by number, heading, summary and text.
    Clause,
    /// Proposals: by title, slug and summary.
    Proposal,
    /// Caveats: by number, heading, summary and text.
    Caveat,
    /// Events: by title, slug, summary and place.
    Event,
    /// Sources: by title, publisher, slug and day of publication.
    Source,
}

/// Something that a search can find.
#[derive(Union, Clone)]
pub enum SearchItem {
    /// An agreement.
    Agreement(Agreement),
    /// A caveat.
    Caveat(Caveat),
    /// A clause.
    Clause(Clause),
    /// An event.
    Event(Event),
    /// A proposal.
    Proposal(Proposal),
    /// A source.
    Source(Source),
}

/// Something that was found, and how well it fits.
#[derive(Clone)]
pub struct SearchResult {
    hit: Hit,
    terms: Arc<[Term]>,
}

/// Something that was found, and how well it fits.
#[Object]
impl SearchResult {
    /// How well it fits: the higher, the better. It adds up over the words, each of which counts by how rare it is, by where it stands (most in titles, headings and numbers, less in slugs and places, then in summaries, least in texts), by how often it stands there, up to three times, and twice where it is a whole word. A million more is for the record whose reference was asked for, with or without the name of its agreement or proposal: it comes before all else. Comparable within one search.
    async fn score(&self) -> i32 {
        i32::try_from(self.hit.score).unwrap_or(i32::MAX)
    }

    /// The piece of its text that shows the most of the words.
    async fn excerpt(&self, context: &Context<'_>) -> Result<SearchExcerpt> {
        let item = self.load(context).await?;
        let passages = match &item {
            SearchItem::Agreement(agreement) => agreement.passages(),
            SearchItem::Caveat(caveat) => caveat.passages(),
            SearchItem::Clause(clause) => clause.passages(),
            SearchItem::Event(event) => event.passages(),
            SearchItem::Proposal(proposal) => proposal.passages(),
            SearchItem::Source(source) => source.passages(),
        };
        let found = search::excerpt(&passages, &self.terms);
        let matches = found.matches.into_iter().filter_map(|range| {
            let (start, end) = (i32::try_from(range.start).ok()?, i32::try_from(range.end).ok()?);
            Some(SearchMatch { start, end })
        });
        Ok(SearchExcerpt { text: found.text, matches: matches.collect() })
    }

    /// What was found.
    async fn item(&self, context: &Context<'_>) -> Result<SearchItem> {
        self.load(context).await
    }
}

impl SearchResult {
    async fn load(&self, context: &Context<'_>) -> Result<SearchItem> {
        let Hit { id, kind, .. } = self.hit;
        Ok(match SearchKind::from(kind) {
            SearchKind::Agreement => {
                SearchItem::Agreement(expect(context, AgreementById, id.cast()).await?)
            }
            SearchKind::Clause => SearchItem::Clause(expect(context, ClauseById, id.cast()).await?),
            SearchKind::Proposal => {
                SearchItem::Proposal(expect(context, ProposalById, id.cast()).await?)
            }
            SearchKind::Caveat => SearchItem::Caveat(expect(context, CaveatById, id.cast()).await?),
            SearchKind::Event => SearchItem::Event(expect(context, EventById, id.cast()).await?),
            SearchKind::Source => SearchItem::Source(expect(context, SourceById, id.cast()).await?),
        })
    }
}

/// A piece of a record's text, cut between words.
#[derive(SimpleObject)]
pub struct SearchExcerpt {
    /// The piece as plain text: about 200 characters, with `…` where it was cut. It is from the summary or the text where they show as many of the words as a title or heading does; from a slug or place only where nothing else shows any.
    text: String,
    /// Where the words that were searched for stand in it, in order and apart. At least one does; others may stand in the rest of the record, or in the name of its agreement or proposal.
    matches: Vec<SearchMatch>,
}

/// Where a word stands that was searched for.
#[derive(SimpleObject)]
pub struct SearchMatch {
    /// Where it starts, in UTF-16 code units from the start of the excerpt, as JavaScript counts: `text.slice(start, end)` is the word.
    start: i32,
    /// Where it ends: that of the first code unit after it.
    end: i32,
}

/// What was found, best first; of equals, sources come last, and else what was recorded first comes first.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct SearchConnection {
    /// What was found, on this page.
    nodes: Vec<SearchResult>,
    /// What was found, on this page, each with its cursor.
    edges: Vec<SearchEdge>,
    /// Where this page lies in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    search: Search,
}

#[ComplexObject]
impl SearchConnection {
    /// How many records were found in all, on this page and beyond. Counted only when it is asked for.
    async fn total_count(&self, context: &Context<'_>) -> Result<i32> {
        let count = reader(context)?.load(SearchCount(self.search.clone()), String::new()).await?;
        Ok(i32::try_from(count.unwrap_or_default()).unwrap_or(i32::MAX))
    }
}

/// Something that was found, and where it stands in the list.
#[derive(SimpleObject)]
pub struct SearchEdge {
    /// Marks the result's place in the list: give it as `after` to go on from here. Good for this search.
    cursor: String,
    /// What was found.
    node: SearchResult,
}

/// A page of what a search finds. Keyed by nothing: there is one list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct SearchPage {
    search: Search,
    page: Page,
}

impl Batch for SearchPage {
    type Key = String;
    type Value = Arc<Rows<Hit>>;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[String],
    ) -> std::result::Result<HashMap<String, Self::Value>, db::Error> {
        let page = Arc::new(self.search.page(connection, &self.page)?);
        Ok(keys.iter().map(|key| (key.clone(), page.clone())).collect())
    }
}

/// How much a search finds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct SearchCount(Search);

impl Batch for SearchCount {
    type Key = String;
    type Value = i64;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[String],
    ) -> std::result::Result<HashMap<String, i64>, db::Error> {
        let count = self.0.count(connection)?;
        Ok(keys.iter().map(|key| (key.clone(), count)).collect())
    }
}

/// The words of a query.
fn terms(query: &str) -> Result<Vec<Term>> {
    let length = query.chars().count();
    if length > search::LONGEST_QUERY {
        return Err(Code::BadUserInput.error(format!(
            "`query` has {length} characters; a search has at most {}",
            search::LONGEST_QUERY
        )));
    }
    let terms = search::terms(query);
    if terms.len() > search::MOST_WORDS {
        return Err(Code::BadUserInput.error(format!(
            "`query` has {} different words; a search has at most {}",
            terms.len(),
            search::MOST_WORDS
        )));
    }
    Ok(terms)
}

/// Searching.
#[derive(Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Agreements, clauses, proposals, caveats, events and sources that have all these words, best first. Case and accents do not count. Clauses and caveats are found by the name of their agreement or proposal together with a word of their own, too, as in `minsk ii 9`; what has just that reference comes first. Archived records are left out.
    async fn search(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Words, in any order: at most 200 characters and 16 different words. The last one may be the beginning of a word. Everything but letters and digits parts words and has no other meaning; without any word, nothing is found."
        )]
        query: String,
        #[graphql(desc = "Only records of these kinds; all where left out.")] kinds: Option<
            Vec<SearchKind>,
        >,
        #[graphql(
            desc = "How many results from the start of the list, from 0 to 200; 50 where left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only results after this cursor.")] after: Option<String>,
    ) -> Result<Option<SearchConnection>> {
        let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
        let reference = search::run_together(&query);
        let search = Search { terms: terms(&query)?, reference, kinds };
        let page = Paging { first, after, ..Paging::default() }.page(CURSORS)?;
        let batch = SearchPage { search: search.clone(), page: page.clone() };
        let found = reader(context)?.load(batch, String::new()).await?.unwrap_or_default();
        let terms: Arc<[Term]> = search.terms.as_slice().into();
        let nodes = found.rows.iter().map(|hit| SearchResult { hit: *hit, terms: terms.clone() });
        let nodes: Vec<SearchResult> = nodes.collect();
        let cursors: Vec<String> =
            found.rows.iter().map(|hit| encode(CURSORS, hit.id.uuid())).collect();
        let page_info = PageInfo::of(&page, found.more, &cursors);
        let edges = cursors.into_iter().zip(nodes.iter().cloned());
        let edges = edges.map(|(cursor, node)| SearchEdge { cursor, node }).collect();
        Ok(Some(SearchConnection { nodes, edges, page_info, search }))
    }
}
