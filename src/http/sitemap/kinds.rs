//! The kinds of records in the sitemap, and their addresses.

use std::collections::HashMap;

use serde::Deserialize;
use url::Url;

use crate::http::pages::Site;

/// The trusted document that counts the records of each kind: its id and text.
pub const COUNTS: (&str, &str) = ("x-sitemap:counts", include_str!("counts.graphql"));

/// A kind of record in the sitemap.
pub struct Kind {
    /// The name in the address of a file, and in the result of [`COUNTS`].
    pub name: &'static str,
    /// The id of the trusted document that lists the records.
    pub id: &'static str,
    pub document: &'static str,
    /// Returns the address of a record's page.
    pub address: fn(&Record, &Site) -> Option<Url>,
}

pub static KINDS: [Kind; 6] = [
    Kind {
        name: "agreements",
        id: "x-sitemap:agreements",
        document: include_str!("agreements.graphql"),
        address: |record, site| Some(site.agreement(&record.slug)),
    },
    Kind {
        name: "clauses",
        id: "x-sitemap:clauses",
        document: include_str!("clauses.graphql"),
        address: |record, site| {
            let agreement = record.agreement.as_ref()?;
            Some(site.clause(&agreement.slug, &record.number))
        },
    },
    Kind {
        name: "proposals",
        id: "x-sitemap:proposals",
        document: include_str!("proposals.graphql"),
        address: |record, site| Some(site.proposal(&record.slug)),
    },
    Kind {
        name: "parties",
        id: "x-sitemap:parties",
        document: include_str!("parties.graphql"),
        address: |record, site| Some(site.party(&record.slug)),
    },
    Kind {
        name: "events",
        id: "x-sitemap:events",
        document: include_str!("events.graphql"),
        address: |record, site| Some(site.event(&record.id)),
    },
    Kind {
        name: "sources",
        id: "x-sitemap:sources",
        document: include_str!("sources.graphql"),
        address: |record, site| Some(site.source(&record.id)),
    },
];

/// The number of records of each kind.
#[derive(Deserialize)]
pub struct Counts(HashMap<String, Count>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    total_count: usize,
}

impl Counts {
    pub fn of(&self, name: &str) -> usize {
        self.0.get(name).map_or(0, |count| count.total_count)
    }

    pub fn total(&self) -> usize {
        self.0.values().map(|count| count.total_count).sum()
    }
}

/// The data that the document for a kind returns.
#[derive(Deserialize)]
pub struct Slice {
    pub list: List,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List {
    pub page_info: PageInfo,
    pub nodes: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    pub has_next_page: bool,
    pub end_cursor: Option<String>,
}

/// A record, with the fields that the address of its page needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    #[serde(default)]
    id: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    number: String,
    agreement: Option<Slug>,
    pub changed_at: Option<String>,
}

#[derive(Deserialize)]
struct Slug {
    slug: String,
}
