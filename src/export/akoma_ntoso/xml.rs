//! XML text: escaped, and without the characters that XML forbids.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An attribute: its name and value.
pub type Attribute<'a> = (&'a str, &'a str);

/// An XML document that is being written.
pub struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    pub fn new() -> Self {
        let mut xml = Self { writer: Writer::new_with_indent(Vec::new(), b' ', 2) };
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    /// Begins an element. [`Xml::end`] ends it.
    pub fn start(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.write(Event::Start(tag(name, attributes)));
    }

    pub fn end(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element without content.
    pub fn empty(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.write(Event::Empty(tag(name, attributes)));
    }

    /// Writes an element that contains only a text.
    pub fn text(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        self.start(name, attributes);
        self.write(Event::Text(BytesText::new(&allowed(text))));
        self.end(name);
    }

    /// The document, which ends with a line break.
    pub fn finish(self) -> Vec<u8> {
        let mut document = self.writer.into_inner();
        document.push(b'\n');
        document
    }

    fn write(&mut self, event: Event<'_>) {
        // Writing to a vector cannot fail.
        let _ = self.writer.write_event(event);
    }
}

fn tag<'a>(name: &'a str, attributes: &[Attribute<'_>]) -> BytesStart<'a> {
    let mut tag = BytesStart::new(name);
    for (name, value) in attributes {
        tag.push_attribute((*name, allowed(value).as_ref()));
    }
    tag
}

/// The text without the characters that XML 1.0 forbids, even as references: most control characters, U+FFFE and U+FFFF.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_forbidden = |letter: char| {
        let is_control = letter < ' ' && !matches!(letter, '\t' | '\n' | '\r');
        is_control || matches!(letter, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(is_forbidden) { text.replace(is_forbidden, "").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_contain_only_characters_of_xml() {
        let mut xml = Xml::new();
        xml.text("p", &[("title", "\"<&\u{0}")], "a\u{8}]]><b>&\u{ffff}שלום");
        let text = String::from_utf8(xml.finish()).unwrap();
        let (_, element) = text.split_once('\n').unwrap();
        let start = "<p title=\"&quot;&lt;&amp;\">";
        assert_eq!(element, format!("{start}a]]&gt;&lt;b&gt;&amp;שלום</p>\n"));
    }
}
