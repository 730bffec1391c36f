//! The parts of inputs: ids, texts, and the fields that many inputs have.

use std::marker::PhantomData;
use std::rc::Rc;

use async_graphql::registry::Registry;
use async_graphql::{ID, InputObject, InputType, InputValueError, InputValueResult, Value};

use crate::db;
use crate::db::slug_lookup::IdsBySlug;
use crate::domain::content::{
    AGREEMENT, ASSESSABLE, CAVEAT, CLAUSE, EVENT, INTERPRETABLE, PARTY, PROPOSAL, SOURCE, TOPIC,
};
use crate::domain::id::of;
use crate::domain::{GlobalId, Id, Kind, ValidationErrorCode, ValidationErrors, text};

pub trait Referred {
    /// The kinds of records whose ids are valid.
    const KINDS: &'static [Kind];
}

macro_rules! referred {
    ($($of:ident: $kinds:expr;)*) => {
        $(impl Referred for of::$of {
            const KINDS: &'static [Kind] = $kinds;
        })*
    };
}

referred! {
    Agreement: AGREEMENT;
    Caveat: CAVEAT;
    Clause: CLAUSE;
    Event: EVENT;
    Interpretable: INTERPRETABLE;
    Interpretation: &[Kind::Interpretation];
    Party: PARTY;
    Precondition: &[Kind::Precondition];
    Proposal: PROPOSAL;
    Source: SOURCE;
    StatusCheck: &[Kind::StatusCheck];
    Submission: &[Kind::Submission];
    Token: &[Kind::Token];
    Webhook: &[Kind::Webhook];
    Topic: TOPIC;
    Assessable: ASSESSABLE;
}

/// The global id of a record of the type `T`, not yet validated. Its GraphQL type is `ID`.
pub struct RecordId<T> {
    id: ID,
    of: PhantomData<fn() -> T>,
}

impl<T> RecordId<T> {
    pub fn given(&self) -> &ID {
        &self.id
    }
}

impl<T> Clone for RecordId<T> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), of: PhantomData }
    }
}

impl<T> InputType for RecordId<T> {
    type RawValueType = ID;

    fn type_name() -> std::borrow::Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let id = <ID as InputType>::parse(value).map_err(InputValueError::propagate)?;
        Ok(Self { id, of: PhantomData })
    }

    fn to_value(&self) -> Value {
        InputType::to_value(&self.id)
    }

    fn as_raw_value(&self) -> Option<&ID> {
        Some(&self.id)
    }
}

/// A text field of a record. Its GraphQL type is `String`. Line endings, and spaces before them, are normalized as in the
/// database.
pub struct Text(String);

impl InputType for Text {
    type RawValueType = String;

    fn type_name() -> std::borrow::Cow<'static, str> {
        <String as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <String as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = <String as InputType>::parse(value).map_err(InputValueError::propagate)?;
        Ok(Self(text::tidy(&text).into_owned()))
    }

    fn to_value(&self) -> Value {
        InputType::to_value(&self.0)
    }

    fn as_raw_value(&self) -> Option<&String> {
        Some(&self.0)
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

/// Reads ids, and collects the errors of the whole input.
#[derive(Default)]
pub struct Ids {
    errors: ValidationErrors,
    /// The id of the record to update. None if the input creates a record.
    own: Option<ID>,
    renamed: Vec<(&'static str, &'static str)>,
    /// The records that can be named by slug or URL. None if only ids are valid.
    names: Option<Rc<IdsBySlug>>,
}

impl Ids {
    pub fn updating(own: &ID) -> Self {
        Self { own: Some(own.clone()), ..Self::default() }
    }

    /// Also accepts the slugs and URLs in `names` in place of ids.
    pub fn with_names(names: Rc<IdsBySlug>) -> Self {
        Self { names: Some(names), ..Self::default() }
    }

    /// The record of one of these kinds that has this name.
    fn by_name(&self, kinds: &[Kind], name: &str) -> Option<Id<()>> {
        let names = self.names.as_deref()?;
        kinds.iter().find_map(|kind| names.get(&(*kind, name.to_owned())).copied())
    }

    /// Whether this is the id of the record to update.
    pub fn is_own<T>(&self, id: &RecordId<T>) -> bool {
        self.own.as_ref() == Some(&id.id)
    }

    /// The id of a record. If the id is invalid, adds an error and returns a new id.
    pub fn one<T: Referred>(&mut self, path: &str, given: &RecordId<T>) -> Id<T> {
        let quoted = text::quote(&given.id);
        let words: Vec<String> = T::KINDS.iter().map(|kind| kind.words()).collect();
        let expected = words.join(" or ");
        let message = match GlobalId::decode(&given.id) {
            Some(decoded) if T::KINDS.contains(&decoded.kind) => {
                return Id::from_uuid(decoded.uuid);
            }
            Some(decoded) => {
                let kind = decoded.kind.words();
                format!("{quoted} is an id of kind {kind}, not {expected}")
            }
            None => {
                if let Some(id) = self.by_name(T::KINDS, &given.id) {
                    return id.cast();
                }
                match (&self.names, T::KINDS) {
                    (None, _) => format!("{quoted} is not an id: give an `id` of kind {expected}"),
                    (_, SOURCE) => format!("{quoted} is not the id, slug or URL of a source"),
                    _ => format!("{quoted} is neither the id nor the slug of a {expected}"),
                }
            }
        };
        self.note(ValidationErrorCode::Invalid, path, message);
        Id::new()
    }

    pub fn optional<T: Referred>(
        &mut self,
        path: &str,
        given: Option<&RecordId<T>>,
    ) -> Option<Id<T>> {
        given.map(|given| self.one(path, given))
    }

    /// Declares that the field `name` of the content comes from the input field `input`, which has another name.
    pub fn rename(&mut self, name: &'static str, input: &'static str) {
        self.renamed.push((name, input));
    }

    /// The names of content fields and of the input fields that they come from, if [`Self::rename`] declared them.
    pub fn renamed(&self) -> Vec<(&'static str, &'static str)> {
        self.renamed.clone()
    }

    /// Adds an error.
    pub fn note(&mut self, code: ValidationErrorCode, path: &str, message: String) {
        self.errors.add(code, path, message);
    }

    /// The collected errors.
    pub fn into_errors(self) -> ValidationErrors {
        self.errors
    }

    /// # Errors
    /// Fails with the collected errors, if there are any.
    pub fn into_result(self) -> Result<(), db::Error> {
        Ok(self.errors.into_result()?)
    }
}

/// A value of an input that can be converted to the type `C` of a field of the content.
pub trait Given<C> {
    /// Converts the value. `path` is its path in the content, for errors.
    fn read(self, ids: &mut Ids, path: &str) -> C;
}

impl<T, C: From<T>> Given<C> for T {
    fn read(self, _ids: &mut Ids, _path: &str) -> C {
        self.into()
    }
}

impl<T: Referred> Given<Id<T>> for RecordId<T> {
    fn read(self, ids: &mut Ids, path: &str) -> Id<T> {
        ids.one(path, &self)
    }
}

/// Changes the content of a record.
pub type Edit<C> = Box<dyn FnOnce(&mut C)>;

/// The field that all inputs of logged changes share.
#[derive(InputObject)]
pub struct Idempotency {
    /// Idempotency key. Repeating a mutation with the same key within seven days returns the first result and writes nothing. Keys are separate for each account. Use a new key, such as a UUID, for each change: a different mutation with the same key is rejected with DUPLICATE. At most 100 characters.
    idempotency_key: Option<String>,
}

/// The fields that all inputs of changes to existing records share.
#[derive(InputObject)]
pub struct Change {
    /// Version of the record that this change is based on. If the record has changed since, the server writes nothing and returns CONFLICT in `userErrors`. Default: no check.
    pub expected_version: Option<i32>,
    /// The idempotency key.
    #[graphql(flatten)]
    idempotency: Idempotency,
}
