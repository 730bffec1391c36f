//! The parsed text of a dossier, with line numbers.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{File, LocatedError};
use crate::domain::ValidationErrors;

/// A parsed dossier. The text may have syntax errors.
pub(super) struct Document<'a> {
    /// The name of the file in messages.
    pub(super) name: &'a str,
    /// The valid part of the text.
    pub(super) root: DeTable<'a>,
    /// Whether records may be missing because of syntax errors.
    pub(super) is_incomplete: bool,
    text: &'a str,
    /// The offsets at which lines start.
    starts: Vec<usize>,
    /// The lines with syntax errors.
    broken: BTreeSet<usize>,
}

impl<'a> Document<'a> {
    /// Parses as much of a dossier as possible. Adds at most one syntax error per line, because later errors on a line
    /// usually follow from the first.
    pub(super) fn parse(file: &'a File, errors: &mut Vec<LocatedError>) -> Self {
        let text = file.text.as_str();
        let (root, syntax_errors) = DeTable::parse_recoverable(text);
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let mut document = Self {
            name: &file.name,
            root: root.into_inner(),
            is_incomplete: false,
            text,
            starts: starts.collect(),
            broken: BTreeSet::new(),
        };
        for error in &syntax_errors {
            let line = document.line(error.span().map_or(0, |span| span.start));
            if document.broken.insert(line) {
                errors
                    .push(document.error(line, format!("is not valid TOML: {}", error.message())));
            }
        }
        if !syntax_errors.is_empty() {
            let headers = text.lines().filter(|line| line.trim_start().starts_with("[[")).count();
            document.is_incomplete = headers != count_blocks(text, &document.root);
        }
        document
    }

    /// The number, from 1, of the line that contains the byte at `offset`. An offset after the end is on the last line.
    pub(super) fn line(&self, offset: usize) -> usize {
        // Text editors show no line after a final line break.
        let last = self.text.len().saturating_sub(1);
        self.starts.partition_point(|start| *start <= offset.min(last))
    }

    /// An error on a line.
    pub(super) fn error(&self, line: usize, message: impl Into<String>) -> LocatedError {
        LocatedError { file: self.name.to_owned(), line, message: message.into() }
    }

    /// Whether a line has a syntax error. Other errors on such a line are not reported.
    pub(super) fn is_broken(&self, line: usize) -> bool {
        self.broken.contains(&line)
    }

    /// Whether the table whose header is on this line has a syntax error. If so, missing fields may be a consequence.
    pub(super) fn is_block_broken(&self, header: usize) -> bool {
        let end =
            self.text.lines().skip(header).position(|line| line.trim_start().starts_with('['));
        let end = end.map_or(usize::MAX, |lines| header + lines);
        self.is_incomplete || self.broken.range(header..=end.max(header)).next().is_some()
    }

    /// The line of a field's value.
    pub(super) fn value_line(
        &self,
        key: &Spanned<impl Sized>,
        value: &Spanned<DeValue<'_>>,
    ) -> usize {
        self.item_line(self.line(key.span().start), value)
    }

    /// The line of a value in a list or table on the line `outer`. A value that could not be parsed gets the line `outer`.
    pub(super) fn item_line(&self, outer: usize, value: &Spanned<DeValue<'_>>) -> usize {
        if value.span().is_empty() { outer } else { self.line(value.span().start) }
    }
}

/// The location of a table in a dossier, for errors that are found later.
#[derive(Clone, Copy)]
pub(super) struct SourceLocation<'a> {
    /// The dossier.
    pub(super) document: &'a Document<'a>,
    /// The table.
    pub(super) table: &'a Spanned<DeValue<'a>>,
}

impl SourceLocation<'_> {
    /// The line of the table's header.
    pub(super) fn line(&self) -> usize {
        self.document.line(self.table.span().start)
    }

    /// The line of a field, or of the header if the table does not have the field.
    pub(super) fn line_of(&self, field: &str) -> usize {
        self.locate(&[field.to_owned()])
    }

    /// The location in messages: `path/file.toml:12`.
    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.document.name, self.line())
    }

    /// Adds locations to errors: the line of the field, or of the header. Omits errors on lines with syntax errors.
    pub(super) fn located_errors(&self, errors: ValidationErrors) -> Vec<LocatedError> {
        let located_errors = errors.0.into_iter().filter_map(|error| {
            let path: Vec<String> = error.path.into_iter().map(in_dossiers).collect();
            let line = self.locate(&path);
            let message = format!("{}: {}", path.join("."), error.message);
            (!self.document.is_broken(line)).then(|| self.document.error(line, message))
        });
        located_errors.collect()
    }

    /// The line of the value at `path`, or of the deepest value on the path that exists.
    fn locate(&self, path: &[String]) -> usize {
        let (mut line, mut value) = (self.line(), self.table);
        for step in path {
            let next = match value.get_ref() {
                // The location of a list of blocks is its first block. The location of a list in brackets is its opening
                // bracket.
                DeValue::Table(fields) => fields
                    .get_key_value(step.as_str())
                    .map(|(key, next)| (self.document.value_line(key, next), next)),
                DeValue::Array(items) => step
                    .parse()
                    .ok()
                    .and_then(|index: usize| items.get(index))
                    .map(|next| (self.document.item_line(line, next), next)),
                _ => None,
            };
            let Some(next) = next else { break };
            (line, value) = next;
        }
        line
    }
}

/// The name that dossiers use for a field of a record's content.
fn in_dossiers(field: String) -> String {
    match field.as_str() {
        "parties" => "party".to_owned(),
        "endings" => "ending".to_owned(),
        "subject" => "of".to_owned(),
        _ => field,
    }
}

/// The number of `[[…]]` blocks that were parsed.
fn count_blocks(text: &str, table: &DeTable<'_>) -> usize {
    let is_block = |value: &Spanned<DeValue<'_>>| {
        text.get(value.span().start..).is_some_and(|rest| rest.starts_with("[["))
    };
    let count = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::Table(table) => count_blocks(text, table),
        DeValue::Array(items) => tables(items)
            .map(|(item, table)| usize::from(is_block(item)) + count_blocks(text, table))
            .sum(),
        _ => 0,
    };
    table.values().map(count).sum()
}

/// The tables in a list.
pub(super) fn tables<'t, 'a>(
    items: &'t [Spanned<DeValue<'a>>],
) -> impl Iterator<Item = (&'t Spanned<DeValue<'a>>, &'t DeTable<'a>)> {
    items.iter().filter_map(|item| item.get_ref().as_table().map(|table| (item, table)))
}
