//! The change log as an Atom feed (RFC 4287).

use atom_syndication::{
    Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text,
};
use serde_json::Value as Json;
use url::Url;

use super::FeedContext;
use crate::export::column::{at, page};
use crate::export::label::label;

/// The paths of the pages of changed records.
const PAGES: [&str; 7] = [
    "agreements/{agreementSlug}",
    "agreements/{agreement.slug}/clauses/{number}",
    "proposals/{proposalSlug}",
    "proposals/{proposal.slug}#{number}",
    "events/{eventId}",
    "sources/{sourceId}",
    "parties/{partySlug}",
];

/// The feed of these changes. `changes` is in the order of the log. The feed starts with the newest change.
pub(super) fn feed(context: &FeedContext, changes: &[Json]) -> String {
    let log = context.base.join("changes").unwrap_or_else(|_| context.base.clone());
    let updated =
        changes.last().map_or(context.time, |change| time(change).unwrap_or(context.time));
    let mut feed = Feed {
        id: context.address.to_string(),
        title: Text::plain("Clausewatch: changes"),
        updated,
        generator: Some(Generator {
            value: "Clausewatch".to_owned(),
            uri: None,
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        entries: changes.iter().rev().map(|change| entry(change, &context.base, &log)).collect(),
        ..Feed::default()
    };
    feed.links = vec![link("self", &context.address), link("alternate", &log)];
    // XML cannot contain these characters. Input that contains them is rejected, but earlier versions accepted it.
    feed.to_string().replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn entry(change: &Json, base: &Url, log: &Url) -> Entry {
    let text = |path: &str| at(change, path).as_str().unwrap_or_default().to_owned();
    let position = at(change, "position");
    let (actor, action, recorded_at) = (text("actor"), text("action"), text("recordedAt"));
    let subject = at(change, "subject");
    let type_name = text("subject.__typename");
    let name = match text("subject.name") {
        name if name.is_empty() => type_name.clone(),
        name => name,
    };
    // The position alone does not identify a change: after a backup is restored, another change may get the same
    // position.
    let mut id = log.clone();
    id.set_fragment(Some(&format!("change-{position}-{recorded_at}")));
    let mut place = log.clone();
    place.set_fragment(Some(&format!("change-{position}")));
    let subject_page = PAGES.iter().find_map(|path| page(&subject, path, base));
    Entry {
        id: id.to_string(),
        title: Text::plain(format!("{actor} {} {name}{}", verb(&action), assessment(change))),
        updated: time(change).unwrap_or_default(),
        published: time(change),
        authors: vec![Person { name: actor, ..Person::default() }],
        categories: [&action, &type_name]
            .map(|term| Category { term: term.clone(), label: Some(label(term)), scheme: None })
            .to_vec(),
        links: vec![
            link("alternate", subject_page.as_ref().unwrap_or(&place)),
            link("via", &place),
        ],
        content: Some(Content {
            value: Some(fields(change)),
            content_type: Some("text".to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

fn link(relation: &str, address: &Url) -> Link {
    Link { rel: relation.to_owned(), href: address.to_string(), ..Link::default() }
}

fn time(change: &Json) -> Option<FixedDateTime> {
    FixedDateTime::parse_from_rfc3339(at(change, "recordedAt").as_str()?).ok()
}

/// The action, as the verb of the title: `retracted a check of`.
fn verb(action: &str) -> String {
    match action {
        "RETRACTED" => "retracted an assessment of".to_owned(),
        "CHECK_RETRACTED" => "retracted a check of".to_owned(),
        other => other.to_lowercase(),
    }
}

/// The assessment that was recorded or retracted, such as `: Breached since 2022-02-24 (view of Ukraine)`. Empty if
/// there is none.
fn assessment(change: &Json) -> String {
    let records = at(change, "after.record");
    let mut records = records.as_array().into_iter().flatten();
    let Some(record) = records.find(|record| record.get("effectiveDate").is_some()) else {
        return String::new();
    };
    let text = |name: &str| at(record, name).as_str().map(str::to_owned);
    let statuses = ["clauseStatus", "caveatStatus", "proposalStatus"];
    let status = statuses.iter().find_map(|name| text(name)).unwrap_or_default();
    let view = text("heldBy.name")
        .map_or_else(|| "neutral record".to_owned(), |holder| format!("view of {holder}"));
    let since = text("effectiveDate").unwrap_or_default();
    format!(": {} since {since} ({view})", label(&status))
}

/// The changed fields, one per line, with the values before and after.
fn fields(change: &Json) -> String {
    let mut lines = Vec::new();
    for (sign, side) in [("−", "before"), ("+", "after")] {
        for field in at(change, side).as_array().into_iter().flatten() {
            let name = at(field, "name");
            let record = at(field, "record.name");
            let note = at(field, "record.note");
            let value =
                [record, note, at(field, "value")].into_iter().find(|value| !value.is_null());
            let value = value.unwrap_or_default();
            let (name, value) = (name.as_str().unwrap_or_default(), value);
            lines.push(format!("{sign} {name}: {}", value.as_str().unwrap_or_default()));
        }
    }
    lines.join("\n")
}
