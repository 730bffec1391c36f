//! Writes the line of text about a change, for chat services and people. Also finds the address of a record's page.

use serde_json::Value as Json;
use url::Url;

use crate::domain::page_address::page_address;

/// The maximum length of the line of text, in characters.
const MAX_TEXT: usize = 1_000;

/// The text at a pointer. Empty if there is none.
pub(super) fn text<'a>(data: &'a Json, pointer: &str) -> &'a str {
    data.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

/// The record that a line of text names. For a precondition, this is its step; for an interpretation, its subject.
pub(super) fn described(subject: &Json) -> &Json {
    subject.get("step").or_else(|| subject.get("about")).unwrap_or(subject)
}

/// The address of the page of a record. None if the record has no page.
pub(super) fn address(base: &Url, record: &Json) -> Option<Url> {
    let slug = text(record, "/slug");
    let segments: &[&str] = match text(record, "/type") {
        "Agreement" => &["agreements", slug],
        "Clause" => {
            &["agreements", text(record, "/agreement/slug"), "clauses", text(record, "/number")]
        }
        "Proposal" => &["proposals", slug],
        "Caveat" => &["proposals", text(record, "/proposal/slug")],
        "Event" => &["events", text(record, "/id")],
        "Party" => &["parties", slug],
        "Source" => &["sources", text(record, "/id")],
        _ => return None,
    };
    let mut url = page_address(base, segments);
    if text(record, "/type") == "Caveat" {
        url.set_fragment(Some(text(record, "/number")));
    }
    Some(url)
}

/// The change in one line, such as `Eve assessed minsk-2/9: Breached since 2022-02-24 (neutral record) https://…`.
pub(super) fn line(change: &Json, address: Option<&Url>) -> String {
    let verb = match text(change, "/action") {
        "RETRACTED" => "retracted an assessment of".to_owned(),
        "CHECK_RETRACTED" => "retracted a check of".to_owned(),
        action => action.to_lowercase(),
    };
    let subject = change.get("subject").unwrap_or(&Json::Null);
    let kind = text(subject, "/type");
    let name = match (kind, text(described(subject), "/name")) {
        (_, "") => kind.to_owned(),
        ("Precondition", name) => format!("a precondition of {name}"),
        ("Interpretation", name) => format!("an interpretation of {name}"),
        (_, name) => name.to_owned(),
    };
    let actor = text(change, "/actor");
    let mut line = format!("{actor} {verb} {name}{}", assessment(change).unwrap_or_default());
    line = chat_text(&line);
    if let Some(address) = address {
        line = format!("{line} {address}");
    }
    line
}

/// The assessment that was recorded or retracted, such as `: Breached since 2022-02-24 (view of Ukraine)`. None if
/// there is none.
fn assessment(change: &Json) -> Option<String> {
    let mut records =
        change.get("after")?.as_array()?.iter().filter_map(|field| field.get("record"));
    let record = records.find(|record| record.get("effectiveDate").is_some())?;
    let status = ["/clauseStatus", "/caveatStatus", "/proposalStatus"]
        .iter()
        .map(|pointer| text(record, pointer))
        .find(|status| !status.is_empty())?;
    let view = match text(record, "/heldBy/name") {
        "" => "neutral record".to_owned(),
        holder => format!("view of {holder}"),
    };
    Some(format!(": {} since {} ({view})", words(status), text(record, "/effectiveDate")))
}

/// Converts a code to words, such as `NOT_STARTED` to “Not started”.
fn words(code: &str) -> String {
    let words = code.replace('_', " ").to_lowercase();
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A text for chat services: one line, shortened. Replaces characters with a special meaning. Slack reads angle
/// brackets as commands, such as `<!channel>`. Mattermost interprets `@channel`, and links such as `[text](address)`.
/// Direction marks and line separators could change how the line looks.
pub(super) fn chat_text(text: &str) -> String {
    let characters = text.chars().map(|character| match character {
        '<' => '‹',
        '>' => '›',
        '@' => '＠',
        '[' => '［',
        ']' => '］',
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        character if character.is_control() => ' ',
        character => character,
    });
    shortened(&characters.collect::<String>(), MAX_TEXT)
}

pub(super) fn shortened(text: &str, length: usize) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(length).collect();
    let ellipsis = characters.next().map(|_| '…');
    start.chars().chain(ellipsis).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn change() -> Json {
        json!({
            "position": 7,
            "recordedAt": "2026-11-30T10:00:00.000000Z",
            "actor": "Eve",
            "action": "ASSESSED",
            "subject": { "type": "Clause", "id": "c", "name": "minsk-2/9", "number": "9", "agreement": { "slug": "minsk-2" } },
            "before": [],
            "after": [
                { "name": "assessment", "value": "a", "record": {
                    "type": "ClauseAssessment", "clauseStatus": "NOT_STARTED", "effectiveDate": "2022-02-24",
                    "heldBy": { "name": "<!channel>" }, "note": "n",
                } },
            ],
        })
    }

    #[test]
    fn line_has_the_change_and_the_address_and_no_commands() {
        let base = Url::parse("https://example.org/track/").unwrap();
        let change = change();
        let address = address(&base, &change["subject"]);
        assert_eq!(
            line(&change, address.as_ref()),
            "Eve assessed minsk-2/9: Not started since 2022-02-24 (view of ‹!channel›) \
             https://example.org/track/agreements/minsk-2/clauses/9"
        );
        assert!(line(&change, None).ends_with("(view of ‹!channel›)"));
    }

    #[test]
    fn line_about_a_precondition_or_interpretation_names_its_record() {
        let base = Url::parse("https://example.org/").unwrap();
        let clause = change()["subject"].clone();
        for (kind, field, expected) in [
            ("Precondition", "step", "Ann created a precondition of minsk-2/9"),
            ("Interpretation", "about", "Ann created an interpretation of minsk-2/9"),
        ] {
            let mut change = json!({ "actor": "Ann", "action": "CREATED", "subject": { "type": kind, "id": "p" } });
            change["subject"][field] = clause.clone();
            assert_eq!(line(&change, None), expected);
            let address = address(&base, described(&change["subject"])).unwrap();
            assert_eq!(address.as_str(), "https://example.org/agreements/minsk-2/clauses/9");
        }
    }

    proptest! {
        #[test]
        fn chat_texts_have_no_commands(text in r"[<>@\[\]\n\u{2026}-\u{2030}\u{2065}-\u{206a}a-z]{0,100}") {
            let text = chat_text(&text);
            prop_assert!(!text.contains(['<', '>', '@', '[', ']', '\n']), "{}", text);
            let is_mark = |character: char| matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!text.contains(is_mark), "{}", text);
        }
    }
}
