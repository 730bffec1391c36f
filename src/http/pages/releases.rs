//! The list of releases.

use maud::html;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{PageOutcome, PageRequest, PageText, TextSource};
use super::parts::{List, list_page, section, time, truncation_notice};

const DOCUMENT: &str = "x-page:releases";

pub const PAGE: PageText = PageText {
    path: "/releases",
    source: TextSource::Document {
        id: DOCUMENT,
        text: include_str!("releases.graphql"),
        has_period: false,
        variables: |_| variables(None),
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

fn variables(after: Option<&str>) -> Json {
    json!({ "first": 200, "after": after })
}

#[derive(Deserialize)]
struct Data {
    releases: List<Release>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Release {
    name: String,
    title: Option<String>,
    position: i32,
    known_at: String,
    merkle_root: String,
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let more = page.site.answer(DOCUMENT, &variables(data.releases.end_cursor()));
    let body = html! {
        @if data.releases.nodes.is_empty() { p { "No release has been recorded yet." } }
        ul {
            @for release in &data.releases.nodes {
                li id=(release.name) {
                    strong { (release.name) }
                    @if let Some(title) = &release.title { ": " span dir="auto" { (title) } }
                    ", last change " (time(&release.known_at))
                    ", position " (release.position) " of the change log, Merkle root " code { (release.merkle_root) }
                }
            }
        }
        (truncation_notice(&data.releases, &more))
        (section("Verify a copy", true, html! {
            p.prose {
                "This command compares the files of a copy with their checksums, and its change log with the Merkle root: "
                code { "clausewatch release --verify FOLDER" }
            }
        }))
    };
    let description =
        "The releases of the data: positions of the change log under a name, which never change.";
    list_page(page, "releases", "Releases", description, body)
}
