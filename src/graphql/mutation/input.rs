//! Inputs. One list of fields per kind of record defines its inputs (create, update, archive) and their conversion to
//! content.

use std::marker::PhantomData;
use std::rc::Rc;

use async_graphql::registry::Registry;
use async_graphql::{ID, InputObject, InputType, InputValueError, InputValueResult, Value};

use crate::db;
use crate::db::record::Record;
use crate::db::slug_lookup::IdsBySlug;
use crate::domain::content::{
    AGREEMENT, ASSESSABLE, CAVEAT, CLAUSE, EVENT, INTERPRETABLE, PARTY, PROPOSAL, SOURCE, TOPIC,
};
use crate::domain::id::of;
use crate::domain::{GlobalId, Id, Kind, ValidationErrorCode, ValidationErrors, text};

pub trait Referred {
    /// The kinds of records with valid ids.
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

/// A text of a record. Its GraphQL type is `String`. Line endings, and spaces before them, are normalized as in the database.
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

    /// Also accepts these slugs, and URLs of sources, in place of ids.
    pub fn with_names(names: Rc<IdsBySlug>) -> Self {
        Self { names: Some(names), ..Self::default() }
    }

    /// The record of one of these kinds with a name.
    fn by_name(&self, kinds: &[Kind], name: &str) -> Option<Id<()>> {
        let names = self.names.as_deref()?;
        kinds.iter().find_map(|kind| names.get(&(*kind, name.to_owned())).copied())
    }

    /// Whether this is the id of the record to update.
    pub fn is_own<T>(&self, id: &RecordId<T>) -> bool {
        self.own.as_ref() == Some(&id.id)
    }

    /// The id of a record. Adds an error if the id is invalid, and returns a new id.
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
    /// The collected errors, if there are any.
    pub fn into_result(self) -> Result<(), db::Error> {
        Ok(self.errors.into_result()?)
    }
}

/// A value of an input that is converted to the value `C` of a content.
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

/// The input that creates a record.
pub trait CreateInput: InputType + 'static {
    type Content: Record;

    fn content(self, ids: &mut Ids) -> Self::Content;
}

/// An input with the id of a record and, optionally, its expected version.
pub trait ChangeInput: InputType + 'static {
    type Content: Record;

    fn id(&self) -> &RecordId<<Self::Content as Record>::Of>;

    fn expected_version(&self) -> Option<i32>;
}

/// Changes the content of a record.
pub type Edit<C> = Box<dyn FnOnce(&mut C)>;

/// The input that updates a record.
pub trait UpdateInput: ChangeInput {
    /// Sets the given fields. Other fields are unchanged.
    fn edit(self, ids: &mut Ids) -> Edit<Self::Content>;
}

/// The input that archives or restores a record.
pub trait ArchiveInput: ChangeInput {
    /// True archives the record. False restores it.
    fn archived(&self) -> bool;
}

/// The field that every input of a logged change has. Part of those inputs.
#[derive(InputObject)]
pub struct Idempotency {
    /// Idempotency key. Repeating a mutation with the same key within seven days returns the first result and writes nothing. Keys are separate for each account. Use a new key, such as a UUID, for each change: a different mutation with the same key is rejected with DUPLICATE. At most 100 characters.
    idempotency_key: Option<String>,
}

/// The fields that every input of a change to an existing record has. Part of those inputs.
#[derive(InputObject)]
pub struct Change {
    /// Version of the record that this change is based on. If the record has changed since, the server writes nothing and returns CONFLICT in `userErrors`. Default: no check.
    pub expected_version: Option<i32>,
    /// The idempotency key.
    #[graphql(flatten)]
    idempotency: Idempotency,
}

/// Defines the mutations that create, update and archive a record, and their inputs, from one list of fields. A line of
/// the list has the name in the inputs, the name in the content, the presence, and the description. In brackets follow the
/// ends of the description in the create input and in the update input. Attributes apply to the create input. Fields in
/// braces are only in the create input. After `..` follow the fields that several kinds of records share.
macro_rules! inputs {
    (
        $article:literal $noun:literal $object:literal, $content:ident;
        $create:ident {
            $($fixed:ident => $fixed_target:ident: $fixed_type:ty, $fixed_description:literal;)*
        }
        $update:ident, $archive:ident { $id:ident }
        $(
            $(#[$attribute:meta])*
            $field:ident => $target:ident: $presence:ty, $description:literal
            $([$on_create:literal, $on_update:literal])?;
        )*
        $(..$shared:ident: $shared_type:ty;)*
    ) => {
        /// The names of the mutations.
        pub const NAMES: $crate::graphql::mutation::record::Names =
            $crate::graphql::mutation::record::names!($article, $noun, $object);

        /// Adds the mutations.
        pub fn mutations(
            mutations: $crate::graphql::engine::schema::Object,
        ) -> $crate::graphql::engine::schema::Object {
            NAMES.fields::<$create, $update, $archive>(mutations)
        }

        #[doc = concat!("Content of a new ", $noun, ".")]
        #[derive(async_graphql::InputObject)]
        pub struct $create {
            $(#[doc = concat!($fixed_description)] $fixed: $fixed_type,)*
            $(
                #[doc = concat!($description, $($on_create)?)]
                $(#[$attribute])*
                $field: <$presence as $crate::graphql::mutation::presence::Presence>::Create,
            )*
            $(
                #[graphql(flatten)]
                $shared: <$shared_type as $crate::graphql::mutation::presence::Presence>::Create,
            )*
            #[graphql(flatten)]
            idempotency: $crate::graphql::mutation::input::Idempotency,
        }

        impl $crate::graphql::mutation::input::CreateInput for $create {
            type Content = $content;

            fn content(self, ids: &mut $crate::graphql::mutation::input::Ids) -> $content {
                use $crate::graphql::mutation::presence::Reads;
                $content {
                    $($fixed_target: $crate::graphql::mutation::input::Given::read(self.$fixed, ids, stringify!($fixed_target)),)*
                    $($target: <$presence as Reads<_>>::created(self.$field, ids, stringify!($target)),)*
                    $($shared: $crate::graphql::mutation::presence::Shared::created(self.$shared, ids),)*
                }
            }
        }

        #[doc = concat!("Changes to ", $article, " ", $noun, ". Omitted fields are unchanged.")]
        #[derive(async_graphql::InputObject)]
        pub struct $update {
            #[doc = concat!("Id of the ", $noun, ".")]
            $id: $crate::graphql::mutation::input::RecordId<<$content as $crate::db::record::Record>::Of>,
            $(
                #[doc = concat!($description, $($on_update)?)]
                $field: <$presence as $crate::graphql::mutation::presence::Presence>::Update,
            )*
            $(
                #[graphql(flatten)]
                $shared: <$shared_type as $crate::graphql::mutation::presence::Presence>::Update,
            )*
            #[graphql(flatten)]
            change: $crate::graphql::mutation::input::Change,
        }

        impl $crate::graphql::mutation::input::UpdateInput for $update {
            fn edit(
                self,
                ids: &mut $crate::graphql::mutation::input::Ids,
            ) -> $crate::graphql::mutation::input::Edit<$content> {
                use $crate::graphql::mutation::presence::Reads;
                $(let $target = <$presence as Reads<_>>::updated(self.$field, ids, stringify!($target));)*
                $(let $shared: $crate::graphql::mutation::input::Edit<$shared_type> =
                    $crate::graphql::mutation::presence::Shared::edit(self.$shared, ids);)*
                Box::new(move |content: &mut $content| {
                    $(if let Some(value) = $target {
                        <$presence as Reads<_>>::replace(&mut content.$target, value);
                    })*
                    $($shared(&mut content.$shared);)*
                })
            }
        }

        #[doc = concat!("Archives or restores ", $article, " ", $noun, ".")]
        #[derive(async_graphql::InputObject)]
        pub struct $archive {
            #[doc = concat!("Id of the ", $noun, ".")]
            $id: $crate::graphql::mutation::input::RecordId<<$content as $crate::db::record::Record>::Of>,
            /// True archives the record. False restores it.
            #[graphql(default = true)]
            archived: bool,
            #[graphql(flatten)]
            change: $crate::graphql::mutation::input::Change,
        }

        impl $crate::graphql::mutation::input::ArchiveInput for $archive {
            fn archived(&self) -> bool {
                self.archived
            }
        }

        $crate::graphql::mutation::input::inputs!(@change $update, $content, $id);
        $crate::graphql::mutation::input::inputs!(@change $archive, $content, $id);
    };
    (@change $input:ident, $content:ident, $id:ident) => {
        impl $crate::graphql::mutation::input::ChangeInput for $input {
            type Content = $content;

            fn id(
                &self,
            ) -> &$crate::graphql::mutation::input::RecordId<<$content as $crate::db::record::Record>::Of> {
                &self.$id
            }

            fn expected_version(&self) -> Option<i32> {
                self.change.expected_version
            }
        }
    };
}
pub(super) use inputs;
