//! The types of `schema.graphql`, from which documents are generated.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};
use serde_json::Value;

/// The introspection types that documents select from. They lack the descriptions of types, because each implementation
/// describes the built-in types in its own words.
const INTROSPECTION: &str = "
type __Schema { queryType: __Type! mutationType: __Type subscriptionType: __Type }
type __Type {
  kind: __TypeKind! name: String specifiedByURL: String isOneOf: Boolean ofType: __Type
  fields(includeDeprecated: Boolean = false): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
  inputFields(includeDeprecated: Boolean = false): [__InputValue!]
}
type __Field {
  name: String! description: String args(includeDeprecated: Boolean = false): [__InputValue!]! type: __Type!
  isDeprecated: Boolean! deprecationReason: String
}
type __InputValue { name: String! description: String type: __Type! defaultValue: String }
type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
extend type Query { __schema: __Schema! __type(name: String!): __Type }
";

/// The kind of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Leaf,
    Object,
    Interface,
    Union,
    Input,
}

/// A named type.
pub struct Definition {
    pub kind: Kind,
    /// The fields that can be selected.
    pub fields: Vec<Field>,
    /// The fields of an input object.
    pub inputs: Vec<Argument>,
    /// The interfaces that the type implements.
    pub interfaces: Vec<String>,
    /// The object types that a value can have. For an object type, only the type itself.
    pub possible: Vec<String>,
    /// The values of an enum.
    pub values: Vec<String>,
}

pub struct Field {
    pub name: String,
    pub ty: Type,
    pub arguments: Vec<Argument>,
}

/// An argument, or a field of an input object.
pub struct Argument {
    pub name: String,
    pub ty: Type,
    pub default: Option<Value>,
}

/// All types, keyed by name.
pub struct Schema {
    pub types: BTreeMap<String, Definition>,
}

/// The name of the type without list and non-null wrappers.
pub fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => base(item),
    }
}

impl Schema {
    pub fn new(text: &str) -> Self {
        let mut types = BTreeMap::new();
        for name in ["Int", "Float", "String", "Boolean", "ID"] {
            types.insert(name.to_owned(), Definition::empty(Kind::Leaf));
        }
        for text in [text, INTROSPECTION] {
            for definition in parse_schema(text).expect("the schema is valid").definitions {
                let TypeSystemDefinition::Type(definition) = definition else { continue };
                let name = definition.node.name.node.to_string();
                let made = Definition::new(definition.node.kind);
                if definition.node.extend {
                    let extended = types.get_mut(&name).expect("the type is defined");
                    extended.fields.extend(made.fields);
                } else {
                    types.insert(name, made);
                }
            }
        }
        let mut schema = Self { types };
        schema.complete();
        schema
    }

    /// Fills in `possible` for each object type and interface.
    fn complete(&mut self) {
        let mut possible: Vec<(String, String)> = Vec::new();
        for (name, definition) in &self.types {
            if definition.kind == Kind::Object {
                possible.push((name.clone(), name.clone()));
                let interfaces = definition.interfaces.iter();
                possible.extend(interfaces.map(|interface| (interface.clone(), name.clone())));
            }
        }
        for (general, object) in possible {
            if let Some(definition) = self.types.get_mut(&general) {
                definition.possible.push(object);
            }
        }
    }

    pub fn get(&self, name: &str) -> &Definition {
        self.types.get(name).unwrap_or_else(|| panic!("there is no type {name}"))
    }

    pub fn field(&self, parent: &str, name: &str) -> &Field {
        let mut fields = self.get(parent).fields.iter();
        fields.find(|field| field.name == name).unwrap_or_else(|| panic!("{parent} has no {name}"))
    }

    pub fn is_leaf(&self, name: &str) -> bool {
        self.get(name).kind == Kind::Leaf
    }

    /// Whether all possible object types implement `Node`.
    pub fn has_id(&self, name: &str) -> bool {
        let possible = &self.get(name).possible;
        let implements = |object: &String| {
            self.get(object).interfaces.iter().any(|interface| interface == "Node")
        };
        !possible.is_empty() && possible.iter().all(implements)
    }

    /// Whether a value can have both types.
    pub fn overlaps(&self, one: &str, other: &str) -> bool {
        let possible = &self.get(other).possible;
        self.get(one).possible.iter().any(|object| possible.contains(object))
    }
}

impl Definition {
    fn empty(kind: Kind) -> Self {
        let (fields, inputs) = (Vec::new(), Vec::new());
        Self {
            kind,
            fields,
            inputs,
            interfaces: Vec::new(),
            possible: Vec::new(),
            values: Vec::new(),
        }
    }

    fn new(kind: TypeKind) -> Self {
        match kind {
            TypeKind::Scalar => Self::empty(Kind::Leaf),
            TypeKind::Enum(definition) => {
                let values = definition.values.into_iter();
                let values = values.map(|value| value.node.value.node.to_string()).collect();
                Self { values, ..Self::empty(Kind::Leaf) }
            }
            TypeKind::Object(definition) => Self {
                fields: definition.fields.into_iter().map(|field| field_of(field.node)).collect(),
                interfaces: names(definition.implements),
                ..Self::empty(Kind::Object)
            },
            TypeKind::Interface(definition) => Self {
                fields: definition.fields.into_iter().map(|field| field_of(field.node)).collect(),
                interfaces: names(definition.implements),
                ..Self::empty(Kind::Interface)
            },
            TypeKind::Union(definition) => {
                Self { possible: names(definition.members), ..Self::empty(Kind::Union) }
            }
            TypeKind::InputObject(definition) => {
                let inputs = definition.fields.into_iter();
                let inputs = inputs.map(|input| argument_of(input.node)).collect();
                Self { inputs, ..Self::empty(Kind::Input) }
            }
        }
    }
}

fn names(names: Vec<async_graphql::Positioned<async_graphql::Name>>) -> Vec<String> {
    names.into_iter().map(|name| name.node.to_string()).collect()
}

fn field_of(field: FieldDefinition) -> Field {
    let arguments = field.arguments.into_iter();
    let arguments = arguments.map(|argument| argument_of(argument.node)).collect();
    Field { name: field.name.node.to_string(), ty: field.ty.node, arguments }
}

fn argument_of(argument: InputValueDefinition) -> Argument {
    let default = argument.default_value;
    let default = default.map(|value| value.node.into_json().expect("the default is JSON"));
    Argument { name: argument.name.node.to_string(), ty: argument.ty.node, default }
}
