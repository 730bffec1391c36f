//! The tables of fields that make up the API: each field's name, type, description, arguments, columns and reader stand
//! together, once.
//!
//! From the tables, async-graphql's registry is filled, which prints the contract; from the contract, the documents of
//! clients are checked and planned.

use std::any::Any;
use std::collections::HashMap;

use apollo_compiler::collections::HashMap as ApolloMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use async_graphql::registry::Registry;
use async_graphql::{EnumType, InputType};

use super::call::{Call, Resolved};
use super::leaf::{Encoding, Leaf, LeafType};
use crate::db::rows::{Column, Rows};
use crate::db::{DbConnection, Error as DbError};
use crate::domain::{Id, Kind, StringEnum};
use crate::graphql::error::Error;
use crate::graphql::scalar::{Date, DateTime};

/// Everything that documents are planned and executed by.
pub struct Schema {
    objects: Vec<Object>,
    by_name: HashMap<&'static str, ObjectId>,
    records: HashMap<Kind, Record>,
    /// The contract, as documents are checked against it.
    pub(in crate::graphql) definitions: Valid<apollo_compiler::Schema>,
    pub(super) implementers: ApolloMap<apollo_compiler::Name, Implementers>,
}

/// Which object type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectId(usize);

impl Schema {
    /// The schema with these object types and this contract.
    ///
    /// # Errors
    /// What is wrong with the contract.
    pub fn new(objects: Vec<Object>, records: Vec<Record>, sdl: &str) -> Result<Self, String> {
        let definitions = apollo_compiler::Schema::parse_and_validate(sdl, "schema.graphql")
            .map_err(|failure| failure.errors.to_string())?;
        let implementers = definitions.implementers_map();
        let by_name = objects
            .iter()
            .enumerate()
            .map(|(index, object)| (object.name, ObjectId(index)))
            .collect();
        let records = records.into_iter().map(|record| (record.kind, record)).collect();
        Ok(Self { objects, by_name, records, definitions, implementers })
    }

    /// The object type with that name.
    pub fn object(&self, name: &str) -> Option<ObjectId> {
        self.by_name.get(name).copied()
    }

    /// The table of an object type.
    pub fn table(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(id.0)
    }

    /// How records of a kind are read.
    pub fn record(&self, kind: Kind) -> Option<&Record> {
        self.records.get(&kind)
    }
}

/// How records of a kind are read by id.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// The kind.
    pub kind: Kind,
    /// Its object type.
    pub object: &'static str,
    /// The tables, joined; with `WHERE` and a condition where not every row is of the kind.
    pub from: &'static str,
    /// The column of its id.
    pub id: Column,
}

impl Record {
    /// These columns of the records with these ids. Each row has its id at position 0.
    ///
    /// # Errors
    /// Those of the database.
    pub fn select(
        &self,
        connection: &mut DbConnection,
        ids: &[Id<()>],
        columns: &[Column],
    ) -> Result<Rows, DbError> {
        let mut selected = vec![self.id];
        selected.extend(columns.iter().copied().filter(|column| *column != self.id));
        Rows::by_ids(connection, self.from, &selected, ids)
    }
}

/// An object type.
pub struct Object {
    /// Its name.
    pub name: &'static str,
    /// What its readers have to know.
    pub description: &'static str,
    pub(in crate::graphql) interfaces: Vec<&'static str>,
    pub(in crate::graphql) fields: Vec<Field>,
}

impl Object {
    /// An object type without fields.
    pub fn new(name: &'static str, description: &'static str) -> Self {
        Self { name, description, interfaces: Vec::new(), fields: Vec::new() }
    }

    /// Says that it implements an interface.
    #[must_use]
    pub fn implements(mut self, interface: &'static str) -> Self {
        self.interfaces.push(interface);
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: &'static str, description: &'static str, reader: Reader) -> Self {
        self.fields.push(Field { name, description, reader });
        self
    }

    /// Adds the fields of a group that several types have.
    #[must_use]
    pub fn fields(self, group: impl FnOnce(Self) -> Self) -> Self {
        group(self)
    }

    /// Whether the field with that name depends on what the change log does not record.
    pub(super) fn is_unlogged(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name && field.reader.is_unlogged)
    }

    /// Which of its fields has that name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// A field of an object type.
pub struct Field {
    pub(in crate::graphql) name: &'static str,
    pub(in crate::graphql) description: &'static str,
    pub(in crate::graphql) reader: Reader,
}

/// An interface or union.
pub struct Abstract {
    /// Its name.
    pub name: &'static str,
    /// What its readers have to know.
    pub description: &'static str,
    /// The object types that belong to a union; empty for an interface, whose members say so themselves.
    pub members: &'static [&'static str],
    /// The fields of an interface, which its members have in common, with their descriptions; empty for a union.
    pub fields: &'static [(&'static str, &'static str)],
}

/// An argument of a field.
pub(in crate::graphql) struct Argument {
    pub(in crate::graphql) name: &'static str,
    pub(in crate::graphql) description: &'static str,
    pub(in crate::graphql) ty: String,
    pub(in crate::graphql) default: Option<&'static str>,
    pub(in crate::graphql) register: fn(&mut Registry),
}

/// The type of a field, its arguments, and how its value is found.
pub struct Reader {
    /// As GraphQL writes it: `[Clause!]!`.
    pub(in crate::graphql) ty: String,
    /// Adds the type to the registry, if it is none of the tables'.
    pub(in crate::graphql) register: Option<fn(&mut Registry)>,
    pub(in crate::graphql) arguments: Vec<Argument>,
    /// The columns that have to be selected for the field.
    pub(in crate::graphql) columns: Vec<Column>,
    pub(in crate::graphql) deprecation: Option<&'static str>,
    /// How many statements finding the values takes.
    pub(super) statements: Statements,
    /// Whether the value depends on who asks, or on what the change log does not record.
    pub(super) is_unlogged: bool,
    /// The column that is the value where no argument is given.
    pub(super) plain: Option<(Column, Encoding)>,
    pub(super) resolver: Resolver,
}

/// How many statements finding the values of a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statements {
    /// None: everything was read before.
    None,
    /// One.
    One,
    /// It is not known.
    Any,
}

/// How the value of a field is found.
pub(super) enum Resolver {
    /// It is the column of the row.
    Column(Encoding),
    /// It is made of the parent's value, without reading anything.
    Value(ValueReader),
    /// It is found for all parents at once.
    Call(Box<dyn Resolve>),
}

type ValueReader = Box<dyn Fn(&dyn Any, usize) -> Leaf + Send + Sync>;

/// Finds the values of a field for all parents of a level at once.
pub trait Resolve: Send + Sync {
    /// One value for each parent, in order.
    ///
    /// # Errors
    /// What keeps the field from being answered for every parent.
    fn resolve(&self, call: &mut Call<'_, '_>) -> Result<Resolved, Error>;
}

impl<F> Resolve for F
where
    F: Fn(&mut Call<'_, '_>) -> Result<Resolved, Error> + Send + Sync,
{
    fn resolve(&self, call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
        self(call)
    }
}

impl Reader {
    fn new(ty: impl Into<String>, resolver: Resolver) -> Self {
        let (ty, register) = (ty.into(), None);
        let (arguments, columns) = (Vec::new(), Vec::new());
        let (deprecation, plain) = (None, None);
        let (is_unlogged, statements) = (false, Statements::Any);
        Self {
            ty,
            register,
            arguments,
            columns,
            deprecation,
            statements,
            is_unlogged,
            plain,
            resolver,
        }
    }

    /// Allows the value to be null.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        if self.ty.ends_with('!') {
            self.ty.pop();
        }
        self
    }

    /// Announces that the field will go.
    #[must_use]
    pub fn deprecated(mut self, reason: &'static str) -> Self {
        self.deprecation = Some(reason);
        self
    }

    /// Adds an argument. One whose type is an `Option` may be absent.
    #[must_use]
    pub fn argument<T: InputType>(mut self, name: &'static str, description: &'static str) -> Self {
        self.arguments.push(Argument {
            name,
            description,
            ty: T::qualified_type_name(),
            default: None,
            register: |registry| drop(T::create_type_info(registry)),
        });
        self
    }

    /// Adds an argument that has a default, written as in GraphQL.
    #[must_use]
    pub fn argument_or<T: InputType>(
        self,
        name: &'static str,
        default: &'static str,
        description: &'static str,
    ) -> Self {
        let mut reader = self.argument::<T>(name, description);
        if let Some(argument) = reader.arguments.last_mut() {
            argument.default = Some(default);
        }
        reader
    }

    /// Adds the arguments of a group that several fields have.
    #[must_use]
    pub fn arguments(self, group: impl FnOnce(Self) -> Self) -> Self {
        group(self)
    }

    /// Takes the value from `plain`, a column, where no argument is given.
    #[must_use]
    pub fn without_arguments(mut self, plain: Self) -> Self {
        if let (Resolver::Column(encoding), Some(column)) = (plain.resolver, plain.columns.first())
        {
            self.plain = Some((*column, encoding));
        }
        self
    }

    /// Says that the value depends on who asks, or on what the change log does not record: it is never kept.
    #[must_use]
    pub fn unlogged(mut self) -> Self {
        self.is_unlogged = true;
        self
    }

    /// Says that finding the values takes no statement.
    #[must_use]
    pub fn reads_nothing(mut self) -> Self {
        self.statements = Statements::None;
        self
    }

    /// Says that finding the values takes one statement, unless one of the arguments names a record that has to be looked
    /// up (see `plan::LOOKED_UP`).
    #[must_use]
    pub fn reads_once(mut self) -> Self {
        self.statements = Statements::One;
        self
    }

    /// Selects further columns for the field.
    #[must_use]
    pub fn needs(mut self, columns: &[Column]) -> Self {
        self.columns.extend_from_slice(columns);
        self
    }
}

fn column(ty: &str, column: Column, encoding: Encoding) -> Reader {
    Reader::new(format!("{ty}!"), Resolver::Column(encoding)).needs(&[column])
}

/// A column of text.
pub fn text(of: Column) -> Reader {
    column("String", of, Encoding::Text)
}

/// A column of a JSON array of texts.
pub fn texts(of: Column) -> Reader {
    column("[String!]", of, Encoding::Texts)
}

/// A column of whole numbers.
pub fn integer(of: Column) -> Reader {
    column("Int", of, Encoding::Integer)
}

/// A column of truth values.
pub fn boolean(of: Column) -> Reader {
    column("Boolean", of, Encoding::Boolean)
}

/// A column of days.
pub fn date(of: Column) -> Reader {
    let mut reader = column("Date", of, Encoding::Text);
    reader.register = Some(|registry| {
        drop(<Date as InputType>::create_type_info(registry));
    });
    reader
}

/// A column of instants.
pub fn instant(of: Column) -> Reader {
    let mut reader = column("DateTime", of, Encoding::Instant);
    reader.register = Some(|registry| {
        drop(<DateTime as InputType>::create_type_info(registry));
    });
    reader
}

/// The id of a record of that kind.
pub fn id(kind: Kind, of: Column) -> Reader {
    column("ID", of, Encoding::Id(kind))
}

/// A column of values of the enum `E`, stored by the names of `S`.
pub fn string_enum<E, S>(of: Column) -> Reader
where
    E: EnumType + InputType,
    S: StringEnum + From<E>,
{
    let mut reader = column(&E::type_name(), of, Encoding::string_enum::<E, S>());
    reader.register = Some(|registry| drop(E::create_type_info(registry)));
    reader
}

/// A leaf that is made of the parent's value of the type `T`.
pub fn value<T: 'static, V: LeafType>(read: fn(&T) -> V) -> Reader {
    let read = move |parents: &dyn Any, index: usize| {
        let parents = parents.downcast_ref::<Vec<T>>();
        let parent = parents.and_then(|parents| parents.get(index));
        parent.map_or_else(
            || Leaf::Failed(Box::new(Error::internal("a value of another type"))),
            |parent| read(parent).leaf(),
        )
    };
    let mut reader = Reader::new(V::type_name(), Resolver::Value(Box::new(read)));
    reader.register = Some(V::register);
    reader
}

/// A field whose values are found for all parents at once; `ty` as GraphQL writes it. An object type of the tables, or an
/// interface or union of them.
pub fn call(ty: &'static str, resolve: impl Resolve + 'static) -> Reader {
    Reader::new(ty, Resolver::Call(Box::new(resolve)))
}

/// A leaf of the type `V` that is found for all parents at once.
pub fn leaf<V: LeafType>(
    resolve: impl Fn(&mut Call<'_, '_>) -> Result<Vec<V>, Error> + Send + Sync + 'static,
) -> Reader {
    let resolve = move |call: &mut Call<'_, '_>| {
        let values = resolve(call)?;
        Ok(Resolved::Leaves(values.into_iter().map(LeafType::leaf).collect()))
    };
    let mut reader = Reader::new(V::type_name(), Resolver::Call(Box::new(resolve)));
    reader.register = Some(V::register);
    reader
}
