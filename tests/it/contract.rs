//! The API contract: `schema.graphql`.

use std::path::Path;
use std::{env, fs};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};

#[test]
fn schema_file_equals_the_served_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let file = fs::read_to_string(&path).expect("schema.graphql can be read");
    assert!(
        file == clausewatch::graphql::sdl(),
        "schema.graphql is outdated; write it again:\n\n    cargo run -- schema > schema.graphql\n"
    );
}

#[test]
fn every_schema_element_has_a_description() {
    let document = parse_schema(clausewatch::graphql::sdl()).expect("the schema is SDL");
    let mut bare = Vec::new();
    let mut seen = 0;
    let mut see = |name: String, described: bool| {
        seen += 1;
        if !described {
            bare.push(name);
        }
    };
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = definition.node;
        let name = definition.name.node;
        see(name.to_string(), definition.description.is_some());
        let fields = match definition.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Enum(values) => {
                for value in values.values {
                    see(
                        format!("{name}.{}", value.node.value.node),
                        value.node.description.is_some(),
                    );
                }
                continue;
            }
            TypeKind::InputObject(input) => {
                for field in input.fields {
                    see(
                        format!("{name}.{}", field.node.name.node),
                        field.node.description.is_some(),
                    );
                }
                continue;
            }
            TypeKind::Scalar | TypeKind::Union(_) => continue,
        };
        for field in fields {
            let field = field.node;
            see(format!("{name}.{}", field.name.node), field.description.is_some());
            for argument in field.arguments {
                let argument = argument.node;
                let path = format!("{name}.{}({})", field.name.node, argument.name.node);
                see(path, argument.description.is_some());
            }
        }
    }
    assert!(seen > 500, "only {seen} elements were checked");
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}
