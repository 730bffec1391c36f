//! One dossier's text: parsed, with a line for everything in it.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{File, LocatedError};
use crate::domain::ValidationErrors;

/// A dossier as it was parsed, syntax_errors and all.
pub(super) struct Document<'a> {
    /// What stands in messages for the file.
    pub(super) name: &'a str,
    /// What could be read of it.
    pub(super) root: DeTable<'a>,
    /// Whether so much of the syntax is wrong that records may have got lost with it.
    pub(super) is_incomplete: bool,
    text: &'a str,
    /// Where each line starts.
    starts: Vec<usize>,
    /// The lines on which the syntax is wrong.
    broken: BTreeSet<usize>,
}

impl<'a> Document<'a> {
    /// Parses as much of a dossier as can be read, and notes what is wrong with its syntax: one error a line, since
    /// what follows on the same line mostly follows from the first.
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

    /// The line, counted from 1, that the byte at `offset` is on. An offset behind the end is on the last line.
    pub(super) fn line(&self, offset: usize) -> usize {
        // Behind a last line break there is no line that an editor would show.
        let last = self.text.len().saturating_sub(1);
        self.starts.partition_point(|start| *start <= offset.min(last))
    }

    /// An error on a line.
    pub(super) fn error(&self, line: usize, message: impl Into<String>) -> LocatedError {
        LocatedError { file: self.name.to_owned(), line, message: message.into() }
    }

    /// Whether the syntax is wrong on that line, so that nothing more is to be said of it.
    pub(super) fn is_broken(&self, line: usize) -> bool {
        self.broken.contains(&line)
    }

    /// Whether the syntax is wrong anywhere in the table whose header is on that line: what is missing there may have
    /// got lost.
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

    /// The line of a value in a list or table that is on that line: a value that could not be read has no place of its
    /// own.
    pub(super) fn item_line(&self, outer: usize, value: &Spanned<DeValue<'_>>) -> usize {
        if value.span().is_empty() { outer } else { self.line(value.span().start) }
    }
}

/// A table of a dossier, to which errors that are found later can be traced.
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

    /// The line of a field, or else of the header.
    pub(super) fn line_of(&self, field: &str) -> usize {
        self.locate(&[field.to_owned()])
    }

    /// For messages: `path/file.toml:12`.
    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.document.name, self.line())
    }

    /// The errors of what was read from the table, each on the line of its field, or else on the header's. Where the
    /// syntax is wrong already, that is said and suffices.
    pub(super) fn located_errors(&self, errors: ValidationErrors) -> Vec<LocatedError> {
        let located_errors = errors.0.into_iter().filter_map(|error| {
            let path: Vec<String> = error.path.into_iter().map(in_dossiers).collect();
            let line = self.locate(&path);
            let message = format!("{}: {}", path.join("."), error.message);
            (!self.document.is_broken(line)).then(|| self.document.error(line, message))
        });
        located_errors.collect()
    }

    /// The line of what `path` leads to, or else of the last thing on the way to it.
    fn locate(&self, path: &[String]) -> usize {
        let (mut line, mut value) = (self.line(), self.table);
        for step in path {
            let next = match value.get_ref() {
                // The first of several blocks stands for the list; a list in brackets begins where its bracket is.
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

/// The name that a field of a record's content has in dossiers.
fn in_dossiers(field: String) -> String {
    match field.as_str() {
        "parties" => "party".to_owned(),
        "subject" => "of".to_owned(),
        _ => field,
    }
}

/// How many `[[…]]` blocks were read.
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

/// The items of a list that are tables.
pub(super) fn tables<'t, 'a>(
    items: &'t [Spanned<DeValue<'a>>],
) -> impl Iterator<Item = (&'t Spanned<DeValue<'a>>, &'t DeTable<'a>)> {
    items.iter().filter_map(|item| item.get_ref().as_table().map(|table| (item, table)))
}
