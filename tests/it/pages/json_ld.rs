//! JSON-LD in every page of the app.

use serde_json::{Value, json};

use super::{Page, paths_of_records};
use crate::support::on_both_databases;
use crate::support::world::World;

on_both_databases! {
    fn every_kind_of_page_describes_itself_with_schema_org(app: SharedSample) {
        let [event, source] = paths_of_records(&app);
        for (path, kind) in [
            ("/", "Dataset"), ("/agreements", "Dataset"), ("/agreements/minsk-2", "Legislation"),
            ("/agreements/minsk-2/clauses/9", "Legislation"), ("/agreements/minsk-2/sequence", "WebPage"),
            ("/agreements/minsk-2/views", "WebPage"), ("/agreements/minsk-2/coding", "WebPage"), ("/proposals", "Dataset"),
            ("/proposals/russia-us-draft-treaty", "CreativeWork"), ("/timeline", "Dataset"), (&event, "Event"), ("/sources", "Dataset"),
            (&source, "CreativeWork"), ("/parties", "Dataset"), ("/parties/russia", "Country"), ("/changes", "Dataset"),
            ("/compare", "Dataset"), ("/search", "WebPage"), ("/views", "WebPage"), ("/review", "WebPage"), ("/my-work", "WebPage"),
            ("/new/agreement/guided", "WebPage"), ("/new/clause", "WebPage"), ("/edit/clause/x", "WebPage"), ("/record-sheet", "WebPage"),
            ("/sign-in", "WebPage"), ("/tokens", "WebPage"),
        ] {
            let page = Page::get(&app, path);
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.html.matches("application/ld+json").count(), 1, "{path}");
            let thing = page.json_ld_object(kind);
            assert_eq!(thing["url"], format!("{}{path}", app.url), "{path}");
            let (name, description) = (thing["name"].as_str().unwrap(), thing["description"].as_str());
            assert!(!name.is_empty(), "{path}: {thing}");
            // Parties and sources have no description in the JSON-LD.
            assert!(description.is_some_and(|text| !text.is_empty()) || [source.as_str(), "/parties/russia"].contains(&path), "{path}: {thing}");
        }
        // Error pages describe no record.
        assert!(!Page::get(&app, "/agreements/none").html.contains("ld+json"));
    }

    fn data_sets_name_files_that_exist(app: SharedSample) {
        for path in ["/agreements", "/changes", "/parties", "/proposals", "/sources"] {
            let list = Page::get(&app, path).json_ld_object("Dataset");
            let files = list["distribution"].as_array().unwrap();
            assert_eq!(files.len(), 2, "{path}");
            for file in files {
                let response = app.client().get(file["contentUrl"].as_str().unwrap()).send().unwrap();
                assert_eq!(response.status(), 200, "{file}");
                let media_type = response.headers()["content-type"].to_str().unwrap();
                assert!(media_type.starts_with(file["encodingFormat"].as_str().unwrap()), "{file}: {media_type}");
            }
        }
        assert_eq!(Page::get(&app, "/timeline").json_ld_object("Dataset")["distribution"], Value::Null);
    }

    fn addresses_cannot_end_the_data_block(app: Empty) {
        let w = World::new(&app);
        let nasty = "</script><script>alert(1)</script>";
        w.change("update", "north", &json!({ "name": nasty, "shortName": nasty, "aliases": [nasty] }));
        let address = "/edit/clause/%3C%2Fscript%3E%3Cscript%3E";
        for (path, kind) in [(address, "WebPage"), ("/parties/north", "Country")] {
            let page = Page::get(&app, path);
            assert!(!page.html.contains("</script><script>"), "{path}: {}", page.html);
            let thing = page.json_ld_objects().remove(0);
            assert!(thing["url"].as_str().unwrap().ends_with(path), "{path}: {thing}");
            if kind == "Country" {
                assert_eq!(thing["name"], nasty);
            }
        }
    }

    fn agreement_page_links_to_legal_xml(app: SharedSample) {
        let page = Page::get(&app, "/agreements/minsk-2?asOf=2016-01-01&heldBy=ukraine");
        let link = page.between("<link rel=\"alternate\" type=\"application/akn+xml\" href=\"", "\"").replace("&amp;", "&");
        assert_eq!(link, format!("{}/export/agreements/minsk-2.akn?asOf=2016-01-01&heldBy=ukraine", app.url));
        let response = app.client().get(&link).send().unwrap();
        assert_eq!((response.status().as_u16(), response.headers()["content-type"].to_str().unwrap()), (200, "application/akn+xml"));
        assert!(page.text().contains("/export/agreements/minsk-2.akn?asOf=2016-01-01&amp;heldBy=ukraine"), "{}", page.text());
    }
}
