//! The body of the document: the clauses, each inside the clause that contains it.

use std::collections::{HashMap, HashSet};

use super::names::ClauseIds;
use super::record::{Agreement, Clause};
use super::references::References;
use super::xml::Xml;

/// The maximum depth of nested clauses. Deeper clauses are written beside the clauses that contain them, because many
/// programs limit the depth of XML.
const MAX_DEPTH: usize = 50;

/// A clause at its place in the document.
pub struct PlacedClause<'a> {
    pub clause: &'a Clause,
    /// The id of the element.
    pub id: String,
    /// The number of clauses that contain this one in the document.
    depth: usize,
    has_parts: bool,
}

/// The id and the number of a clause that contains others.
type Container<'a> = (String, &'a str);

/// The clauses in the order of the document: each clause is followed by its parts.
pub fn place(clauses: &[Clause]) -> Vec<PlacedClause<'_>> {
    let numbers: HashSet<&str> = clauses.iter().map(|clause| clause.number.as_str()).collect();
    let mut parts: HashMap<Option<&str>, Vec<&Clause>> = HashMap::new();
    for clause in clauses {
        // A clause whose container is archived is at the top level.
        let parent = clause.parent.as_ref().map(|parent| parent.number.as_str());
        parts.entry(parent.filter(|parent| numbers.contains(parent))).or_default().push(clause);
    }
    let mut ids = ClauseIds::default();
    let mut placed: Vec<PlacedClause<'_>> = Vec::with_capacity(clauses.len());
    // The clauses that have no place yet, in reverse order, each with its depth and its container.
    let mut pending: Vec<(&Clause, usize, Option<Container<'_>>)> = Vec::new();
    let top = parts.remove(&None).unwrap_or_default();
    pending.extend(top.into_iter().rev().map(|clause| (clause, 0, None)));
    while let Some((clause, depth, container)) = pending.pop() {
        let parent = container.as_ref().map(|(id, number)| (id.as_str(), *number));
        let id = ids.assign(&clause.number, parent);
        let inner = parts.remove(&Some(clause.number.as_str())).unwrap_or_default();
        let is_deepest = depth + 1 == MAX_DEPTH;
        let container = if is_deepest { container } else { Some((id.clone(), &*clause.number)) };
        let inner_depth = if is_deepest { depth } else { depth + 1 };
        let has_parts = !inner.is_empty() && !is_deepest;
        pending.extend(inner.into_iter().rev().map(|part| (part, inner_depth, container.clone())));
        placed.push(PlacedClause { clause, id, depth, has_parts });
    }
    placed
}

/// Writes the body.
pub fn write(
    xml: &mut Xml,
    agreement: &Agreement,
    clauses: &[PlacedClause<'_>],
    references: &References,
) {
    xml.start("body", &[]);
    if clauses.is_empty() {
        // A body must contain at least one element.
        let attributes = [("name", "summary"), ("eId", "hcontainer_1"), ("status", "incomplete")];
        xml.start("hcontainer", &attributes);
        xml.start("content", &[("eId", "hcontainer_1__content")]);
        summary(xml, &agreement.summary);
        xml.end("content");
        xml.end("hcontainer");
    }
    let mut open = 0;
    for placed in clauses {
        while open > placed.depth {
            xml.end("clause");
            open -= 1;
        }
        start_clause(xml, placed, references);
        open += 1;
    }
    for _ in 0..open {
        xml.end("clause");
    }
    xml.end("body");
}

/// Begins a clause, and writes its number, heading and text. Its parts follow.
fn start_clause(xml: &mut Xml, placed: &PlacedClause<'_>, references: &References) {
    let PlacedClause { clause, id, has_parts, .. } = placed;
    let source = clause.source.as_ref().and_then(|source| references.source(&source.id));
    let mut attributes = vec![("eId", id.as_str())];
    if clause.text.is_none() {
        attributes.push(("status", "incomplete"));
    }
    attributes.extend(source.map(|source| ("refersTo", source)));
    xml.start("clause", &attributes);
    xml.text("num", &[], &clause.number);
    xml.text("heading", &[], &clause.heading);
    let element = if *has_parts { "intro" } else { "content" };
    xml.start(element, &[("eId", &format!("{id}__{element}"))]);
    for line in lines(clause.text.as_deref().unwrap_or_default()) {
        xml.text("p", &[("status", "verbatim")], line);
    }
    summary(xml, &clause.summary);
    xml.end(element);
}

/// Writes a text of the record that is not part of the agreement. Each line becomes a paragraph with an editorial
/// remark.
pub fn summary(xml: &mut Xml, text: &str) {
    for line in lines(text) {
        xml.start("p", &[("status", "editorial"), ("class", "summary")]);
        xml.text("remark", &[("status", "editorial")], line);
        xml.end("p");
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clause(number: &str, parent: Option<&str>) -> Clause {
        serde_json::from_value(json!({
            "number": number,
            "parent": parent.map(|number| json!({ "number": number })),
            "heading": "Heading",
            "summary": "Summary.",
            "status": "UNASSESSED",
        }))
        .unwrap()
    }

    #[test]
    fn parts_follow_their_clause_even_if_they_are_listed_before_it() {
        let clauses = [
            clause("1.b", Some("1")),
            clause("1", None),
            clause("2", Some("archived")),
            clause("1.a", Some("1")),
        ];
        let placed = place(&clauses);
        let ids: Vec<(&str, usize)> =
            placed.iter().map(|placed| (placed.id.as_str(), placed.depth)).collect();
        assert_eq!(ids, [("cl_1", 0), ("cl_1__cl_b", 1), ("cl_1__cl_a", 1), ("cl_2", 0)]);
    }

    #[test]
    fn depth_is_limited() {
        let numbers: Vec<String> = (0..3_000).map(|number| number.to_string()).collect();
        let containers =
            std::iter::once(None).chain(numbers.iter().map(|number| Some(number.as_str())));
        let clauses: Vec<Clause> =
            numbers.iter().zip(containers).map(|(number, parent)| clause(number, parent)).collect();
        let placed = place(&clauses);
        assert_eq!(placed.len(), clauses.len());
        assert_eq!(placed.iter().map(|placed| placed.depth).max(), Some(MAX_DEPTH - 1));
        assert!(placed.iter().all(|placed| placed.id.len() < 1_000));
    }
}
