//! `topics.jsonld`: the topics as a concept scheme of SKOS.

use serde_json::{Value as Json, json};

use super::Facts;
use crate::db::topic::Topic;
use crate::domain::id::TopicId;
use crate::domain::page_address::page_address;
use crate::domain::{GlobalId, Kind};

/// The document. Topics without a broader topic are the top of the scheme.
pub(super) fn document(facts: &Facts<'_>) -> Json {
    let scheme =
        page_address(&facts.request.base, ["releases", facts.name(), "topics"]).to_string();
    let address = |id: TopicId| format!("{scheme}#{}", GlobalId::new(Kind::Topic, id).encode());
    // An archived topic is not in the scheme.
    let broader = |topic: &Topic| {
        topic.parent_id.filter(|parent| facts.topics.iter().any(|other| other.id == *parent))
    };
    let tops = facts.topics.iter().filter(|topic| broader(topic).is_none());
    let tops: Vec<String> = tops.map(|topic| address(topic.id)).collect();
    let concepts = facts.topics.iter().map(|topic| {
        let parent = broader(topic);
        let mut concept = json!({
            "@id": address(topic.id),
            "@type": "skos:Concept",
            "inScheme": scheme,
            "notation": topic.slug,
            "prefLabel": topic.name,
        });
        if let Some(object) = concept.as_object_mut() {
            if let Some(description) = &topic.description {
                object.insert("definition".to_owned(), description.as_str().into());
            }
            match parent {
                Some(parent) => object.insert("broader".to_owned(), address(parent).into()),
                None => object.insert("topConceptOf".to_owned(), scheme.as_str().into()),
            };
        }
        concept
    });
    let own = json!({
        "@id": scheme,
        "@type": "skos:ConceptScheme",
        "title": format!("Topics of {}", facts.title()),
        "hasTopConcept": tops,
    });
    let graph: Vec<Json> = std::iter::once(own).chain(concepts).collect();
    let reference = |name: &str| json!({ "@id": format!("skos:{name}"), "@type": "@id" });
    json!({
        "@context": {
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "dcterms": "http://purl.org/dc/terms/",
            "title": "dcterms:title",
            "prefLabel": "skos:prefLabel",
            "definition": "skos:definition",
            "notation": "skos:notation",
            "inScheme": reference("inScheme"),
            "broader": reference("broader"),
            "topConceptOf": reference("topConceptOf"),
            "hasTopConcept": reference("hasTopConcept"),
        },
        "@graph": graph,
    })
}
