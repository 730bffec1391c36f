//! The object types of the API. Each has a table of its fields: name, description and reader (`reader.rs`).
//!
//! `graphql/contract.rs` prints `schema.graphql` from the tables. The server validates and plans documents against
//! `schema.graphql`.

use std::collections::HashMap;

use apollo_compiler::collections::HashMap as ApolloMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;

use super::reader::Reader;
use crate::db::rows::{Column, Rows};
use crate::db::{DbConnection, Error as DbError};
use crate::domain::{Id, Kind};

/// The object types, the records, and the contract.
pub struct Schema {
    objects: Vec<Object>,
    by_name: HashMap<&'static str, ObjectId>,
    records: HashMap<Kind, Record>,
    /// The contract, parsed by apollo-compiler.
    pub(in crate::graphql) definitions: Valid<apollo_compiler::Schema>,
    pub(super) implementers: ApolloMap<apollo_compiler::Name, Implementers>,
}

/// The index of an object type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectId(usize);

impl Schema {
    /// # Errors
    /// Fails if the contract `sdl` is invalid.
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

    pub fn object(&self, name: &str) -> Option<ObjectId> {
        self.by_name.get(name).copied()
    }

    pub fn table(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(id.0)
    }

    pub fn record(&self, kind: Kind) -> Option<&Record> {
        self.records.get(&kind)
    }
}

/// The tables and columns by which records of a kind are read.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    pub kind: Kind,
    pub object: &'static str,
    /// The joined tables in SQL, followed by a `WHERE` clause if some rows are of other kinds.
    pub from: &'static str,
    pub id: Column,
}

impl Record {
    /// `object` is the object type, `from` contains the tables, and `id` is the column of the id.
    pub const fn new(kind: Kind, object: &'static str, from: &'static str, id: Column) -> Self {
        Self { kind, object, from, id }
    }

    /// Reads these columns of the records with these ids. The first column of the rows is the id.
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
    pub name: &'static str,
    pub description: &'static str,
    pub(in crate::graphql) interfaces: Vec<&'static str>,
    pub(in crate::graphql) fields: Vec<Field>,
}

impl Object {
    /// An object type without fields.
    pub fn new(name: &'static str, description: &'static str) -> Self {
        Self { name, description, interfaces: Vec::new(), fields: Vec::new() }
    }

    #[must_use]
    pub fn implements(mut self, interface: &'static str) -> Self {
        self.interfaces.push(interface);
        self
    }

    #[must_use]
    pub fn field(mut self, name: &'static str, description: &'static str, reader: Reader) -> Self {
        self.fields.push(Field { name, description, reader });
        self
    }

    /// Adds fields that several types share.
    #[must_use]
    pub fn fields(self, group: impl FnOnce(Self) -> Self) -> Self {
        group(self)
    }

    /// Whether the field `name` is marked with [`Reader::unlogged`].
    pub(super) fn is_unlogged(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name && field.reader.is_unlogged)
    }

    /// The index of the field `name`.
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
    pub name: &'static str,
    pub description: &'static str,
    /// The members of a union. Empty for an interface: see [`Object::implements`].
    pub members: &'static [&'static str],
    /// The names and descriptions of the fields of an interface. Empty for a union.
    pub fields: &'static [(&'static str, &'static str)],
}
