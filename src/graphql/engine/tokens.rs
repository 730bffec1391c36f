//! The tokens of a document's text, read before it is parsed.

use std::borrow::Cow;

/// The tokens of a text. A string is one token. A sequence of letters, digits and underscores is one token. All other tokens
/// are single bytes, so `1.5` has three tokens.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Tokens<'a> {
    /// The position of a token, in bytes, and its text.
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<(usize, &'a str)> {
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
                return Some((start, self.text.get(start..self.at).unwrap_or_default()));
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// The length of the comment at the start of `rest`.
fn line(rest: &[u8]) -> usize {
    rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
}

/// The length of the string at the start of `rest`. An unclosed string ends at the end of its line, and an unclosed block
/// string at the end of the text. The parser rejects both.
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

/// Replaces each comma that apollo-parser does not ignore. The replacement is a space, so errors keep their positions. The
/// specification ignores commas everywhere (September 2025, section 2.1.5, “Insignificant Commas”). apollo-parser does not
/// ignore them where it looks ahead: before a colon, after a spread, and after the description of an operation or a
/// fragment.
pub(super) fn without_misread_commas(text: &str) -> Cow<'_, str> {
    let mut replaced = Cow::Borrowed(text);
    let (mut end, mut before, mut depth) = (0, "", 0_usize);
    for (start, token) in Tokens::new(text) {
        let between = text.get(end..start).unwrap_or_default();
        let is_after_description = depth == 0 && before.starts_with('"');
        if (token == ":" || before == "." || is_after_description) && between.contains(',') {
            replaced.to_mut().replace_range(end..start, &between.replace(',', " "));
        }
        match token {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        (end, before) = (start + token.len(), token);
    }
    replaced
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_misread_commas_are_replaced() {
        let text = "{ a , ,:b(x,: [1, 2], y: \"\"\", :\"\"\") ... ,on T { c, d } #, :\n...,F }";
        let expected = "{ a    :b(x : [1, 2], y: \"\"\", :\"\"\") ...  on T { c, d } #, :\n... F }";
        assert_eq!(without_misread_commas(text), expected);
        assert_eq!(
            without_misread_commas("\"doc\",query{a(x:\"b\",y:1)}"),
            "\"doc\" query{a(x:\"b\",y:1)}"
        );
        assert!(matches!(without_misread_commas("{ a(x: 1, y: 2), b }"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[ -~\n\u{e4}]{0,80}") {
            prop_assert!(Tokens::new(&text).all(|(_, token)| !token.is_empty()));
            let replaced = without_misread_commas(&text);
            prop_assert_eq!(replaced.len(), text.len());
            let tokens = |text| Tokens::new(text).map(|(_, token)| token.to_owned()).collect::<Vec<_>>();
            prop_assert_eq!(tokens(&replaced), tokens(&text));
        }
    }
}
