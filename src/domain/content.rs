//! The content of records of all kinds. It can be validated, its references can be looked up, and the change log stores it
//! field by field.

use chrono::NaiveDate;

use super::external_id::ExternalIdContent;
use super::string_enum::string_enum;
use super::{Id, Kind, StringEnum, ValidationErrorCode, ValidationErrors, text};

/// The content of a record: the fields that its author states, without derived values.
pub trait Content: Clone + PartialEq + Send + 'static {
    /// Adds all errors that do not depend on other records.
    fn check(&self, errors: &mut ValidationErrors);

    /// The identifiers in other collections.
    fn external_ids(&self) -> &[ExternalIdContent] {
        &[]
    }

    /// The referenced records.
    fn references(&self) -> Vec<Reference>;

    /// The fields by name, for the change log.
    fn fields(&self) -> Vec<Field>;
}

/// A reference to another record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The path of the field that contains the reference.
    pub path: String,
    /// The valid kinds of the referenced record.
    pub kinds: &'static [Kind],
    /// The id of the referenced record.
    pub id: String,
}

impl Reference {
    /// A reference to a record of one of these kinds.
    pub fn to<T>(kinds: &'static [Kind], path: impl Into<String>, id: Id<T>) -> Self {
        Self { path: path.into(), kinds, id: id.to_string() }
    }
}

/// A list of references, built step by step.
#[derive(Debug, Default)]
pub struct References(pub Vec<Reference>);

impl References {
    /// Adds a reference.
    pub fn add<T>(&mut self, kinds: &'static [Kind], path: &str, id: Id<T>) {
        self.0.push(Reference::to(kinds, path, id));
    }

    /// Adds a reference if it is not `None`.
    pub fn add_optional<T>(&mut self, kinds: &'static [Kind], path: &str, id: Option<Id<T>>) {
        if let Some(id) = id {
            self.add(kinds, path, id);
        }
    }

    /// Adds all references of a list.
    pub fn add_all<T>(&mut self, kinds: &'static [Kind], path: &str, ids: &[Id<T>]) {
        for (index, id) in ids.iter().enumerate() {
            self.add(kinds, &format!("{path}.{index}"), *id);
        }
    }
}

/// The kinds of record to which a reference to a party can point.
pub const PARTY: &[Kind] = &[Kind::Party];
/// The kinds of record to which a reference to a source can point.
pub const SOURCE: &[Kind] = &[Kind::Source];
/// The kinds of record to which a reference to a topic can point.
pub const TOPIC: &[Kind] = &[Kind::Topic];
/// The kinds of record to which a reference to an agreement can point.
pub const AGREEMENT: &[Kind] = &[Kind::Agreement];
/// The kinds of record to which a reference to a clause can point.
pub const CLAUSE: &[Kind] = &[Kind::Clause];
/// The kinds of record to which a reference to a proposal can point.
pub const PROPOSAL: &[Kind] = &[Kind::Proposal];
/// The kinds of record to which a reference to a caveat can point.
pub const CAVEAT: &[Kind] = &[Kind::Caveat];
/// The kinds of record to which a reference to an event can point.
pub const EVENT: &[Kind] = &[Kind::Event];
/// The kinds of record to which a reference to a clause, caveat or proposal can point.
pub const ASSESSABLE: &[Kind] = &[Kind::Clause, Kind::Caveat, Kind::Proposal];

/// The kinds of record to which a reference to a clause or caveat can point.
pub const INTERPRETABLE: &[Kind] = &[Kind::Clause, Kind::Caveat];

/// Adds an error for each list item that repeats an earlier item.
pub fn check_distinct<T: PartialEq>(errors: &mut ValidationErrors, path: &str, items: &[T]) {
    for (index, item) in items.iter().enumerate() {
        if let Some(first) = items.iter().take(index).position(|other| other == item) {
            let message = format!("repeats item {first} of {path}");
            errors.add(ValidationErrorCode::Duplicate, &format!("{path}.{index}"), message);
        }
    }
}

/// The maximum number of aliases of a record.
const MAX_ALIASES: usize = 50;

/// Checks the aliases of a record.
pub fn check_aliases(errors: &mut ValidationErrors, aliases: &[String]) {
    if aliases.len() > MAX_ALIASES {
        let message =
            format!("has {} names; a record has at most {MAX_ALIASES} aliases", aliases.len());
        errors.add(ValidationErrorCode::TooLong, "aliases", message);
    }
    for (index, alias) in aliases.iter().enumerate() {
        text::check_name(errors, &format!("aliases.{index}"), alias, text::MAX_LINE);
    }
    check_distinct(errors, "aliases", aliases);
}

string_enum! {
    /// The type of a value in the change log.
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

/// A field and its values, for the change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name of the field in the API, in `snake_case`.
    pub name: &'static str,
    /// The value, or the values of all items of a list. Empty if nothing is stated.
    pub values: Vec<Value>,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The path: the name of the field. In a list, the index of the item (from 0) follows. If items have several fields, the
    /// name of the item's field follows the index: `obligations.0.held_by`.
    pub path: String,
    /// The type.
    pub kind: ValueKind,
    /// The valid kinds of the referenced record. Empty for values that are not references.
    pub refers_to: &'static [Kind],
    /// The value as text.
    pub text: String,
}

/// A list of fields, built step by step.
#[derive(Debug, Default)]
pub struct Fields(pub Vec<Field>);

impl Fields {
    fn add(mut self, name: &'static str, kind: ValueKind, text: Option<String>) -> Self {
        let value = |text| Value { path: name.to_owned(), kind, refers_to: &[], text };
        self.0.push(Field { name, values: text.map(value).into_iter().collect() });
        self
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(self, name: &'static str, value: &str) -> Self {
        self.add(name, ValueKind::Text, Some(value.to_owned()))
    }

    /// Adds an optional text field.
    #[must_use]
    pub fn text_optional(self, name: &'static str, value: Option<&String>) -> Self {
        self.add(name, ValueKind::Text, value.cloned())
    }

    /// Adds a field that is a list of texts.
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

    /// Adds an integer.
    #[must_use]
    pub fn integer(self, name: &'static str, value: i32) -> Self {
        self.add(name, ValueKind::Integer, Some(value.to_string()))
    }

    /// Adds a boolean.
    #[must_use]
    pub fn boolean(self, name: &'static str, value: bool) -> Self {
        self.add(name, ValueKind::Boolean, Some(value.to_string()))
    }

    /// Adds a day.
    #[must_use]
    pub fn date(self, name: &'static str, value: Option<NaiveDate>) -> Self {
        self.add(name, ValueKind::Date, value.map(|day| day.to_string()))
    }

    /// Adds a value of an enum.
    #[must_use]
    pub fn string_enum<C: StringEnum>(self, name: &'static str, value: C) -> Self {
        self.add(name, ValueKind::Choice, Some(value.name()))
    }

    /// Adds a status, as stored.
    #[must_use]
    pub fn status(self, name: &'static str, value: &str) -> Self {
        self.add(name, ValueKind::Choice, Some(value.to_ascii_uppercase()))
    }

    /// Adds a reference to a record of one of these kinds.
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

    /// Adds a list of references to records of these kinds.
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

    /// Adds fields that several kinds of records share.
    #[must_use]
    pub fn append(self, add: impl FnOnce(Self) -> Self) -> Self {
        add(self)
    }

    /// Adds a list of items with several fields. `fields` returns the fields of an item.
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

/// Folds the texts and aliases of a record into one text, in which text filters look for matches.
#[must_use]
pub fn folded(texts: &[Option<&str>], aliases: &[String]) -> String {
    let texts = texts.iter().flatten().copied().chain(aliases.iter().map(String::as_str));
    texts.map(text::fold).collect::<Vec<String>>().join(" ")
}
