//! Limits of a document. They are checked before validation and planning, whose recursion is as deep as the nesting of the
//! document.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};

use super::tokens::Tokens;
use crate::graphql::error::Error;
use crate::limits::{Limits, MAX_DEPTH};

/// The maximum depth of nested brackets of any kind.
const MAX_TEXT_DEPTH: usize = 128;
/// The maximum depth of nested lists in introspection. The limit is low, because each nested list multiplies the size of
/// the response. graphql-js has the same limit.
const MAX_INTROSPECTION_DEPTH: usize = 2;

/// Rejects a text with too many tokens, or with too deeply nested brackets.
pub(super) fn check_text(text: &str, limits: &Limits) -> Result<(), Error> {
    let (mut depth, mut tokens) = (0_usize, 0_usize);
    for (_, token) in Tokens::new(text) {
        tokens += 1;
        match token.as_bytes() {
            b"{" | b"[" | b"(" => depth += 1,
            b"}" | b"]" | b")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_TEXT_DEPTH {
            let message =
                format!("brackets in the document are nested deeper than {MAX_TEXT_DEPTH} levels");
            return Err(Error::fixed_limit(message));
        }
    }
    let maximum = limits.max_tokens;
    if tokens > maximum {
        let message =
            format!("the document has {tokens} tokens, and at most {maximum} are allowed");
        return Err(Error::limit("max-tokens", message));
    }
    Ok(())
}

/// Rejects a document if one of its operations or fragments, with all fragments expanded, exceeds a limit. Rejects fragments
/// that spread themselves, because they are infinitely deep.
///
/// # Errors
/// Fails if the document exceeds a limit.
pub fn check_document(document: &Document, limits: &Limits) -> Result<(), Error> {
    let fragments = document.definitions.iter().filter_map(|definition| match definition {
        Definition::FragmentDefinition(fragment) => Some((fragment.name.as_str(), &**fragment)),
        _ => None,
    });
    let fragments: HashMap<&str, &FragmentDefinition> = fragments.collect();
    let mut walker =
        Walker { fragments: &fragments, limits, selections: 0, counts: Counts::default() };
    for definition in &document.definitions {
        // Fragments that no operation spreads are limited, too.
        if let Definition::FragmentDefinition(fragment) = definition {
            walker.walk(&fragment.selection_set, Depth::default())?;
        }
        let Definition::OperationDefinition(operation) = definition else { continue };
        let variables = operation.variables.iter();
        let directives = variables.map(|variable| variable.directives.len()).sum::<usize>()
            + operation.directives.len();
        walker.counts = Counts { directives, ..Counts::default() };
        walker.walk(&operation.selection_set, Depth::default())?;
        walker.counts.check(limits)?;
    }
    Ok(())
}

/// The depth and the counts of an operation. Each has a limit.
#[derive(Default)]
struct Counts {
    depth: usize,
    aliases: usize,
    root_fields: usize,
    directives: usize,
}

impl Counts {
    fn check(&self, limits: &Limits) -> Result<(), Error> {
        let bounds = [
            ("max-depth", "levels of fields", self.depth, limits.max_depth),
            ("max-aliases", "aliases", self.aliases, limits.max_aliases),
            ("max-root-fields", "fields at its root", self.root_fields, limits.max_root_fields),
            ("max-directives", "directives", self.directives, limits.max_directives),
        ];
        for (setting, noun, count, maximum) in bounds {
            if count > maximum {
                let message = format!(
                    "the operation has {count} {noun}, with its fragments expanded; at most {maximum} are allowed"
                );
                return Err(Error::limit(setting, message));
            }
        }
        Ok(())
    }
}

/// The depth of a selection.
#[derive(Clone, Copy, Default)]
struct Depth {
    /// The number of enclosing selections of any kind: fields, inline fragments and spreads.
    nesting: usize,
    /// The number of enclosing fields.
    fields: usize,
    /// The number of enclosing list fields of introspection. None outside introspection.
    introspection: Option<usize>,
}

struct Walker<'a> {
    fragments: &'a HashMap<&'a str, &'a FragmentDefinition>,
    limits: &'a Limits,
    /// The number of selections that were visited. The selections of a fragment count once by themselves, and once for each
    /// spread of the fragment.
    selections: usize,
    counts: Counts,
}

impl Walker<'_> {
    fn walk(&mut self, selections: &[Selection], depth: Depth) -> Result<(), Error> {
        if depth.nesting > MAX_DEPTH {
            let message = format!(
                "selections are nested deeper than {MAX_DEPTH} levels, with fragments expanded"
            );
            return Err(Error::fixed_limit(message));
        }
        for selection in selections {
            self.selections += 1;
            let maximum = self.limits.max_selections;
            if self.selections > maximum {
                let message = format!(
                    "the document has more than {maximum} selections, with its fragments expanded"
                );
                return Err(Error::limit("max-selections", message));
            }
            self.counts.directives += directive_count(selection);
            let mut inside = Depth { nesting: depth.nesting + 1, ..depth };
            let inner = match selection {
                Selection::Field(field) => {
                    inside.fields += 1;
                    self.counts.depth = self.counts.depth.max(inside.fields);
                    self.counts.root_fields += usize::from(depth.fields == 0);
                    self.counts.aliases += usize::from(field.alias.is_some());
                    inside.introspection = introspection_depth(depth, field.name.as_str())?;
                    field.selection_set.as_deref().unwrap_or_default()
                }
                Selection::InlineFragment(fragment) => fragment.selection_set.as_slice(),
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.fragments.get(spread.fragment_name.as_str()) else {
                        continue;
                    };
                    self.counts.directives += fragment.directives.len();
                    fragment.selection_set.as_slice()
                }
            };
            if !inner.is_empty() {
                self.walk(inner, inside)?;
            }
        }
        Ok(())
    }
}

/// The number of directives of a selection. Excludes the directives of the selections below it.
fn directive_count(selection: &Selection) -> usize {
    match selection {
        Selection::Field(field) => field.directives.len(),
        Selection::FragmentSpread(spread) => spread.directives.len(),
        Selection::InlineFragment(fragment) => fragment.directives.len(),
    }
}

/// The number of list fields of introspection around the selections of `field`. `field` itself counts, too. None outside
/// introspection.
///
/// # Errors
/// Fails if the number exceeds its limit.
fn introspection_depth(depth: Depth, field: &str) -> Result<Option<usize>, Error> {
    let lists = match (field, depth.introspection) {
        ("__schema" | "__type", _) => return Ok(Some(0)),
        ("fields" | "interfaces" | "possibleTypes" | "inputFields", Some(lists)) => lists + 1,
        (_, lists) => return Ok(lists),
    };
    if lists > MAX_INTROSPECTION_DEPTH {
        let message = format!(
            "introspection nests `{field}` {lists} lists deep; at most {MAX_INTROSPECTION_DEPTH} nested lists are allowed"
        );
        return Err(Error::fixed_limit(message));
    }
    Ok(Some(lists))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse(text, "document").unwrap()
    }

    fn refused(text: &str) -> bool {
        check_text(text, &Limits::DEFAULT).is_err()
    }

    #[test]
    fn brackets_are_counted_where_they_are_brackets() {
        let (open, close) = ("{a".repeat(MAX_TEXT_DEPTH), "}".repeat(MAX_TEXT_DEPTH));
        assert!(!refused(&format!("{open}{close}{open}{close}")));
        assert!(refused(&format!("{open}{{")));
        for inside in ["\"{[(\"", "\"\\\"{\"", "\"\"\"\"{\\\"\"\"{\"\"\"", "#{\"\n", "\"\""] {
            assert!(!refused(&format!("{open}{inside}{close}")), "{inside}");
            assert!(refused(&format!("{open}{inside}{{")), "{inside}");
        }
    }

    #[test]
    fn tokens_are_counted() {
        let maximum = Limits::DEFAULT.max_tokens;
        assert!(!refused(&"ab,".repeat(maximum)));
        assert!(refused(&"ab,".repeat(maximum + 1)));
        assert!(!refused(&format!("\"{}\" #{}", "a ".repeat(maximum), "a ".repeat(maximum))));
    }

    #[test]
    fn fragments_are_counted_as_often_as_they_are_spread() {
        let chain = |spreads: &str, levels: usize| {
            let mut text = String::from("{ a { ...F0 } } fragment F99 on A { a }");
            for level in 0..levels {
                let next = if level + 1 == levels { 99 } else { level + 1 };
                let spreads = spreads.replace("NEXT", &format!("...F{next}"));
                text = format!("{text} fragment F{level} on A {{ {spreads} }}");
            }
            check_document(&document(&text), &Limits::DEFAULT).map_err(|error| error.message)
        };
        assert!(chain("NEXT NEXT", 5).is_ok());
        for doubling in ["NEXT NEXT", "a { NEXT } a { NEXT }", "a { NEXT } b: a { NEXT }"] {
            assert!(chain(doubling, 30).unwrap_err().contains("more than 10000"), "{doubling}");
        }
        assert!(chain("NEXT", 80).unwrap_err().contains("deeper than 64"));
    }

    #[test]
    fn fragments_that_spread_themselves_are_refused() {
        for text in
            ["{ ...F } fragment F on A { ...F }", "{ a } fragment F on A { b { ...F } c { ...F } }"]
        {
            assert!(check_document(&document(text), &Limits::DEFAULT).is_err(), "{text}");
        }
    }
}
