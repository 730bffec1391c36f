//! Tables of a dossier as text.

use std::fmt;

use chrono::NaiveDate;
use toml::Value;

use crate::domain::StringEnum;
use crate::domain::edtf::EdtfDate;

/// The fields of a table, in order. Fields without a value are omitted.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(&'static str, String)>);

/// A table with a header, such as `[[agreement.clause]]`.
#[derive(Debug, Clone)]
pub(super) struct Block {
    header: &'static str,
    fields: Fields,
}

impl Block {
    pub(super) fn new(header: &'static str, fields: Fields) -> Self {
        Self { header, fields }
    }
}

/// The table, with a line for each field.
impl fmt::Display for Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "[[{}]]", self.header)?;
        for (name, value) in &self.fields.0 {
            writeln!(formatter, "{name} = {value}")?;
        }
        Ok(())
    }
}

impl Fields {
    fn add(mut self, name: &'static str, value: String) -> Self {
        self.0.push((name, value));
        self
    }

    pub(super) fn text(self, name: &'static str, text: &str) -> Self {
        self.add(name, quoted(text))
    }

    pub(super) fn text_optional(self, name: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// Adds a list of strings, unless it is empty.
    pub(super) fn texts<T: AsRef<str>>(self, name: &'static str, texts: &[T]) -> Self {
        if texts.is_empty() { self } else { self.texts_always(name, texts) }
    }

    pub(super) fn texts_always<T: AsRef<str>>(self, name: &'static str, texts: &[T]) -> Self {
        let texts: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect();
        self.add(name, format!("[{}]", texts.join(", ")))
    }

    pub(super) fn date(self, name: &'static str, day: NaiveDate) -> Self {
        self.add(name, day.to_string())
    }

    pub(super) fn date_optional(self, name: &'static str, day: Option<NaiveDate>) -> Self {
        match day {
            Some(day) => self.date(name, day),
            None => self,
        }
    }

    /// Adds a day, or a less precise date as a string.
    pub(super) fn edtf_date(self, name: &'static str, date: EdtfDate) -> Self {
        match date.as_day() {
            Some(day) => self.date(name, day),
            None => self.text(name, &date.to_string()),
        }
    }

    pub(super) fn choice<C: StringEnum>(self, name: &'static str, value: C) -> Self {
        self.text(name, &value.name())
    }

    /// Adds a value, unless it is the default.
    pub(super) fn choice_unless<C: StringEnum + PartialEq>(
        self,
        name: &'static str,
        value: C,
        default: C,
    ) -> Self {
        if value == default { self } else { self.choice(name, value) }
    }

    pub(super) fn integer(self, name: &'static str, value: i32) -> Self {
        self.add(name, value.to_string())
    }

    /// Adds a boolean, unless it is false.
    pub(super) fn flag(self, name: &'static str, value: bool) -> Self {
        if value { self.add(name, "true".to_owned()) } else { self }
    }

    /// Adds a table in braces.
    pub(super) fn table(self, name: &'static str, fields: &Self) -> Self {
        self.add(name, fields.inline())
    }

    /// Adds a list of tables in braces, one per line. Adds nothing if the list is empty.
    pub(super) fn tables(self, name: &'static str, tables: &[Self]) -> Self {
        let items: Vec<String> = tables.iter().map(Self::inline).collect();
        self.items(name, &items)
    }

    /// Adds a list of values that are already written as TOML, one per line. Adds nothing if the list is empty.
    pub(super) fn items(self, name: &'static str, items: &[String]) -> Self {
        if items.is_empty() {
            return self;
        }
        let lines: Vec<String> = items.iter().map(|item| format!("  {item},")).collect();
        self.add(name, format!("[\n{}\n]", lines.join("\n")))
    }

    pub(super) fn inline(&self) -> String {
        let fields: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        format!("{{ {} }}", fields.join(", "))
    }
}

/// A string in quotes.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
