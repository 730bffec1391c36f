//! Readable snapshots: JSON with one line for each row.

use serde_json::Value;

/// The maximum length of a line before lists and objects are split. A single value is never split.
const WIDTH: usize = 140;

/// Formats a value as an outline. A value that fits on one line is not split. In a split object, the scalar fields
/// share a line. In a split list, the items start with a dash unless all are scalars. Strings are quoted as in JSON.
pub fn outline(value: &Value) -> String {
    lines(value).join("\n")
}

/// Like [`outline`], but replaces the values of these fields by their names, because they differ between runs.
pub fn outline_without(value: &Value, names: &[&str]) -> String {
    let mut value = value.clone();
    hide(&mut value, names);
    outline(&value)
}

fn hide(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if names.contains(&name.as_str()) && field.is_string() {
                    *field = format!("[{name}]").into();
                } else {
                    hide(field, names);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, names)),
        _ => {}
    }
}

fn lines(value: &Value) -> Vec<String> {
    let short = compact(value);
    if short.chars().count() <= WIDTH {
        return vec![short];
    }
    match value {
        Value::Array(items) if items.iter().all(is_plain) => filled(items),
        Value::Array(items) => items.iter().flat_map(|item| indented("- ", lines(item))).collect(),
        Value::Object(fields) => {
            let (plain, nested): (Vec<_>, Vec<_>) =
                fields.iter().partition(|(_, field)| is_plain(field));
            let row = plain.iter().map(|(name, field)| format!("{name}: {field}"));
            let row = row.collect::<Vec<_>>().join(", ");
            let first = (!row.is_empty()).then_some(row);
            first
                .into_iter()
                .chain(nested.into_iter().flat_map(|(name, field)| titled(name, field)))
                .collect()
        }
        _ => vec![short],
    }
}

/// A field with its name, on one line if it fits.
fn titled(name: &str, field: &Value) -> Vec<String> {
    let inner = lines(field);
    match inner.as_slice() {
        [line] => vec![format!("{name}: {line}")],
        _ => std::iter::once(format!("{name}:")).chain(indented("  ", inner)).collect(),
    }
}

/// Prefixes the first line with `mark` and indents the other lines by the same width.
fn indented(mark: &str, lines: Vec<String>) -> Vec<String> {
    let marks = std::iter::once(mark.to_owned()).chain(std::iter::repeat(" ".repeat(mark.len())));
    marks.zip(lines).map(|(mark, line)| mark + &line).collect()
}

/// Scalar items, as many on each line as fit.
fn filled(items: &[Value]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        let item = item.to_string();
        match lines.last_mut() {
            Some(line) if line.chars().count() + item.chars().count() < WIDTH => {
                line.push_str(", ");
                line.push_str(&item);
            }
            _ => lines.push(item),
        }
    }
    lines
}

fn is_plain(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// A value on one line.
fn compact(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(compact).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| format!("{name}: {}", compact(field)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}
