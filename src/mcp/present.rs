//! The data of a response in the form in which tools return it.

use serde_json::{Map, Value as Json};
use url::Url;

use super::node::Node;

use crate::domain::page_address::page_address;

/// The aliases of fields whose type depends on the kind of record. In one document, GraphQL requires such fields to
/// have different names.
const ALIASES: [(&str, &[&str]); 2] = [
    ("status", &["clauseStatus", "caveatStatus", "proposalStatus"]),
    ("assessment", &["clauseAssessment", "caveatAssessment", "proposalAssessment"]),
];

/// Computes the addresses of pages.
pub struct Addresses<'a> {
    /// The public address of the server, with a slash at the end.
    pub base: &'a Url,
    /// The parameters of the view, for the addresses of records with a status.
    pub view: Vec<(&'static str, String)>,
}

impl Addresses<'_> {
    /// Adds the field `address` to every record in the data that has a page, and replaces the aliases.
    pub fn present(&self, data: &mut Json) {
        match data {
            Json::Array(items) => items.iter_mut().for_each(|item| self.present(item)),
            Json::Object(fields) => {
                for (name, aliases) in ALIASES {
                    replace_alias(fields, name, aliases);
                }
                fields.values_mut().for_each(|value| self.present(value));
                if let Some(address) = self.of(fields) {
                    fields.insert("address".to_owned(), address.as_str().into());
                }
            }
            _ => {}
        }
    }

    /// The address of the page of a record. None if the value is not a record, or the record has no page.
    fn of(&self, record: &Map<String, Json>) -> Option<Url> {
        let text = |name: &str| record.get(name).and_then(Json::as_str).unwrap_or_default();
        let slug_of = |name: &str| record.get(name).map_or("", |owner| Node(owner).text("slug"));
        let segments: &[&str] = match text("type") {
            "Agreement" => &["agreements", text("slug")],
            "Clause" => &["agreements", slug_of("agreement"), "clauses", text("number")],
            "Proposal" => &["proposals", text("slug")],
            "Caveat" => &["proposals", slug_of("proposal")],
            "Event" => &["events", text("id")],
            "Party" => &["parties", text("slug")],
            "Source" => &["sources", text("id")],
            _ => return None,
        };
        let mut url = page_address(self.base, segments);
        let has_status = matches!(text("type"), "Agreement" | "Clause" | "Proposal" | "Caveat");
        if has_status && !self.view.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.view);
        }
        if text("type") == "Caveat" {
            url.set_fragment(Some(text("number")));
        }
        Some(url)
    }
}

fn replace_alias(fields: &mut Map<String, Json>, name: &str, aliases: &[&str]) {
    for alias in aliases {
        if let Some(value) = fields.remove(*alias) {
            fields.insert(name.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn presented(view: Vec<(&'static str, String)>, mut data: Json) -> Json {
        let base = Url::parse("https://example.org/track/").unwrap();
        Addresses { base: &base, view }.present(&mut data);
        data
    }

    #[test]
    fn records_at_every_depth_have_addresses() {
        let data = json!({ "nodes": [
            { "type": "Caveat", "number": "UR-4", "proposal": { "slug": "reply" }, "caveatStatus": "OPEN" },
            { "type": "Topic", "id": "t", "source": { "type": "Source", "id": "s" } },
        ] });
        let data = presented(Vec::new(), data);
        let nodes = &data["nodes"];
        assert_eq!(nodes[0]["address"], "https://example.org/track/proposals/reply#UR-4");
        assert_eq!((&nodes[0]["status"], nodes[0].get("caveatStatus")), (&json!("OPEN"), None));
        assert_eq!(nodes[1].get("address"), None);
        assert_eq!(nodes[1]["source"]["address"], "https://example.org/track/sources/s");
    }

    #[test]
    fn addresses_of_records_with_a_status_contain_the_view() {
        let view = vec![("asOf", "2021-12-02".to_owned()), ("heldBy", "a&b".to_owned())];
        let clause =
            json!({ "type": "Clause", "number": "4/a", "agreement": { "slug": "minsk-2" } });
        let expected = "https://example.org/track/agreements/minsk-2/clauses/4%2Fa?asOf=2021-12-02&heldBy=a%26b";
        assert_eq!(presented(view.clone(), clause)["address"], expected);
        let party = json!({ "type": "Party", "slug": "ukraine" });
        assert_eq!(presented(view, party)["address"], "https://example.org/track/parties/ukraine");
    }
}
