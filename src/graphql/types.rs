//! The schema's types, as documents are checked against them: the library keeps its own to itself.

use std::collections::{HashMap, HashSet};

use async_graphql::Name;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, DirectiveDefinition, FieldDefinition, InputValueDefinition, Type, TypeKind,
    TypeSystemDefinition,
};

/// What introspection is made of; it stands in no schema's text.
const INTROSPECTION: &str = "
type __Schema {
  description: String types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: __Type
  directives: [__Directive!]!
}
type __Type {
  kind: __TypeKind! name: String description: String specifiedByURL: String isOneOf: Boolean ofType: __Type
  fields(includeDeprecated: Boolean = false): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
  inputFields(includeDeprecated: Boolean = false): [__InputValue!]
}
type __Field {
  name: String! description: String args(includeDeprecated: Boolean = false): [__InputValue!]! type: __Type!
  isDeprecated: Boolean! deprecationReason: String
}
type __InputValue {
  name: String! description: String type: __Type! defaultValue: String isDeprecated: Boolean! deprecationReason: String
}
type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
type __Directive {
  name: String! description: String isRepeatable: Boolean! locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean = false): [__InputValue!]!
}
enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
enum __DirectiveLocation {
  QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT VARIABLE_DEFINITION SCHEMA SCALAR
  OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT INPUT_FIELD_DEFINITION
}
scalar Boolean scalar Float scalar ID scalar Int scalar String
type Everywhere { __typename: String! __schema: __Schema! __type(name: String!): __Type }
";

/// The types, and the directives.
pub(super) struct Types {
    kinds: HashMap<Name, Kind>,
    /// The fields that every type, or every query, has besides its own.
    everywhere: Fields,
    directives: HashMap<Name, DirectiveDefinition>,
}

/// What a type is made of.
pub(super) enum Kind {
    /// A value that is taken and given as it is.
    Scalar,
    /// One of these values.
    Enum(HashSet<Name>),
    /// An object that is given.
    Object(Fields),
    /// An object of one of several types, which have these fields in common; those of a union have none.
    Abstract {
        /// What they have in common.
        fields: Fields,
        /// The types of objects.
        possible: HashSet<Name>,
    },
    /// An object that is taken.
    Input {
        /// Its fields.
        fields: IndexMap<Name, InputValueDefinition>,
        /// Whether exactly one of them is given.
        one_of: bool,
    },
}

pub(super) type Fields = HashMap<Name, FieldDefinition>;

impl Types {
    /// Reads the types from the schema's text.
    pub(super) fn new(sdl: &str) -> Self {
        let mut types =
            Self { kinds: HashMap::new(), everywhere: Fields::new(), directives: HashMap::new() };
        let mut possible: HashMap<Name, HashSet<Name>> = HashMap::new();
        let documents = [sdl, INTROSPECTION].map(async_graphql::parser::parse_schema);
        for definition in documents.into_iter().flatten().flat_map(|document| document.definitions)
        {
            let definition = match definition {
                TypeSystemDefinition::Type(definition) => definition.node,
                TypeSystemDefinition::Directive(directive) => {
                    types.directives.insert(directive.node.name.node.clone(), directive.node);
                    continue;
                }
                TypeSystemDefinition::Schema(_) => continue,
            };
            let name = definition.name.node;
            let kind = match definition.kind {
                TypeKind::Scalar => Kind::Scalar,
                TypeKind::Enum(values) => Kind::Enum(
                    values.values.into_iter().map(|value| value.node.value.node).collect(),
                ),
                TypeKind::Object(object) => {
                    for interface in object.implements {
                        possible.entry(interface.node).or_default().insert(name.clone());
                    }
                    let fields = by_name(object.fields);
                    if name == "Everywhere" {
                        types.everywhere = fields;
                        continue;
                    }
                    Kind::Object(fields)
                }
                TypeKind::Interface(interface) => {
                    Kind::Abstract { fields: by_name(interface.fields), possible: HashSet::new() }
                }
                TypeKind::Union(union) => Kind::Abstract {
                    fields: Fields::new(),
                    possible: union.members.into_iter().map(|member| member.node).collect(),
                },
                TypeKind::InputObject(input) => Kind::Input {
                    fields: input
                        .fields
                        .into_iter()
                        .map(|field| (field.node.name.node.clone(), field.node))
                        .collect(),
                    one_of: definition
                        .directives
                        .iter()
                        .any(|directive| directive.node.name.node == "oneOf"),
                },
            };
            types.kinds.insert(name, kind);
        }
        for (interface, members) in possible {
            if let Some(Kind::Abstract { possible, .. }) = types.kinds.get_mut(&interface) {
                *possible = members;
            }
        }
        types
    }

    /// How many types there are.
    pub(super) fn count(&self) -> usize {
        self.kinds.len()
    }

    /// What a type is made of.
    pub(super) fn kind(&self, name: &Name) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// The names of all types.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(Name::as_str)
    }

    /// A directive.
    pub(super) fn directive(&self, name: &Name) -> Option<&DirectiveDefinition> {
        self.directives.get(name)
    }

    /// The fields of a type of objects.
    pub(super) fn fields(&self, parent: &Name) -> Option<&Fields> {
        match self.kinds.get(parent)? {
            Kind::Object(fields) | Kind::Abstract { fields, .. } => Some(fields),
            Kind::Scalar | Kind::Enum(_) | Kind::Input { .. } => None,
        }
    }

    /// A field, or one of those that every type or every query has besides its own.
    pub(super) fn field(&self, parent: &Name, field: &Name) -> Option<&FieldDefinition> {
        let fields = self.fields(parent)?;
        fields.get(field).or_else(|| {
            let is_here = field == "__typename" || parent == "Query";
            self.everywhere.get(field).filter(|_| is_here)
        })
    }

    /// Whether a value of the type has fields of its own.
    pub(super) fn is_composite(&self, name: &Name) -> bool {
        self.fields(name).is_some()
    }

    /// Whether values of the type can be taken.
    pub(super) fn is_input(&self, name: &Name) -> bool {
        matches!(self.kind(name), Some(Kind::Scalar | Kind::Enum(_) | Kind::Input { .. }))
    }

    /// Whether an object can be of both types.
    pub(super) fn overlap(&self, one: &Name, other: &Name) -> bool {
        let members = |name: &Name| -> HashSet<Name> {
            match self.kind(name) {
                Some(Kind::Abstract { possible, .. }) => possible.clone(),
                _ => HashSet::from([name.clone()]),
            }
        };
        one == other || !members(one).is_disjoint(&members(other))
    }
}

fn by_name(fields: Vec<async_graphql::Positioned<FieldDefinition>>) -> Fields {
    fields.into_iter().map(|field| (field.node.name.node.clone(), field.node)).collect()
}

/// The type that a type is a list of, or of a list of, or itself.
pub(super) fn named(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}
