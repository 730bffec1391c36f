//! JSON-LD: the record of a page in the vocabulary of schema.org.

use serde_json::{Value as Json, json};

use super::content::Content;
use super::site::Site;

/// The record of the page, and its breadcrumb list.
pub fn graph(content: &Content, site: &Site) -> Json {
    let mut things: Vec<Json> = content.thing.clone().into_iter().collect();
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
