//! Reads the fields of a table by name. Collects all errors instead of stopping at the first.

use std::collections::HashSet;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::LocatedError;
use super::document::{Document, SourceLocation};
use super::schema::{self, TableShape};
use crate::domain::suggestion::did_you_mean;
use crate::domain::text::quote;
use crate::domain::{Content, ValidationErrors};

/// Reads one table.
pub(super) struct Reader<'a> {
    document: &'a Document<'a>,
    value: Option<&'a Spanned<DeValue<'a>>>,
    table: &'a DeTable<'a>,
    /// The line of the header.
    line: usize,
    /// The name of the record or part that the table defines, with its article: `a clause`.
    noun: &'static str,
    /// The prefix of field names in messages.
    prefix: String,
    /// The names of the fields read so far. When the table has been read, any other field is invalid.
    fields: Vec<&'static str>,
    errors: Vec<LocatedError>,
    /// The paths of the fields with errors, relative to this table.
    invalid_fields: HashSet<String>,
    is_invalid: bool,
    is_finished: bool,
    /// The schema of the fields read so far, if this reader describes a table.
    shape: Option<TableShape>,
}

impl<'a> Reader<'a> {
    /// A reader without a dossier. It finds no fields, and collects the schema of the fields that are requested.
    pub(super) fn describing(document: &'a Document<'a>, noun: &'static str) -> Self {
        let shape = Some(TableShape::default());
        Self { shape, ..Self::new(document, None, &document.root, noun, String::new()) }
    }

    /// Sets the JSON Schema of a field, if this reader describes a table.
    pub(super) fn describe(&mut self, field: &'static str, schema: impl FnOnce() -> Json) {
        if let Some(shape) = &mut self.shape {
            shape.set(field, schema());
        }
    }

    /// The JSON Schema of the table that `read` reads. `None` unless this reader describes a table.
    pub(super) fn describe_part<T>(
        &self,
        noun: &'static str,
        read: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> Option<Json> {
        self.shape.as_ref()?;
        let mut part = Reader::describing(self.document, noun);
        read(&mut part);
        part.into_schema()
    }

    /// The JSON Schema of the table, if the reader describes it.
    pub(super) fn into_schema(self) -> Option<Json> {
        Some(self.shape?.into_schema(self.noun))
    }

    /// Reads a whole dossier.
    pub(super) fn root(document: &'a Document<'a>) -> Self {
        Self::new(document, None, &document.root, "a dossier", String::new())
    }

    fn new(
        document: &'a Document<'a>,
        value: Option<&'a Spanned<DeValue<'a>>>,
        table: &'a DeTable<'a>,
        noun: &'static str,
        prefix: String,
    ) -> Self {
        let line = document.line(value.map_or(0, |value| value.span().start));
        Self {
            document,
            value,
            table,
            line,
            noun,
            prefix,
            fields: Vec::new(),
            errors: Vec::new(),
            invalid_fields: HashSet::new(),
            is_invalid: false,
            is_finished: false,
            shape: None,
        }
    }

    /// The location of the table. `None` for the root of a dossier.
    pub(super) fn location(&self) -> Option<SourceLocation<'a>> {
        self.value.map(|table| SourceLocation { document: self.document, table })
    }

    /// The line of the table's header.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// Whether the table has no errors so far.
    pub(super) fn is_valid(&self) -> bool {
        !self.is_invalid
    }

    /// Whether the table has this field.
    pub(super) fn has(&self, field: &str) -> bool {
        self.table.contains_key(field)
    }

    /// Marks the table as invalid without adding an error.
    pub(super) fn fail(&mut self) {
        self.is_invalid = true;
    }

    /// Adds an error of a field. Omits it if the line has a syntax error.
    pub(super) fn add_error(&mut self, line: usize, field: &str, message: impl AsRef<str>) {
        self.is_invalid = true;
        self.invalid_fields.insert(field.to_owned());
        if !self.document.is_broken(line) {
            let message = format!("{}{field}: {}", self.prefix, message.as_ref());
            self.errors.push(self.document.error(line, message));
        }
    }

    /// Adds an error if a field is missing.
    pub(super) fn expect(&mut self, field: &'static str) {
        if let Some(shape) = &mut self.shape {
            shape.require(field);
        } else if !self.has(field) {
            self.is_invalid = true;
            self.invalid_fields.insert(field.to_owned());
            if !self.document.is_block_broken(self.line) {
                let message = format!("is missing, and {} must have it", self.noun);
                self.add_error(self.line, field, message);
            }
        }
    }

    /// Reads a list of tables that are parts of this table. Their errors are errors of this table.
    pub(super) fn parts<T>(
        &mut self,
        field: &'static str,
        noun: &'static str,
        mut read: impl FnMut(&mut Reader<'a>) -> T,
    ) -> Vec<T> {
        if let Some(form) = self.describe_part(noun, &mut read) {
            self.describe(field, || schema::list(form));
        }
        let mut parts = Vec::new();
        for (index, mut reader) in self.readers(field, noun).into_iter().enumerate() {
            reader.prefix = format!("{}{field}.{index}.", self.prefix);
            parts.push(read(&mut reader));
            self.take_errors(reader);
        }
        parts
    }

    /// Adds the errors of a part. The part must have been read completely.
    fn take_errors(&mut self, mut part: Reader<'a>) {
        part.finish();
        let path = part.prefix.strip_prefix(&self.prefix).unwrap_or_default();
        self.invalid_fields
            .extend(part.invalid_fields.iter().map(|field| format!("{path}{field}")));
        self.is_invalid |= part.is_invalid;
        self.errors.append(&mut part.errors);
    }

    /// Reads an optional table that is part of this table. Its errors are errors of this table.
    pub(super) fn part<T>(
        &mut self,
        field: &'static str,
        noun: &'static str,
        read: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> Option<T> {
        if self.shape.is_some() {
            let form = self.describe_part(noun, read);
            self.describe(field, || form.unwrap_or_default());
            return None;
        }
        let (line, value) = self.get_spanned(field)?;
        let DeValue::Table(table) = value.get_ref() else {
            self.add_type_error(line, field, "must be a table: { … }", value.get_ref());
            return None;
        };
        Some(self.read_part(format!("{field}."), noun, value, table, read))
    }

    /// Reads a table that is part of this table. `path` is the prefix of its field names. Its errors are errors of this
    /// table.
    pub(super) fn read_part<T>(
        &mut self,
        path: String,
        noun: &'static str,
        value: &'a Spanned<DeValue<'a>>,
        table: &'a DeTable<'a>,
        read: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> T {
        let prefix = format!("{}{path}", self.prefix);
        let mut reader = Reader::new(self.document, Some(value), table, noun, prefix);
        let part = read(&mut reader);
        self.take_errors(reader);
        part
    }

    /// Reads a list of tables that are separate records. They can be valid even if this table is invalid.
    pub(super) fn records(
        &mut self,
        field: &'static str,
        noun: &'static str,
        mut read: impl FnMut(&mut Reader<'a>),
    ) {
        if let Some(form) = self.describe_part(noun, &mut read) {
            self.describe(field, || schema::list(form));
        }
        for mut reader in self.readers(field, noun) {
            read(&mut reader);
            reader.finish();
            self.errors.append(&mut reader.errors);
        }
    }

    /// Adds errors for unknown fields and for the content. Returns whether the record is valid. Must run after all fields
    /// have been read.
    pub(super) fn accept<C: Content>(&mut self, content: &C) -> bool {
        let mut errors = ValidationErrors::default();
        content.check(&mut errors);
        self.accept_checked(errors)
    }

    /// Like [`Self::accept`], but for content that has already been checked.
    pub(super) fn accept_checked(&mut self, mut errors: ValidationErrors) -> bool {
        self.finish();
        // A field that could not be read must not also be reported as empty.
        errors.0.retain(|error| !self.invalid_fields.contains(&error.path.join(".")));
        if let Some(location) = self.location() {
            self.is_invalid |= !errors.is_empty();
            self.errors.extend(location.located_errors(errors));
        }
        self.is_valid()
    }

    /// Adds errors for unknown fields, and returns all errors.
    pub(super) fn into_errors(mut self) -> Vec<LocatedError> {
        self.finish();
        self.errors
    }

    fn finish(&mut self) {
        if std::mem::replace(&mut self.is_finished, true) {
            return;
        }
        let unknown: Vec<_> = self
            .table
            .keys()
            .filter(|key| !self.fields.contains(&key.get_ref().as_ref()))
            .collect();
        for key in unknown {
            let suggestion = did_you_mean(key.get_ref(), self.fields.iter().copied());
            let message = format!(
                "{} has no such field{suggestion}; it has {}",
                self.noun,
                self.fields.join(", ")
            );
            self.add_error(self.document.line(key.span().start), &quote(key.get_ref()), message);
        }
    }

    /// The value of a field, with its line.
    pub(super) fn get(&mut self, field: &'static str) -> Option<(usize, &'a DeValue<'a>)> {
        self.get_spanned(field).map(|(line, value)| (line, value.get_ref()))
    }

    fn get_spanned(&mut self, field: &'static str) -> Option<(usize, &'a Spanned<DeValue<'a>>)> {
        if !self.fields.contains(&field) {
            self.fields.push(field);
        }
        let (key, value) = self.table.get_key_value(field)?;
        Some((self.document.value_line(key, value), value))
    }

    /// The items of a list, each with its line.
    pub(super) fn items(
        &mut self,
        field: &'static str,
        form: &'static str,
    ) -> Vec<(usize, &'a DeValue<'a>)> {
        let items = self.spanned_items(field, form).into_iter();
        items.map(|(line, item)| (line, item.get_ref())).collect()
    }

    /// The items of a list, each with its line and its span in the file.
    pub(super) fn spanned_items(
        &mut self,
        field: &'static str,
        form: &'static str,
    ) -> Vec<(usize, &'a Spanned<DeValue<'a>>)> {
        match self.get(field) {
            Some((line, DeValue::Array(items))) => {
                items.iter().map(|item| (self.document.item_line(line, item), item)).collect()
            }
            Some((line, other)) => {
                self.add_type_error(line, field, form, other);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn readers(&mut self, field: &'static str, noun: &'static str) -> Vec<Reader<'a>> {
        let form = format!("must be a list of tables: [[…{field}]] blocks, or [{{ … }}]");
        let mut readers = Vec::new();
        match self.get(field) {
            Some((line, DeValue::Array(items))) => {
                for item in items {
                    match item.get_ref() {
                        DeValue::Table(table) => readers.push(Reader::new(
                            self.document,
                            Some(item),
                            table,
                            noun,
                            String::new(),
                        )),
                        other => {
                            let line = self.document.item_line(line, item);
                            self.add_type_error(line, field, &form, other);
                        }
                    }
                }
            }
            Some((line, other)) => self.add_type_error(line, field, &form, other),
            None => {}
        }
        readers
    }

    /// Adds an error for a value of the wrong type.
    pub(super) fn add_type_error(
        &mut self,
        line: usize,
        field: &str,
        form: &str,
        value: &DeValue<'_>,
    ) {
        let actual = match value {
            DeValue::String(text) => format!("the string {}", quote(text)),
            DeValue::Integer(number) => format!("the number {number}"),
            DeValue::Float(number) => format!("the number {number}"),
            DeValue::Boolean(value) => format!("{value}"),
            DeValue::Datetime(value) => format!("the date {value}"),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        };
        self.add_error(line, field, format!("{form}, not {actual}"));
    }
}
