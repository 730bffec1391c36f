//! JSON-LD: the record of a page in the vocabulary of schema.org.

use serde_json::{Value as Json, json};
use url::Url;

use super::content::Content;
use super::site::Site;

/// The paths of the lists that the server exports as files of the same name.
const EXPORTED: [&str; 5] = ["agreements", "changes", "parties", "proposals", "sources"];

/// Describes the page of a list as a data set. `path` is the only segment of its address.
pub fn list(path: &str, address: &Url, name: &str, description: &str, site: &Site) -> Json {
    let formats = [("csv", "text/csv"), ("json", "application/json")];
    let files: Vec<Json> = formats
        .iter()
        .filter(|_| EXPORTED.contains(&path))
        .map(|(extension, media_type)| {
            json!({
                "@type": "DataDownload",
                "encodingFormat": media_type,
                "contentUrl": site.page(&["export", &format!("{path}.{extension}")]),
            })
        })
        .collect();
    let mut list = json!({
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": format!("Clausewatch: {name}"),
        "description": description,
        "isAccessibleForFree": true,
        "isPartOf": { "@type": "Dataset", "@id": site.base(), "url": site.base(), "name": "Clausewatch" },
    });
    if let (Json::Object(fields), false) = (&mut list, files.is_empty()) {
        fields.insert("distribution".to_owned(), files.into());
    }
    list
}

/// Describes a page without a record.
pub fn page(address: &Url, name: &str, description: &str, site: &Site) -> Json {
    let page = json!({
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": name,
        "description": description,
        "isPartOf": { "@type": "WebSite", "@id": site.base(), "url": site.base(), "name": "Clausewatch" },
    });
    json!({ "@context": "https://schema.org", "@graph": [page] })
}

/// The JSON-LD of a page: its record and its breadcrumb list.
pub fn graph(content: &Content, site: &Site) -> Json {
    let mut things = vec![content.thing.clone()];
    if content.address != *site.base() {
        let overview = ("Clausewatch".to_owned(), site.base().clone());
        let page = (content.title.clone(), content.address.clone());
        let crumbs = std::iter::once(&overview).chain(&content.trail).chain(std::iter::once(&page));
        let items: Vec<Json> = (1..)
            .zip(crumbs)
            .map(|(position, (name, url))| {
                json!({ "@type": "ListItem", "position": position, "name": name, "item": url })
            })
            .collect();
        things.push(json!({ "@type": "BreadcrumbList", "itemListElement": items }));
    }
    json!({ "@context": "https://schema.org", "@graph": things })
}

/// JSON as the text of a script element. `<` is escaped, because `</script>` in a record would end the element.
pub fn script_text(json: &Json) -> String {
    json.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_record_can_end_the_script_element() {
        let json = json!({ "name": "</script><!-- & \"\u{2028}" });
        let text = script_text(&json);
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), json);
    }
}
