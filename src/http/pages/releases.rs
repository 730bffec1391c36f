//! The list of releases.

use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::content::{AFTER, PageOutcome, PageRequest, PageText, TextSource};
use super::parts::{List, list_page, section, time, truncation_notice};

pub const PAGE: PageText = PageText {
    path: "/releases",
    source: TextSource::Document {
        id: "x-page:releases",
        text: include_str!("releases.graphql"),
        has_period: false,
        cursors: &[AFTER],
        has_all_rows: false,
        variables: |_| json!({ "first": 200 }),
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

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
        (truncation_notice(&data.releases, AFTER, page))
        (section("Verify a copy", true, html! {
            p.prose {
                "This command compares the files of a copy with their checksums, and the change log of the copy with the Merkle root: "
                code { "clausewatch release --verify FOLDER" }
            }
        }))
    };
    let description =
        "The releases of the data: named positions of the change log, which never change.";
    list_page(page, "releases", "Releases", description, body)
}
