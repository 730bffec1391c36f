//! Writes JSON directly, without types that implement `Serialize`.

/// Writes a string.
pub fn text(out: &mut Vec<u8>, text: &str) {
    // Writing to memory does not fail, and every string can be written as JSON.
    let _ = serde_json::to_writer(&mut *out, text);
}

/// Writes a string, or null.
pub fn text_or_null(out: &mut Vec<u8>, value: Option<&str>) {
    match value {
        Some(value) => text(out, value),
        None => out.extend_from_slice(b"null"),
    }
}

/// Writes the API name of an enum value, which the database stores in lower case.
pub fn name(out: &mut Vec<u8>, stored: &str) {
    out.push(b'"');
    out.extend(stored.bytes().map(|byte| byte.to_ascii_uppercase()));
    out.push(b'"');
}

/// Writes a number.
pub fn number(out: &mut Vec<u8>, number: i64) {
    let _ = serde_json::to_writer(&mut *out, &number);
}

/// Writes text without quotes or escapes, such as a field name and the punctuation before it.
pub fn raw(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// Ends a list. Replaces the comma after the last item with a bracket.
pub fn end_list(out: &mut Vec<u8>) {
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.push(b']');
}

/// The statuses of clauses, in the order of the scale.
const SCALE: [&str; 11] = [
    "unassessed",
    "not_applicable",
    "not_started",
    "minimal",
    "partial",
    "complete",
    "breached",
    "suspended",
    "void",
    "overtaken",
    "lapsed",
];
/// Statuses that are not counted in a score.
const NOT_COUNTED: [&str; 5] = ["unassessed", "not_applicable", "void", "overtaken", "lapsed"];

/// Writes the number of clauses with each status.
pub fn breakdown(out: &mut Vec<u8>, counts: &[(String, i64)]) {
    let count_of = |status: &str| {
        counts.iter().find(|(counted, _)| counted == status).map_or(0, |(_, count)| *count)
    };
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    let not_counted: i64 = NOT_COUNTED.iter().map(|status| count_of(status)).sum();
    raw(out, r#"{"total":"#);
    number(out, total);
    raw(out, r#","assessed":"#);
    number(out, total - not_counted);
    raw(out, r#","breakdown":["#);
    for status in SCALE {
        raw(out, r#"{"status":"#);
        name(out, status);
        raw(out, r#","count":"#);
        number(out, count_of(status));
        raw(out, "},");
    }
    end_list(out);
    out.push(b'}');
}
