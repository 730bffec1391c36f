//! The document around the text of a page: the head for search engines and previews, the header, and the breadcrumbs.
//! The web app replaces the header, the breadcrumbs and the text when it starts.

use maud::{Markup, PreEscaped, html};
use serde_json::Value as Json;
use url::Url;

use super::content::Content;
use super::json_ld;
use super::site::{Site, href};

/// The name of the product, at the end of every title.
pub const PRODUCT: &str = "Clausewatch";
/// The maximum length of a description in characters. Search engines show about 160.
const MAX_DESCRIPTION: usize = 200;

/// The sections of `index.html` that each page fills in. Two comments delimit each section.
const HEAD: [&str; 2] = ["<!--page-head-->", "<!--/page-head-->"];
const BODY: [&str; 2] = ["<!--page-body-->", "<!--/page-body-->"];

/// A link of the main navigation.
pub struct NavigationLink<'a> {
    pub path: &'a str,
    pub label: &'a str,
}

/// The whole document: `index.html` with the head and the text of a page.
pub fn document(index: &str, head: &Markup, body: &Markup) -> String {
    fill(&fill(index, HEAD, &head.0), BODY, &body.0)
}

/// Replaces the text between two markers.
fn fill(text: &str, [start, end]: [&str; 2], replacement: &str) -> String {
    let parts =
        text.split_once(start).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    match parts {
        Some((before, after)) => [before, replacement, after].concat(),
        None => text.to_owned(),
    }
}

/// The head of a page that shows a record. `canonical` is the address of the page for search engines.
pub fn head(content: &Content, canonical: Option<&Url>, site: &Site, is_indexed: bool) -> Markup {
    let Content { title, address, .. } = content;
    let description = shorten(&content.description);
    let data = json_ld::graph(content, site);
    html! {
        (title_and_description(title, &description, is_indexed))
        @if let Some(canonical) = canonical { link rel="canonical" href=(canonical); }
        meta property="og:site_name" content=(PRODUCT);
        meta property="og:type" content=(if address == site.base() { "website" } else { "article" });
        meta property="og:title" content=(title);
        meta property="og:description" content=(description);
        meta property="og:url" content=(address);
        meta name="twitter:card" content=(if content.image.is_some() { "summary_large_image" } else { "summary" });
        meta name="twitter:title" content=(title);
        meta name="twitter:description" content=(description);
        @if let Some(image) = &content.image {
            meta property="og:image" content=(image.address);
            meta property="og:image:type" content="image/png";
            meta property="og:image:width" content=(image.size.0);
            meta property="og:image:height" content=(image.size.1);
            meta property="og:image:alt" content=(image.description);
            meta name="twitter:image" content=(image.address);
            meta name="twitter:image:alt" content=(image.description);
        }
        @if let Some(alternate) = &content.alternate {
            link rel="alternate" type=(alternate.media_type) href=(alternate.address);
        }
        (data_block(&data))
    }
}

/// JSON-LD in a data block. Browsers do not execute it, so the content security policy does not apply to it.
pub fn data_block(data: &Json) -> Markup {
    html! { script type="application/ld+json" { (PreEscaped(json_ld::script_text(data))) } }
}

/// The head of a page without a record.
pub fn title_and_description(title: &str, description: &str, is_indexed: bool) -> Markup {
    html! {
        title { (title) @if title != PRODUCT { " · " (PRODUCT) } }
        meta name="description" content=(description);
        @if !is_indexed { meta name="robots" content="noindex"; }
    }
}

/// The body of a page: header, navigation, breadcrumbs (`trail`), heading and text. `current` is the path of the page.
pub fn body(
    title: &str,
    trail: &[(String, Url)],
    text: &Markup,
    site: &Site,
    navigation: &[NavigationLink<'_>],
    current: &str,
) -> Markup {
    html! {
        header.served-header {
            a.served-brand href=(href(site.base())) { (PRODUCT) }
            nav aria-label="Main" {
                ul {
                    @for entry in navigation {
                        li {
                            a href=(href(&site.path(entry.path))) aria-current=[(entry.path == current).then_some("page")] { (entry.label) }
                        }
                    }
                }
            }
        }
        main.served-main id="content" {
            div.served {
                @if !trail.is_empty() {
                    nav.lead aria-label="Breadcrumb" {
                        @for (index, (name, url)) in trail.iter().enumerate() {
                            @if index > 0 { " › " }
                            a href=(href(url)) dir="auto" { (name) }
                        }
                    }
                }
                h1 dir="auto" { (title) }
                (text)
                noscript { p.muted { "This is the text of the page. Its charts, filters and forms need JavaScript." } }
            }
        }
    }
}

/// One line of at most `MAX_DESCRIPTION` characters, cut after a word.
fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(MAX_DESCRIPTION) else { return line };
    let start = line.get(..end).unwrap_or_default();
    let cut = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_one_short_line() {
        assert_eq!(shorten(" a\n\n b "), "a b");
        let long = shorten(&"слово ".repeat(100));
        assert!(long.ends_with("слово…") && long.chars().count() <= MAX_DESCRIPTION + 1, "{long}");
        let word = shorten(&"x".repeat(500));
        assert_eq!(word.chars().count(), MAX_DESCRIPTION + 1);
    }

    #[test]
    fn marks_are_replaced_with_their_content() {
        let index = "a<!--page-head-->b<!--/page-head-->c<!--page-body-->d<!--/page-body-->e";
        assert_eq!(document(index, &html! { "1<" }, &html! { "2" }), "a1&lt;c2e");
        assert_eq!(document("plain", &html! {}, &html! {}), "plain");
    }
}
