//! Reads the values of fields, type by type.
//!
//! A field that is missing or invalid yields a placeholder that no check objects to, so that the rest of the record can
//! still be checked. A record with any error is not written, so no placeholder gets out.

use chrono::NaiveDate;
use toml::de::DeValue;

use super::reader::Reader;
use crate::domain::StringEnum;
use crate::domain::text::{quote, tidy};

/// What a list of texts must be.
const LIST: &str = "must be a list of texts in quotes, like [\"one\", \"other\"]";

/// What a reference is looked up in.
pub(super) trait Lookup {
    /// What is found. Its default is a placeholder that nothing else is equal to.
    type Found: Default;

    /// Finds what has that name, or says what would be right; `None` where that cannot be told, because part of a
    /// dossier could not be read.
    fn look_up(&self, name: &str) -> Result<Self::Found, Option<String>>;
}

impl<'a> Reader<'a> {
    /// A text that may be left out. Escapes may have other line endings than the file.
    pub(super) fn text_optional(&mut self, field: &'static str) -> Option<String> {
        self.string(field).map(|(_, text)| tidy(text).into_owned())
    }

    /// A text.
    pub(super) fn text(&mut self, field: &'static str) -> String {
        let text = self.text_optional(field);
        self.expect(field);
        text.unwrap_or_else(|| "x".to_owned())
    }

    /// A slug, number or key that may be left out: exactly as it is written, since others refer to it so.
    pub(super) fn key_optional(&mut self, field: &'static str) -> Option<String> {
        self.string(field).map(|(_, text)| text.to_owned())
    }

    /// A slug or number.
    pub(super) fn key(&mut self, field: &'static str) -> String {
        let key = self.key_optional(field);
        self.expect(field);
        key.unwrap_or_else(|| "x".to_owned())
    }

    /// A list of texts, empty where it is left out.
    pub(super) fn texts(&mut self, field: &'static str) -> Vec<String> {
        let mut texts = Vec::new();
        for (line, value) in self.items(field, LIST) {
            match value {
                DeValue::String(text) => texts.push(tidy(text).into_owned()),
                other => self.note_type(line, field, LIST, other),
            }
        }
        texts
    }

    /// `true` or `false`; the latter where it is left out.
    pub(super) fn boolean(&mut self, field: &'static str) -> bool {
        match self.get(field) {
            Some((_, DeValue::Boolean(value))) => *value,
            Some((line, other)) => {
                self.note_type(line, field, "must be true or false", other);
                false
            }
            None => false,
        }
    }

    /// A whole number.
    pub(super) fn integer(&mut self, field: &'static str) -> i32 {
        const FORM: &str = "must be a whole number like 14";
        let value = match self.get(field) {
            Some((line, DeValue::Integer(number))) => {
                let value = i32::from_str_radix(number.as_str(), number.radix()).ok();
                if value.is_none() {
                    self.note(line, field, format!("{number} is out of range"));
                }
                value
            }
            Some((line, other)) => {
                self.note_type(line, field, FORM, other);
                None
            }
            None => None,
        };
        self.expect(field);
        value.unwrap_or_default()
    }

    /// A day that may be left out.
    pub(super) fn date_optional(&mut self, field: &'static str) -> Option<NaiveDate> {
        const FORM: &str = "must be a date like 2015-02-12";
        match self.get(field)? {
            (line, DeValue::Datetime(value)) => {
                let plain = value.date.filter(|_| value.time.is_none() && value.offset.is_none());
                let date = plain.and_then(|date| {
                    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
                });
                if date.is_none() {
                    self.note(line, field, format!("{FORM}, without a time, not {value}"));
                }
                date
            }
            (line, DeValue::String(text)) => {
                // The parser of chrono would take 2015-2-12 and +2015-02-12, too.
                let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
                let date = date.filter(|date| date.to_string() == **text);
                if date.is_none() {
                    self.note(line, field, format!("{FORM}, not {}", quote(text)));
                }
                date
            }
            (line, other) => {
                self.note_type(line, field, FORM, other);
                None
            }
        }
    }

    /// A day.
    pub(super) fn date(&mut self, field: &'static str) -> NaiveDate {
        let date = self.date_optional(field);
        self.expect(field);
        // Earlier than any other that a check compares it with.
        date.or_else(|| NaiveDate::from_ymd_opt(1, 1, 1)).unwrap_or_default()
    }

    /// A value of an enum that may be left out.
    pub(super) fn string_enum_optional<C: StringEnum>(&mut self, field: &'static str) -> Option<C> {
        self.parsed(field, C::parse_name, C::names)
    }

    /// A value of an enum; `placeholder` stands for one that is missing or unknown.
    pub(super) fn string_enum<C: StringEnum>(&mut self, field: &'static str, placeholder: C) -> C {
        let value = self.string_enum_optional(field);
        self.expect(field);
        value.unwrap_or(placeholder)
    }

    /// A text that `parse` understands, and which is one of `names` if it does.
    pub(super) fn parsed<T>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        names: impl FnOnce() -> String,
    ) -> Option<T> {
        let (line, text) = self.string(field)?;
        let value = parse(text);
        if value.is_none() {
            self.note(line, field, format!("{} must be {}", quote(text), names()));
        }
        value
    }

    /// A reference that may be left out.
    pub(super) fn reference_optional<L: Lookup>(
        &mut self,
        field: &'static str,
        among: &L,
    ) -> Option<L::Found> {
        let (line, name) = self.string(field)?;
        self.resolve(line, field, name, among)
    }

    /// A reference; `None` stands for one that is missing or leads nowhere.
    pub(super) fn reference<L: Lookup>(
        &mut self,
        field: &'static str,
        among: &L,
    ) -> Option<L::Found> {
        let found = self.reference_optional(field, among);
        self.expect(field);
        found
    }

    /// A list of references, empty where it is left out.
    pub(super) fn references<L: Lookup>(
        &mut self,
        field: &'static str,
        among: &L,
    ) -> Vec<L::Found> {
        let mut found = Vec::new();
        for (line, value) in self.items(field, LIST) {
            let item = match value {
                DeValue::String(name) => self.resolve(line, field, name, among),
                other => {
                    self.note_type(line, field, LIST, other);
                    None
                }
            };
            // A placeholder keeps the numbers of the others.
            found.push(item.unwrap_or_default());
        }
        found
    }

    fn string(&mut self, field: &'static str) -> Option<(usize, &'a str)> {
        match self.get(field)? {
            (line, DeValue::String(text)) => Some((line, text)),
            (line, other) => {
                self.note_type(line, field, "must be a text in quotes", other);
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
    ) -> Option<L::Found> {
        match among.look_up(name) {
            Ok(found) => Some(found),
            Err(message) => {
                match message {
                    Some(message) => self.note(line, field, message),
                    None => self.fail(),
                }
                None
            }
        }
    }
}
