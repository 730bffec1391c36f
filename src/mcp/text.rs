//! The texts of answers: plain lines. They name each record with its address, so that readers can cite the record.

use super::node::Node;

/// The characters at which programs break lines.
const LINE_BREAKS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
/// The beginning of a line that continues a value.
const CONTINUATION: &str = "\n    ";

/// The lines of a text. The further lines of a value are indented, because text from a record could otherwise look like
/// a line of the server.
#[derive(Default)]
pub struct Lines(Vec<String>);

impl Lines {
    /// Adds a line.
    pub fn add(&mut self, line: impl Into<String>) {
        let line = line.into().replace("\r\n", "\n");
        self.0.push(line.split(LINE_BREAKS).collect::<Vec<_>>().join(CONTINUATION));
    }

    /// Adds a line with a label, unless the value is empty.
    pub fn labelled(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            self.add(format!("{label}: {value}"));
        }
    }

    /// Adds a heading, followed by a line for each item. Adds nothing if there are no items.
    pub fn listed(&mut self, heading: &str, items: impl IntoIterator<Item = String>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() {
            self.add(format!("{heading}:"));
            items.for_each(|item| self.add(format!("- {item}")));
        }
    }

    /// The whole text.
    pub fn finish(self) -> String {
        self.0.join("\n")
    }
}

/// The name of a record: `Minsk II, 9 (Restoration of control of the border)`.
pub fn name(record: Node<'_>) -> String {
    let text = |path| record.text(path);
    match text("type") {
        "Clause" | "Caveat" => format!("{} ({})", text("reference"), text("heading")),
        "Agreement" if text("title") != text("shortTitle") => {
            format!("{} ({})", text("shortTitle"), text("title"))
        }
        "Event" => format!("{}: {}", text("date"), text("title")),
        "Party" if record.at("name").is_some() => text("name").to_owned(),
        "Party" => text("shortName").to_owned(),
        _ => text("title").to_owned(),
    }
}

/// The name of a record with its address.
pub fn linked_name(record: Node<'_>) -> String {
    with_address(name(record), record)
}

/// A text about a record, with the address of its page.
pub fn with_address(text: String, record: Node<'_>) -> String {
    match record.text("address") {
        "" => text,
        address => format!("{text} <{address}>"),
    }
}

/// The short names of the parties in a list.
pub fn parties<'a>(list: impl Iterator<Item = Node<'a>>) -> String {
    list.map(|party| party.text("shortName")).collect::<Vec<_>>().join(", ")
}

/// The day and the holder of a view: `at the end of 2021-12-02, in the neutral record`.
pub fn view(view: Node<'_>) -> String {
    let day = match (view.text("from"), view.text("to")) {
        ("", _) => format!("at the end of {}", view.text("asOf")),
        (from, to) => format!("between the ends of {from} and {to}"),
    };
    let holder = match view.text("heldBy") {
        "" => "in the neutral record".to_owned(),
        party => format!("in the view of {party}"),
    };
    match view.text("knownAt") {
        "" => format!("{day}, {holder}"),
        time => format!("{day}, {holder}, as recorded by {time}"),
    }
}

/// Adds the version of a clause, caveat or proposal. `record_status` accepts it as `expectedVersion`.
pub fn version(lines: &mut Lines, record: Node<'_>) {
    if record.at("version").is_some() {
        lines.add(format!("Version: {}", record.count("version")));
    }
}

/// The holder of a statement: `the neutral record`, or the short name of a party.
pub fn holder(statement: Node<'_>) -> String {
    match statement.text("heldBy.shortName") {
        "" => "the neutral record".to_owned(),
        party => party.to_owned(),
    }
}

/// A source, with the place in it: `Title (Publisher, 2015-02-12), point 9. https://… <page>`.
pub fn source(source: Node<'_>, locator: &str) -> String {
    let details: Vec<&str> = [source.text("publisher"), source.text("publishedOn")]
        .into_iter()
        .filter(|detail| !detail.is_empty())
        .collect();
    let mut text = source.text("title").to_owned();
    if !details.is_empty() {
        text = format!("{text} ({})", details.join(", "));
    }
    if !locator.is_empty() {
        text = format!("{text}, {locator}");
    }
    if !source.text("url").is_empty() {
        text = format!("{text}. {}", source.text("url"));
    }
    with_address(text, source)
}

/// The source of a statement, in the fields `source` and `sourceLocator`. None if there is none.
pub fn own_source(statement: Node<'_>) -> Option<String> {
    let origin = statement.at("source")?;
    Some(source(origin, statement.text("sourceLocator")))
}

/// Cited sources, with quotations.
pub fn citations(statement: Node<'_>) -> impl Iterator<Item = String> {
    statement.list("citations").filter_map(|citation| {
        let text = source(citation.at("source")?, citation.text("locator"));
        Some(match citation.text("quotation") {
            "" => text,
            quotation => format!("{text} “{quotation}”"),
        })
    })
}

/// Adds the lines about the status that a clause, proposal or caveat has in a view. Adds none for other records.
pub fn status(lines: &mut Lines, record: Node<'_>, of_view: Node<'_>) {
    if record.at("status").is_some() {
        lines.add(format!("Status {}: {}", view(of_view), record.text("status")));
        lines.labelled("Since", record.text("statusSince"));
    }
    if record.is_true("isOverdue") {
        lines.add("The clause is overdue.");
    }
    if record.is_true("isContested") {
        lines.add("The parties’ views of the status differ.");
    }
    if let Some(in_force) = record.at("assessment") {
        assessment(lines, in_force);
    }
}

/// Adds the lines of an assessment: its content, holder and sources.
pub fn assessment(lines: &mut Lines, assessment: Node<'_>) {
    let text = |path| assessment.text(path);
    lines.add(format!(
        "Assessment: {} from {}, held by {}, confidence {}, momentum {}, recorded by {} at {}",
        text("status"),
        text("effectiveDate"),
        holder(assessment),
        text("confidence"),
        text("momentum"),
        text("recordedBy"),
        text("recordedAt"),
    ));
    lines.labelled("Breached by", &parties(assessment.list("breachedBy")));
    lines.labelled("Reason", text("note"));
    if let Some(event) = assessment.at("event") {
        lines.labelled("Event", &linked_name(event));
    }
    lines.listed("Sources", citations(assessment));
}

/// A deadline: `FINISH, due 2015-12-31 (By the end of 2015)`.
pub fn deadline(deadline: Node<'_>) -> String {
    let due = match deadline.text("dueOn") {
        "" => "no due date yet".to_owned(),
        day => format!("due {day}"),
    };
    let mut text = format!("{}, {due} ({})", deadline.text("phase"), deadline.text("rule"));
    if deadline.at("heldBy").is_some() {
        text = format!("{text}, according to {}", holder(deadline));
    }
    match own_source(deadline) {
        Some(source) => format!("{text}. Source: {source}"),
        None => text,
    }
}

/// An obligation: `OBLIGED: Ukraine`.
pub fn obligation(obligation: Node<'_>) -> String {
    let text = format!("{}: {}", obligation.text("role"), obligation.text("party.shortName"));
    match obligation.at("heldBy") {
        Some(_) => format!("{text}, according to {}", holder(obligation)),
        None => text,
    }
}

/// Adds a line that says how to get the next page of a list, unless all items are shown. `shown` is the number of shown
/// items.
pub fn rest(lines: &mut Lines, list: Node<'_>, shown: usize) {
    if list.is_true("pageInfo.hasNextPage") {
        let (total, cursor) = (list.count("totalCount"), list.text("pageInfo.endCursor"));
        lines.add(format!(
            "{shown} of {total} shown. Next page: repeat the call with `after` = {cursor}"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuation_lines_of_values_are_indented() {
        let mut lines = Lines::default();
        lines.labelled("Note", "Seen.\r\nStatus: COMPLETE\u{2028}Since: 2015");
        lines.listed("Sources", ["Report\n- Source".to_owned()]);
        lines.add("");
        lines.add("Version: 3");
        let expected = "Note: Seen.\n    Status: COMPLETE\n    Since: 2015\nSources:\n- Report\n    - Source\n\nVersion: 3";
        assert_eq!(lines.finish(), expected);
    }
}
