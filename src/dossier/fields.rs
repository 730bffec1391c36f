//! Reads the values of fields, type by type.
//!
//! A missing or invalid field gets a placeholder that no check rejects, so the rest of the record can still be checked. A
//! record with errors is not written, so placeholders are never stored.

use chrono::NaiveDate;
use toml::de::DeValue;
use toml::value::Datetime;

use super::reader::Reader;
use super::schema;
use crate::domain::StringEnum;
use crate::domain::edtf::EdtfDate;
use crate::domain::text::{quote, tidy};

/// The valid form of a list of strings.
const LIST: &str = "must be a list of strings, such as [\"one\", \"other\"]";

/// The valid form of a day.
const DAY: &str = "must be a date like 2015-02-12";

/// A day that is earlier than any day with which a check compares it.
fn placeholder_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default()
}

/// Resolves the names by which a dossier refers to records and deadlines.
pub(super) trait Lookup {
    /// The result of a look-up. Its default is a placeholder that equals no other value.
    type Output: Default;

    /// Looks up a name. The error is a message that states the valid names, or `None` if the name may be in a part of a
    /// dossier that could not be parsed.
    fn look_up(&self, name: &str) -> Result<Self::Output, Option<String>>;
}

impl<'a> Reader<'a> {
    /// Reads an optional string. Normalizes line ends, which can come from escape sequences.
    pub(super) fn text_optional(&mut self, field: &'static str) -> Option<String> {
        self.string(field).map(|(_, text)| tidy(text).into_owned())
    }

    /// Reads a required string.
    pub(super) fn text(&mut self, field: &'static str) -> String {
        let text = self.text_optional(field);
        self.expect(field);
        text.unwrap_or_else(|| "x".to_owned())
    }

    /// Reads an optional slug, number or key. Does not normalize it, because references must match it exactly.
    pub(super) fn key_optional(&mut self, field: &'static str) -> Option<String> {
        self.string(field).map(|(_, text)| text.to_owned())
    }

    /// Reads a required slug or number.
    pub(super) fn key(&mut self, field: &'static str) -> String {
        let key = self.key_optional(field);
        self.expect(field);
        key.unwrap_or_else(|| "x".to_owned())
    }

    /// Reads a list of strings. Default: empty.
    pub(super) fn texts(&mut self, field: &'static str) -> Vec<String> {
        self.describe(field, || schema::list(schema::text()));
        let mut texts = Vec::new();
        for (line, value) in self.items(field, LIST) {
            match value {
                DeValue::String(text) => texts.push(tidy(text).into_owned()),
                other => self.add_type_error(line, field, LIST, other),
            }
        }
        texts
    }

    /// Reads a boolean. Default: false.
    pub(super) fn boolean(&mut self, field: &'static str) -> bool {
        self.describe(field, schema::boolean);
        match self.get(field) {
            Some((_, DeValue::Boolean(value))) => *value,
            Some((line, other)) => {
                self.add_type_error(line, field, "must be true or false", other);
                false
            }
            None => false,
        }
    }

    /// Reads an optional integer.
    pub(super) fn integer_optional(&mut self, field: &'static str) -> Option<i32> {
        const FORM: &str = "must be a whole number like 14";
        self.describe(field, schema::integer);
        match self.get(field)? {
            (line, DeValue::Integer(number)) => {
                let value = i32::from_str_radix(number.as_str(), number.radix()).ok();
                if value.is_none() {
                    self.add_error(line, field, format!("{number} is out of range"));
                }
                value
            }
            (line, other) => {
                self.add_type_error(line, field, FORM, other);
                None
            }
        }
    }

    /// Reads a required integer.
    pub(super) fn integer(&mut self, field: &'static str) -> i32 {
        let value = self.integer_optional(field);
        self.expect(field);
        value.unwrap_or_default()
    }

    /// Reads an optional day.
    pub(super) fn date_optional(&mut self, field: &'static str) -> Option<NaiveDate> {
        self.describe(field, schema::day);
        match self.get(field)? {
            (line, DeValue::Datetime(value)) => self.day_of(line, field, value),
            (line, DeValue::String(text)) => {
                // chrono's parser also accepts 2015-2-12 and +2015-02-12, which are invalid in dossiers.
                let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
                let date = date.filter(|date| date.to_string() == **text);
                if date.is_none() {
                    self.add_error(line, field, format!("{DAY}, not {}", quote(text)));
                }
                date
            }
            (line, other) => {
                self.add_type_error(line, field, DAY, other);
                None
            }
        }
    }

    /// Reads a required day.
    pub(super) fn date(&mut self, field: &'static str) -> NaiveDate {
        let date = self.date_optional(field);
        self.expect(field);
        date.unwrap_or_else(placeholder_day)
    }

    /// Reads an optional date: a day, or a string in EDTF.
    pub(super) fn edtf_date_optional(&mut self, field: &'static str) -> Option<EdtfDate> {
        const FORM: &str = "must be a date like 2015-02-12 or a string like \"2015-02\"";
        self.describe(field, schema::edtf_date);
        match self.get(field)? {
            (line, DeValue::Datetime(value)) => self.day_of(line, field, value).map(EdtfDate::day),
            (line, DeValue::String(text)) => {
                let date = EdtfDate::parse(text);
                date.map_err(|message| self.add_error(line, field, message)).ok()
            }
            (line, other) => {
                self.add_type_error(line, field, FORM, other);
                None
            }
        }
    }

    /// Reads a required date: a day, or a string in EDTF.
    pub(super) fn edtf_date(&mut self, field: &'static str) -> EdtfDate {
        let date = self.edtf_date_optional(field);
        self.expect(field);
        date.unwrap_or_else(|| EdtfDate::day(placeholder_day()))
    }

    /// The day of a TOML date. Adds an error if the date has a time or does not exist in the calendar.
    fn day_of(&mut self, line: usize, field: &str, value: &Datetime) -> Option<NaiveDate> {
        let plain = value.date.filter(|_| value.time.is_none() && value.offset.is_none());
        let date = plain.and_then(|date| {
            NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
        });
        if date.is_none() {
            self.add_error(line, field, format!("{DAY}, without a time, not {value}"));
        }
        date
    }

    /// Reads an optional value of an enum.
    pub(super) fn string_enum_optional<C: StringEnum>(&mut self, field: &'static str) -> Option<C> {
        let value = self.parsed(field, C::parse_name, C::names);
        self.describe(field, || schema::choice(C::ALL.iter().map(|value| value.name())));
        value
    }

    /// Reads a required value of an enum. Returns `placeholder` if it is missing or invalid.
    pub(super) fn string_enum<C: StringEnum>(&mut self, field: &'static str, placeholder: C) -> C {
        let value = self.string_enum_optional(field);
        self.expect(field);
        value.unwrap_or(placeholder)
    }

    /// Reads an optional string with `parse`. `names` returns the valid strings, for messages.
    pub(super) fn parsed<T>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        names: impl FnOnce() -> String,
    ) -> Option<T> {
        let (line, text) = self.string(field)?;
        let value = parse(text);
        if value.is_none() {
            self.add_error(line, field, format!("{} must be {}", quote(text), names()));
        }
        value
    }

    /// Reads an optional reference.
    pub(super) fn reference_optional<L: Lookup>(
        &mut self,
        field: &'static str,
        among: &L,
    ) -> Option<L::Output> {
        let (line, name) = self.string(field)?;
        self.resolve(line, field, name, among)
    }

    /// Reads a required reference. `None` if it is missing or invalid.
    pub(super) fn reference<L: Lookup>(
        &mut self,
        field: &'static str,
        among: &L,
    ) -> Option<L::Output> {
        let target = self.reference_optional(field, among);
        self.expect(field);
        target
    }

    /// Reads a list of references. Default: empty.
    pub(super) fn references<L: Lookup>(
        &mut self,
        field: &'static str,
        among: &L,
    ) -> Vec<L::Output> {
        self.describe(field, || schema::list(schema::text()));
        let mut references = Vec::new();
        for (line, value) in self.items(field, LIST) {
            let item = match value {
                DeValue::String(name) => self.resolve(line, field, name, among),
                other => {
                    self.add_type_error(line, field, LIST, other);
                    None
                }
            };
            // A placeholder for an invalid item keeps the indexes of the other items unchanged.
            references.push(item.unwrap_or_default());
        }
        references
    }

    /// Reads a list whose items are references or tables. Default: empty. An error in one of these tables is also an
    /// error of the outer table.
    pub(super) fn references_or_parts<L: Lookup, T: From<L::Output> + Default>(
        &mut self,
        field: &'static str,
        noun: &'static str,
        among: &L,
        mut read: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        const FORM: &str =
            "must be a list of slugs and tables, such as [\"one\", { source = \"other\" }]";
        if let Some(form) = self.describe_part(noun, &mut read) {
            self.describe(field, || schema::list(schema::any_of([schema::text(), form])));
        }
        let mut items = Vec::new();
        for (index, (line, item)) in self.spanned_items(field, FORM).into_iter().enumerate() {
            // A placeholder for an invalid item keeps the indexes of the other items unchanged.
            items.push(match item.get_ref() {
                DeValue::String(name) => {
                    self.resolve(line, field, name, among).map(T::from).unwrap_or_default()
                }
                DeValue::Table(table) => {
                    self.read_part(format!("{field}.{index}."), noun, item, table, &mut read)
                }
                other => {
                    self.add_type_error(line, field, FORM, other);
                    T::default()
                }
            });
        }
        items
    }

    fn string(&mut self, field: &'static str) -> Option<(usize, &'a str)> {
        self.describe(field, schema::text);
        match self.get(field)? {
            (line, DeValue::String(text)) => Some((line, text)),
            (line, other) => {
                self.add_type_error(line, field, "must be a string in quotes", other);
                None
            }
        }
    }

    fn resolve<L: Lookup>(
        &mut self,
        line: usize,
        field: &str,
        name: &str,
        among: &L,
    ) -> Option<L::Output> {
        match among.look_up(name) {
            Ok(target) => Some(target),
            Err(message) => {
                match message {
                    Some(message) => self.add_error(line, field, message),
                    None => self.fail(),
                }
                None
            }
        }
    }
}
