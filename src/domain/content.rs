//! What every kind of record has in common: content that can be checked, whose references can be looked up, and that
//! can be written down field by field for the change log.

use chrono::NaiveDate;

use super::string_enum::string_enum;
use super::{Id, Kind, StringEnum, ValidationErrorCode, ValidationErrors, text};

/// Everything that a person may state about a record.
pub trait Content: Clone + PartialEq + Send + 'static {
    /// Adds every error that shows without looking at other records.
    fn check(&self, errors: &mut ValidationErrors);

    /// The records that it refers to.
    fn references(&self) -> Vec<Reference>;

    /// Its fields by name, for the change log.
    fn fields(&self) -> Vec<Field>;
}

/// A reference to another record, and the field that makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The path of the field.
    pub path: String,
    /// What it must be; several where any of them will do.
    pub kinds: &'static [Kind],
    /// The id.
    pub id: String,
}

impl Reference {
    /// A reference to a record of one kind.
    pub fn to<T>(kinds: &'static [Kind], path: impl Into<String>, id: Id<T>) -> Self {
        Self { path: path.into(), kinds, id: id.to_string() }
    }
}

/// A list of references in the making.
#[derive(Debug, Default)]
pub struct References(pub Vec<Reference>);

impl References {
    /// Adds a reference.
    pub fn add<T>(&mut self, kinds: &'static [Kind], path: &str, id: Id<T>) {
        self.0.push(Reference::to(kinds, path, id));
    }

    /// Adds a reference that may be left out.
    pub fn add_optional<T>(&mut self, kinds: &'static [Kind], path: &str, id: Option<Id<T>>) {
        if let Some(id) = id {
            self.add(kinds, path, id);
        }
    }

    /// Adds every item of a list of references.
    pub fn add_all<T>(&mut self, kinds: &'static [Kind], path: &str, ids: &[Id<T>]) {
        for (index, id) in ids.iter().enumerate() {
            self.add(kinds, &format!("{path}.{index}"), *id);
        }
    }
}

/// To a party.
pub const PARTY: &[Kind] = &[Kind::Party];
/// To a source.
pub const SOURCE: &[Kind] = &[Kind::Source];
/// To a topic.
pub const TOPIC: &[Kind] = &[Kind::Topic];
/// To an agreement.
pub const AGREEMENT: &[Kind] = &[Kind::Agreement];
/// To a clause.
pub const CLAUSE: &[Kind] = &[Kind::Clause];
/// To a proposal.
pub const PROPOSAL: &[Kind] = &[Kind::Proposal];
/// To a caveat.
pub const CAVEAT: &[Kind] = &[Kind::Caveat];
/// To an event.
pub const EVENT: &[Kind] = &[Kind::Event];
/// To a clause, caveat or proposal.
pub const ASSESSABLE: &[Kind] = &[Kind::Clause, Kind::Caveat, Kind::Proposal];

/// Adds an error for each item of a list that was there before.
pub fn check_distinct<T: PartialEq>(errors: &mut ValidationErrors, path: &str, items: &[T]) {
    for (index, item) in items.iter().enumerate() {
        if let Some(first) = items.iter().take(index).position(|other| other == item) {
            let message = format!("says the same as item {first} of {path}");
            errors.add(ValidationErrorCode::Duplicate, &format!("{path}.{index}"), message);
        }
    }
}

/// How many aliases a record has at most.
const MAX_ALIASES: usize = 50;

/// Checks the other names of a record.
pub fn check_aliases(errors: &mut ValidationErrors, aliases: &[String]) {
    if aliases.len() > MAX_ALIASES {
        let message =
            format!("has {} names; a record has at most {MAX_ALIASES} aliases", aliases.len());
        errors.add(ValidationErrorCode::TooLong, "aliases", message);
    }
    for (index, alias) in aliases.iter().enumerate() {
        text::check_name(errors, &format!("aliases.{index}"), alias, text::LINE);
    }
    check_distinct(errors, "aliases", aliases);
}

string_enum! {
    /// How a value in the change log is to be read.
    ValueKind {
        /// Plain text.
        Text = "text",
        /// A whole number.
        Integer = "integer",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A day, `YYYY-MM-DD`.
        Date = "date",
        /// A value of an enum.
        Choice = "choice",
        /// The id of a record.
        Reference = "reference",
    }
}

/// A field and what is stated in it, as the change log writes it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The field's name, as in the API but in `snake_case`.
    pub name: &'static str,
    /// Its value, or those of a list, item by item; `None` if nothing is stated.
    pub values: Vec<Value>,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Where it stands: the field's name; in a list also the place of the item, from 0, and the name of the item's
    /// field if it has several, as in `obligations.0.held_by`.
    pub path: String,
    /// How to read it.
    pub kind: ValueKind,
    /// What a reference may refer to; nothing for values of other kinds.
    pub refers_to: &'static [Kind],
    /// The value.
    pub text: String,
}

/// A list of fields in the making.
#[derive(Debug, Default)]
pub struct Fields(pub Vec<Field>);

impl Fields {
    fn add(mut self, name: &'static str, kind: ValueKind, text: Option<String>) -> Self {
        let value = |text| Value { path: name.to_owned(), kind, refers_to: &[], text };
        self.0.push(Field { name, values: text.map(value).into_iter().collect() });
        self
    }

    /// A text.
    #[must_use]
    pub fn text(self, name: &'static str, value: &str) -> Self {
        self.add(name, ValueKind::Text, Some(value.to_owned()))
    }

    /// A text that may be left out.
    #[must_use]
    pub fn text_optional(self, name: &'static str, value: Option<&String>) -> Self {
        self.add(name, ValueKind::Text, value.cloned())
    }

    /// A list of texts.
    #[must_use]
    pub fn texts(mut self, name: &'static str, texts: &[String]) -> Self {
        let value = |(index, text): (usize, &String)| Value {
            path: format!("{name}.{index}"),
            kind: ValueKind::Text,
            refers_to: &[],
            text: text.clone(),
        };
        self.0.push(Field { name, values: texts.iter().enumerate().map(value).collect() });
        self
    }

    /// A whole number.
    #[must_use]
    pub fn integer(self, name: &'static str, value: i32) -> Self {
        self.add(name, ValueKind::Integer, Some(value.to_string()))
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(self, name: &'static str, value: bool) -> Self {
        self.add(name, ValueKind::Boolean, Some(value.to_string()))
    }

    /// A day.
    #[must_use]
    pub fn date(self, name: &'static str, value: Option<NaiveDate>) -> Self {
        self.add(name, ValueKind::Date, value.map(|day| day.to_string()))
    }

    /// A value of an enum.
    #[must_use]
    pub fn string_enum<C: StringEnum>(self, name: &'static str, value: C) -> Self {
        self.add(name, ValueKind::Choice, Some(value.name()))
    }

    /// A status, by its database name.
    #[must_use]
    pub fn status(self, name: &'static str, value: &str) -> Self {
        self.add(name, ValueKind::Choice, Some(value.to_ascii_uppercase()))
    }

    /// A reference to a record of one of these kinds.
    #[must_use]
    pub fn reference<T>(
        mut self,
        name: &'static str,
        refers_to: &'static [Kind],
        id: Option<Id<T>>,
    ) -> Self {
        let values = id.map(|id| reference(name.to_owned(), refers_to, &id)).into_iter().collect();
        self.0.push(Field { name, values });
        self
    }

    /// A list of references to records of these kinds.
    #[must_use]
    pub fn references<T>(
        mut self,
        name: &'static str,
        refers_to: &'static [Kind],
        ids: &[Id<T>],
    ) -> Self {
        let item = |(index, id)| reference(format!("{name}.{index}"), refers_to, id);
        self.0.push(Field { name, values: ids.iter().enumerate().map(item).collect() });
        self
    }

    /// A list of what has several fields of its own, which `fields` gives.
    #[must_use]
    pub fn list<T>(
        mut self,
        name: &'static str,
        items: &[T],
        fields: impl Fn(&T, Self) -> Self,
    ) -> Self {
        let of_item = |(index, item)| {
            let values = fields(item, Self::default()).0.into_iter().flat_map(|field| field.values);
            values
                .map(move |value| Value { path: format!("{name}.{index}.{}", value.path), ..value })
        };
        self.0.push(Field { name, values: items.iter().enumerate().flat_map(of_item).collect() });
        self
    }
}

fn reference<T>(path: String, refers_to: &'static [Kind], id: &Id<T>) -> Value {
    Value { path, kind: ValueKind::Reference, refers_to, text: id.to_string() }
}

/// Folds the texts of a record and its aliases into one text that a filter can search.
#[must_use]
pub fn folded(texts: &[Option<&str>], aliases: &[String]) -> String {
    let texts = texts.iter().flatten().copied().chain(aliases.iter().map(String::as_str));
    texts.map(text::fold).collect::<Vec<String>>().join(" ")
}
