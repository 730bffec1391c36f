//! How large a document may be.
//!
//! The library's parser and its checks go down as deep as a document nests, and follow a fragment each time it is spread.
//! So some kilobytes would overflow the stack, which ends the whole server, or keep a thread busy for ever. What is
//! refused here never gets there.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use crate::limits::{DEEPEST, Limits};

/// How deep brackets may be nested, whatever they hold.
const DEEPEST_TEXT: usize = 128;
/// How deep lists may be nested in introspection: types that have fields of types that have fields again make very much
/// of few words. The reference implementation draws the same line.
const DEEPEST_INTROSPECTION: usize = 3;

/// A limit that a request goes over.
#[derive(Debug)]
pub(super) struct Exceeded {
    /// The limit, by the name of its flag; empty for what cannot be configured.
    pub(super) limit: &'static str,
    /// What was found, and what is allowed.
    pub(super) message: String,
}

impl Exceeded {
    pub(super) fn new(limit: &'static str, message: String) -> Self {
        Self { limit, message }
    }
}

/// Refuses a text that is not fit to be parsed.
pub(super) fn check_text(text: &str, limits: &Limits) -> Result<(), Exceeded> {
    let (mut depth, mut tokens) = (0_usize, 0_usize);
    for token in Tokens::new(text) {
        tokens += 1;
        match token.as_bytes() {
            b"{" | b"[" | b"(" => depth += 1,
            b"}" | b"]" | b")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST_TEXT {
            let message = format!("the document nests deeper than {DEEPEST_TEXT} brackets");
            return Err(Exceeded::new("", message));
        }
    }
    let most = limits.max_tokens;
    if tokens > most {
        let message = format!("the document has {tokens} tokens, and at most {most} are allowed");
        return Err(Exceeded::new("max-tokens", message));
    }
    Ok(())
}

/// Finds what the parser lets pass and forgets: a field that is given twice to an input object. And `()`, which it takes
/// for no variables.
pub(super) fn check_objects(text: &str) -> Result<(), String> {
    // The names given so far in each open bracket that is an object in arguments; none for the other brackets.
    let mut open: Vec<(&str, Option<HashSet<&str>>)> = Vec::new();
    let mut tokens = Tokens::new(text).peekable();
    while let Some(token) = tokens.next() {
        match token {
            "(" if tokens.peek() == Some(&")") => {
                return Err("there is nothing between the brackets ()".to_owned());
            }
            "{" | "[" | "(" => {
                let is_object = token == "{" && open.iter().any(|(bracket, _)| *bracket == "(");
                open.push((token, is_object.then(HashSet::new)));
            }
            "}" | "]" | ")" => drop(open.pop()),
            name if tokens.peek() == Some(&":") => {
                if let Some((_, Some(names))) = open.last_mut()
                    && !names.insert(name)
                {
                    return Err(format!("the field `{name}` is given twice in one object"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The tokens of a text, as far as they matter here: names, numbers and strings are whole, and all else single bytes.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let byte = rest.first()?;
            let length = match byte {
                b'#' => line(rest),
                b'"' => string(rest),
                byte if is_word(*byte) => rest.iter().take_while(|byte| is_word(**byte)).count(),
                _ => 1,
            };
            let start = self.at;
            self.at += length;
            if !(byte.is_ascii_whitespace() || matches!(byte, b',' | b'#')) {
                return Some(self.text.get(start..self.at).unwrap_or_default());
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// How long the comment is that `rest` begins with.
fn line(rest: &[u8]) -> usize {
    rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
}

/// How long the string is that `rest` begins with. One that does not end is taken to end with its line, or, a block,
/// with the text: the parser will refuse it anyway.
fn string(rest: &[u8]) -> usize {
    const BLOCK: &[u8] = b"\"\"\"";
    let is_block = rest.starts_with(BLOCK);
    let mut at = if is_block { 3 } else { 1 };
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        at += match (is_block, tail) {
            (true, tail) if tail.starts_with(b"\\\"\"\"") => 4,
            (true, tail) if tail.starts_with(BLOCK) => return at + 3,
            (false, [b'\\', _, ..]) => 2,
            (false, [b'"', ..]) => return at + 1,
            (false, [b'\n' | b'\r', ..]) => return at,
            _ => 1,
        };
    }
    rest.len()
}

/// Refuses a document whose operations or fragments are too large or too deep once fragments are spread out; so also
/// one whose fragments spread themselves.
pub(super) fn check_document(
    document: &ExecutableDocument,
    limits: &Limits,
) -> Result<(), Exceeded> {
    let mut walk = Walk { document, limits, selections: 0, found: Found::default() };
    for fragment in document.fragments.values() {
        walk.selections(&fragment.node.selection_set.node, Place::default())?;
    }
    for (_, operation) in document.operations.iter() {
        let variables = operation.node.variable_definitions.iter();
        let directives = variables.map(|variable| variable.node.directives.len()).sum::<usize>()
            + operation.node.directives.len();
        walk.found = Found { directives, ..Found::default() };
        walk.selections(&operation.node.selection_set.node, Place::default())?;
        walk.found.check(limits)?;
    }
    Ok(())
}

/// What an operation has of what is limited.
#[derive(Default)]
struct Found {
    depth: usize,
    aliases: usize,
    root_fields: usize,
    directives: usize,
}

impl Found {
    fn check(&self, limits: &Limits) -> Result<(), Exceeded> {
        let bounds = [
            ("max-depth", "levels of fields", self.depth, limits.max_depth),
            ("max-aliases", "aliases", self.aliases, limits.max_aliases),
            ("max-root-fields", "fields at its root", self.root_fields, limits.max_root_fields),
            ("max-directives", "directives", self.directives, limits.max_directives),
        ];
        for (limit, what, found, most) in bounds {
            if found > most {
                let message = format!(
                    "the operation has {found} {what}, with its fragments spread out, and at most {most} are allowed"
                );
                return Err(Exceeded::new(limit, message));
            }
        }
        Ok(())
    }
}

/// How deep a selection is.
#[derive(Clone, Copy, Default)]
struct Place {
    /// In selections, of fields or not.
    nesting: usize,
    /// In fields.
    depth: usize,
    /// In lists of introspection; none where it is not introspection.
    introspection: Option<usize>,
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    /// Of the whole document.
    selections: usize,
    /// Of the operation.
    found: Found,
}

impl Walk<'_> {
    fn selections(&mut self, set: &SelectionSet, place: Place) -> Result<(), Exceeded> {
        if place.nesting > DEEPEST {
            let message = format!(
                "the document nests deeper than {DEEPEST} selections, with its fragments spread out"
            );
            return Err(Exceeded::new("", message));
        }
        for selection in &set.items {
            self.selections += 1;
            let most = self.limits.max_selections;
            if self.selections > most {
                let message = format!(
                    "the document has more than {most} selections, with its fragments spread out"
                );
                return Err(Exceeded::new("max-selections", message));
            }
            self.found.directives += selection.node.directives().len();
            let mut inside = Place { nesting: place.nesting + 1, ..place };
            let inner = match &selection.node {
                Selection::Field(field) => {
                    inside.depth += 1;
                    self.found.depth = self.found.depth.max(inside.depth);
                    self.found.root_fields += usize::from(place.depth == 0);
                    self.found.aliases += usize::from(field.node.alias.is_some());
                    inside.introspection = introspection(place, field.node.name.node.as_str())?;
                    &field.node.selection_set.node
                }
                Selection::InlineFragment(fragment) => &fragment.node.selection_set.node,
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) =
                        self.document.fragments.get(&spread.node.fragment_name.node)
                    else {
                        continue;
                    };
                    self.found.directives += fragment.node.directives.len();
                    &fragment.node.selection_set.node
                }
            };
            if !inner.items.is_empty() {
                self.selections(inner, inside)?;
            }
        }
        Ok(())
    }
}

/// How deep in lists of introspection a field's selections are.
fn introspection(place: Place, field: &str) -> Result<Option<usize>, Exceeded> {
    let lists = match (field, place.introspection) {
        ("__schema" | "__type", _) => return Ok(Some(0)),
        ("fields" | "interfaces" | "possibleTypes" | "inputFields", Some(lists)) => lists + 1,
        (_, lists) => return Ok(lists),
    };
    if lists >= DEEPEST_INTROSPECTION {
        let message = format!(
            "introspection nests `{field}` {lists} lists deep, and less than {DEEPEST_INTROSPECTION} are allowed"
        );
        return Err(Exceeded::new("", message));
    }
    Ok(Some(lists))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> bool {
        check_text(text, &Limits::DEFAULT).is_err()
    }

    #[test]
    fn brackets_are_counted_where_they_are_brackets() {
        let (open, close) = ("{a".repeat(DEEPEST_TEXT), "}".repeat(DEEPEST_TEXT));
        assert!(!refused(&format!("{open}{close}{open}{close}")));
        assert!(refused(&format!("{open}{{")));
        for inside in ["\"{[(\"", "\"\\\"{\"", "\"\"\"\"{\\\"\"\"{\"\"\"", "#{\"\n", "\"\""] {
            assert!(!refused(&format!("{open}{inside}{close}")), "{inside}");
            assert!(refused(&format!("{open}{inside}{{")), "{inside}");
        }
    }

    #[test]
    fn tokens_are_counted() {
        let most = Limits::DEFAULT.max_tokens;
        assert!(!refused(&"ab,".repeat(most)));
        assert!(refused(&"ab,".repeat(most + 1)));
        assert!(!refused(&format!("\"{}\" #{}", "a ".repeat(most), "a ".repeat(most))));
    }

    #[test]
    fn object_with_a_field_twice_is_refused() {
        for text in [
            "{ a(b: {c: 1, c: 2}) }",
            "query($a: A = {b: [{c: 1 c: 2}]}) { a }",
            "{ a(b: {c: {}, d: 1, c: 2}) }",
            "query () { a }",
        ] {
            assert!(check_objects(text).is_err(), "{text}");
        }
        for text in [
            "{ a(b: {c: {c: 1}, d: {c: 2}}) }",
            "{ a(b: [{c: 1}, {c: 2}]) { c: d c: d } }",
            "{ c: d c: d a(b: \"{c: 1, c: 2}\") }",
        ] {
            assert!(check_objects(text).is_ok(), "{text}");
        }
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
            check_document(&parse_query(text).unwrap(), &Limits::DEFAULT)
                .map_err(|exceeded| exceeded.message)
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
            assert!(
                check_document(&parse_query(text).unwrap(), &Limits::DEFAULT).is_err(),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[ -~\n\u{e4}]{0,80}") {
            prop_assert!(check_text(&text, &Limits::DEFAULT).is_ok());
            prop_assert!(Tokens::new(&text).all(|token| !token.is_empty()));
        }
    }
}
