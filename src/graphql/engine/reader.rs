//! Readers of fields: the type, the arguments, the columns, and the resolver of the value.

use std::any::Any;

use async_graphql::registry::Registry;
use async_graphql::{EnumType, InputType};

use super::call::{Call, Resolved};
use super::leaf::{Encoding, Leaf, LeafType};
use crate::db::rows::Column;
use crate::domain::{Kind, StringEnum};
use crate::graphql::error::Error;
use crate::graphql::scalar::{Date, DateTime};

/// An argument of a field.
pub(in crate::graphql) struct Argument {
    pub(in crate::graphql) name: &'static str,
    pub(in crate::graphql) description: &'static str,
    pub(in crate::graphql) ty: String,
    pub(in crate::graphql) default: Option<&'static str>,
    pub(in crate::graphql) register: fn(&mut Registry),
}

/// The type of a field, its arguments, and the resolver of its value.
pub struct Reader {
    /// The GraphQL type, such as `[Clause!]!`.
    pub(in crate::graphql) ty: String,
    /// Adds the type to async-graphql's registry. Only leaf types need it, because they have no table.
    pub(in crate::graphql) register: Option<fn(&mut Registry)>,
    pub(in crate::graphql) arguments: Vec<Argument>,
    /// The columns of the parent's row that the value needs.
    pub(in crate::graphql) columns: Vec<Column>,
    pub(in crate::graphql) deprecation: Option<&'static str>,
    pub(super) statements: Statements,
    /// See [`Reader::unlogged`].
    pub(super) is_unlogged: bool,
    /// The column that contains the value if no argument is given.
    pub(super) plain: Option<(Column, Encoding)>,
    pub(super) resolver: Resolver,
}

/// The number of statements that the values of a field need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statements {
    None,
    One,
    /// An unknown number.
    Any,
}

/// The resolver of a field's value.
pub(super) enum Resolver {
    /// A column of the parent's row.
    Column(Encoding),
    /// A function of the parent's value.
    Value(ValueReader),
    /// A call for all parents at once.
    Call(Box<dyn Resolve>),
}

type ValueReader = Box<dyn Fn(&dyn Any, usize) -> Leaf + Send + Sync>;

pub trait Resolve: Send + Sync {
    /// One value for each parent, in order. An error applies to every parent.
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
        Self {
            ty: ty.into(),
            register: None,
            arguments: Vec::new(),
            columns: Vec::new(),
            deprecation: None,
            statements: Statements::Any,
            is_unlogged: false,
            plain: None,
            resolver,
        }
    }

    /// Registers the type with async-graphql.
    fn registered(mut self, register: fn(&mut Registry)) -> Self {
        self.register = Some(register);
        self
    }

    #[must_use]
    pub fn nullable(mut self) -> Self {
        if self.ty.ends_with('!') {
            self.ty.pop();
        }
        self
    }

    #[must_use]
    pub fn deprecated(mut self, reason: &'static str) -> Self {
        self.deprecation = Some(reason);
        self
    }

    /// Adds an argument. Optional if `T` is an `Option`.
    #[must_use]
    pub fn argument<T: InputType>(mut self, name: &'static str, description: &'static str) -> Self {
        self.arguments.push(Argument {
            name,
            description,
            ty: T::qualified_type_name(),
            default: None,
            register: register::<T>,
        });
        self
    }

    /// Adds an argument with a default. The default is in GraphQL syntax.
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

    /// Adds arguments that several fields share.
    #[must_use]
    pub fn arguments(self, group: impl FnOnce(Self) -> Self) -> Self {
        group(self)
    }

    /// Uses the value of the column `plain` if no argument is given.
    #[must_use]
    pub fn without_arguments(mut self, plain: Self) -> Self {
        if let (Resolver::Column(encoding), Some(column)) = (plain.resolver, plain.columns.first())
        {
            self.plain = Some((*column, encoding));
        }
        self
    }

    /// Declares that the value depends on the viewer, or on data that is not in the change log. Responses with this field are
    /// not cached.
    #[must_use]
    pub fn unlogged(mut self) -> Self {
        self.is_unlogged = true;
        self
    }

    #[must_use]
    pub(super) fn takes(mut self, statements: Statements) -> Self {
        self.statements = statements;
        self
    }

    #[must_use]
    pub fn reads_nothing(self) -> Self {
        self.takes(Statements::None)
    }

    /// Declares that the values need one statement, or more if an argument needs a lookup (`LOOKUP_ARGUMENTS` in `plan.rs`).
    #[must_use]
    pub fn reads_once(self) -> Self {
        self.takes(Statements::One)
    }

    /// Adds columns of the parent's row that the value needs.
    #[must_use]
    pub fn needs(mut self, columns: &[Column]) -> Self {
        self.columns.extend_from_slice(columns);
        self
    }
}

fn column(ty: &str, column: Column, encoding: Encoding) -> Reader {
    Reader::new(format!("{ty}!"), Resolver::Column(encoding)).needs(&[column])
}

pub fn text(of: Column) -> Reader {
    column("String", of, Encoding::Text)
}

/// A column with a JSON array of strings.
pub fn texts(of: Column) -> Reader {
    column("[String!]", of, Encoding::Texts)
}

pub fn integer(of: Column) -> Reader {
    column("Int", of, Encoding::Integer)
}

pub fn boolean(of: Column) -> Reader {
    column("Boolean", of, Encoding::Boolean)
}

pub fn date(of: Column) -> Reader {
    column("Date", of, Encoding::Text).registered(register::<Date>)
}

pub fn instant(of: Column) -> Reader {
    column("DateTime", of, Encoding::Instant).registered(register::<DateTime>)
}

fn register<T: InputType>(registry: &mut Registry) {
    drop(T::create_type_info(registry));
}

/// A column with the UUID of a record. The value is its global id.
pub fn id(kind: Kind, of: Column) -> Reader {
    column("ID", of, Encoding::Id(kind))
}

/// A column with values of the GraphQL enum `E`. `S` is the enum of the stored names.
pub fn string_enum<E, S>(of: Column) -> Reader
where
    E: EnumType + InputType,
    S: StringEnum + From<E>,
{
    column(&E::type_name(), of, Encoding::string_enum::<E, S>()).registered(register::<E>)
}

/// A leaf that `read` computes from the parent's value.
pub fn value<T: 'static, V: LeafType>(read: fn(&T) -> V) -> Reader {
    let read = move |parents: &dyn Any, index: usize| {
        let parents = parents.downcast_ref::<Vec<T>>();
        let parent = parents.and_then(|parents| parents.get(index));
        parent.map_or_else(
            || {
                Leaf::Failed(Box::new(Error::internal(
                    "the parent is missing or has an unexpected type",
                )))
            },
            |parent| read(parent).into_leaf(),
        )
    };
    Reader::new(V::type_name(), Resolver::Value(Box::new(read))).registered(V::register)
}

/// Objects that `resolve` returns for all parents at once. `ty` is a GraphQL type, such as `[Party!]!`.
pub fn call(ty: &'static str, resolve: impl Resolve + 'static) -> Reader {
    Reader::new(ty, Resolver::Call(Box::new(resolve)))
}

/// Leaves that `resolve` returns for all parents at once.
pub fn leaf<V: LeafType>(
    resolve: impl Fn(&mut Call<'_, '_>) -> Result<Vec<V>, Error> + Send + Sync + 'static,
) -> Reader {
    let resolve = move |call: &mut Call<'_, '_>| {
        let values = resolve(call)?;
        Ok(Resolved::Leaves(values.into_iter().map(LeafType::into_leaf).collect()))
    };
    Reader::new(V::type_name(), Resolver::Call(Box::new(resolve))).registered(V::register)
}
