//! The contract: async-graphql's registry, filled from the tables of fields. It prints `schema.graphql`.

use std::borrow::Cow;
use std::pin::Pin;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Field as Selected;
use async_graphql::registry::{Deprecation, MetaField, MetaInputValue, MetaType, Registry};
use async_graphql::{
    CacheControl, ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned,
    Response, SDLExportOptions, ServerError, ServerResult, SubscriptionType, Value,
};
use futures_util::Stream;

use super::engine::reader::Reader;
use super::engine::schema::{Abstract, Object};
use super::{abstracts, objects};

/// The contract in the schema definition language: the content of `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by();
    let sdl = async_graphql::Schema::new(Query, Mutation, Subscription).sdl_with_options(options);
    let lines: Vec<&str> = sdl.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

/// Defines a root type of the registry. async-graphql only prints the type; it never resolves the fields.
macro_rules! root {
    ($name:ident) => {
        struct $name;

        impl OutputType for $name {
            fn type_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn create_type_info(registry: &mut Registry) -> String {
                fill(registry);
                <Self as OutputType>::qualified_type_name()
            }

            async fn resolve(
                &self,
                _context: &ContextSelectionSet<'_>,
                _field: &Positioned<Selected>,
            ) -> ServerResult<Value> {
                Err(ServerError::new("fields are resolved by the query engine", None))
            }
        }

        impl ContainerType for $name {
            async fn resolve_field(&self, _context: &Context<'_>) -> ServerResult<Option<Value>> {
                Err(ServerError::new("fields are resolved by the query engine", None))
            }
        }

        impl ObjectType for $name {}
    };
}

root!(Query);
root!(Mutation);

struct Subscription;

impl SubscriptionType for Subscription {
    fn type_name() -> Cow<'static, str> {
        "Subscription".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        fill(registry);
        <Self as SubscriptionType>::qualified_type_name()
    }

    fn create_field_stream<'a>(
        &'a self,
        _context: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        None
    }
}

/// Adds the object types from their tables, and the interfaces and unions.
fn fill(registry: &mut Registry) {
    if registry.types.contains_key("PageInfo") {
        return;
    }
    let objects = objects();
    for of in abstracts() {
        add_abstract(registry, &of, &objects);
    }
    for object in &objects {
        add_object(registry, object);
    }
}

fn add_object(registry: &mut Registry, object: &Object) {
    for interface in &object.interfaces {
        registry.add_implements(object.name, interface);
    }
    let fields = object.fields.iter().map(|field| {
        let meta = meta_field(registry, field.name, field.description, &field.reader);
        (field.name.to_owned(), meta)
    });
    let fields = fields.collect();
    let ty = MetaType::Object {
        name: object.name.to_owned(),
        description: Some(object.description.to_owned()),
        fields,
        cache_control: CacheControl::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        keys: None,
        visible: None,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        is_subscription: object.name == "Subscription",
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.insert(object.name.to_owned(), ty);
}

/// Adds an interface or a union. The types of an interface's fields are taken from one of its members.
fn add_abstract(registry: &mut Registry, of: &Abstract, objects: &[Object]) {
    let name = of.name.to_owned();
    let description = Some(of.description.to_owned());
    let ty = if of.fields.is_empty() {
        MetaType::Union {
            name,
            description,
            possible_types: of.members.iter().map(|member| (*member).to_owned()).collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
        }
    } else {
        let members = objects.iter().filter(|object| object.interfaces.contains(&of.name));
        let mut fields = IndexMap::new();
        for (field, description) in of.fields {
            let first = members.clone().flat_map(|member| &member.fields);
            if let Some(first) = first.into_iter().find(|other| other.name == *field) {
                let meta = meta_field(registry, field, description, &first.reader);
                fields.insert((*field).to_owned(), meta);
            }
        }
        MetaType::Interface {
            name,
            description,
            fields,
            possible_types: members.map(|member| member.name.to_owned()).collect(),
            extends: false,
            keys: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        }
    };
    registry.types.insert(of.name.to_owned(), ty);
}

fn meta_field(
    registry: &mut Registry,
    name: &str,
    description: &str,
    reader: &Reader,
) -> MetaField {
    if let Some(register) = reader.register {
        register(registry);
    }
    let args = reader.arguments.iter().map(|argument| {
        (argument.register)(registry);
        let value = MetaInputValue {
            name: argument.name.to_owned(),
            description: Some(argument.description.to_owned()),
            ty: argument.ty.clone(),
            deprecation: Deprecation::NoDeprecated,
            default_value: argument.default.map(str::to_owned),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            is_secret: false,
            directive_invocations: Vec::new(),
        };
        (argument.name.to_owned(), value)
    });
    let args = args.collect();
    MetaField {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        args,
        ty: reader.ty.clone(),
        deprecation: match reader.deprecation {
            Some(reason) => Deprecation::Deprecated { reason: Some(reason.to_owned()) },
            None => Deprecation::NoDeprecated,
        },
        cache_control: CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}
