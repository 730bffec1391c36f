//! How large a document may be.
//!
//! The library's parser and its checks go down as deep as a document nests, and follow a fragment each time it is spread.
//! So some kilobytes would overflow the stack, which ends the whole server, or keep a thread busy for ever. What is
//! refused here never gets there.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// How deep brackets may be nested, whatever they hold.
const DEEPEST_TEXT: usize = 128;
/// How many tokens there may be.
const MOST_TOKENS: usize = 20_000;
/// How deep selections may be nested, fragments spread out.
pub(super) const DEEPEST: usize = 64;
/// How many selections there may be, fragments spread out. Doubling fragments make many of a short document.
const MOST_SELECTIONS: usize = 10_000;

/// Refuses a text that is not fit to be parsed.
pub(super) fn check_text(text: &str) -> Result<(), String> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut tokens) = (0, 0_usize, 0_usize);
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = match byte {
            b'#' => line(rest),
            b'"' => string(rest),
            byte if is_word(*byte) => rest.iter().take_while(|byte| is_word(**byte)).count(),
            _ => 1,
        };
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !(byte.is_ascii_whitespace() || matches!(byte, b',' | b'#')) {
            tokens += 1;
        }
        if depth > DEEPEST_TEXT {
            return Err(format!("the document nests deeper than {DEEPEST_TEXT} brackets"));
        }
        if tokens > MOST_TOKENS {
            return Err(format!("the document has more than {MOST_TOKENS} tokens"));
        }
        at += length;
    }
    Ok(())
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
pub(super) fn check_document(document: &ExecutableDocument) -> Result<(), String> {
    let mut left = MOST_SELECTIONS;
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set);
    for set in operations.chain(fragments) {
        check_selections(document, &set.node, 0, &mut left)?;
    }
    Ok(())
}

fn check_selections(
    document: &ExecutableDocument,
    set: &SelectionSet,
    depth: usize,
    left: &mut usize,
) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!(
            "the document nests deeper than {DEEPEST} selections, with its fragments spread out"
        ));
    }
    for selection in &set.items {
        *left = left.checked_sub(1).ok_or_else(|| {
            format!(
                "the document has more than {MOST_SELECTIONS} selections, with its fragments spread out"
            )
        })?;
        let inner = match &selection.node {
            Selection::Field(field) => Some(&field.node.selection_set.node),
            Selection::InlineFragment(fragment) => Some(&fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => document
                .fragments
                .get(&spread.node.fragment_name.node)
                .map(|fragment| &fragment.node.selection_set.node),
        };
        if let Some(inner) = inner.filter(|inner| !inner.items.is_empty()) {
            check_selections(document, inner, depth + 1, left)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> bool {
        check_text(text).is_err()
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
        assert!(!refused(&"ab,".repeat(MOST_TOKENS)));
        assert!(refused(&"ab,".repeat(MOST_TOKENS + 1)));
        assert!(!refused(&format!(
            "\"{}\" #{}",
            "a ".repeat(MOST_TOKENS),
            "a ".repeat(MOST_TOKENS)
        )));
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
            check_document(&parse_query(text).unwrap())
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
            assert!(check_document(&parse_query(text).unwrap()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[ -~\n\u{e4}]{0,80}") {
            prop_assert!(check_text(&text).is_ok());
        }
    }
}
