//! Fields of the same name in an answer: they must be the same field with the same arguments, or of types that an object
//! cannot have at once; and their values must be of the same shape.

use std::collections::HashSet;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{BaseType, Field, Selection, SelectionSet, Type};
use async_graphql::{Name, Positioned};

use super::super::types::named;
use super::{Check, root};

/// How many fields are looked at, in all: of fields that are selected on several types at once, over many levels, there
/// are more combinations than can be gone through.
const PATIENCE: usize = 100_000;

/// Selections on a type.
type Sets<'a> = Vec<(&'a SelectionSet, Name)>;

/// A field, and the type that it is selected on.
struct Selected<'a> {
    parent: Name,
    field: &'a Positioned<Field>,
    ty: Option<&'a Type>,
}

pub(super) fn check(check: &mut Check<'_>) {
    let document = check.document;
    let mut left = PATIENCE;
    for (_, operation) in document.operations.iter() {
        let sets = || vec![(&operation.node.selection_set.node, root(operation.node.ty))];
        let outcome =
            shapes(check, sets(), &mut left).and_then(|()| fields(check, sets(), &mut left));
        if let Err(fault) = outcome {
            let pos = fault.field.unwrap_or(operation.pos);
            check.fault(pos, fault.message);
        }
    }
}

struct Conflict {
    field: Option<async_graphql::Pos>,
    message: String,
}

type Outcome = Result<(), Conflict>;

/// The fields by their names in the answer, fragments spread out.
fn collect<'a>(
    check: &Check<'a>,
    sets: Sets<'a>,
    left: &mut usize,
) -> Result<IndexMap<&'a Name, Vec<Selected<'a>>>, Conflict> {
    let mut found: IndexMap<&Name, Vec<Selected<'a>>> = IndexMap::new();
    let (mut waiting, mut visited) = (sets, HashSet::new());
    while let Some((set, parent)) = waiting.pop() {
        for selection in &set.items {
            *left = left.checked_sub(1).ok_or_else(|| Conflict {
                field: None,
                message: "the operation selects the same fields on too many types at once, over too many levels, for it to \
                          be checked; give them aliases, or ask several times"
                    .to_owned(),
            })?;
            match &selection.node {
                Selection::Field(field) => {
                    let definition = check.types.field(&parent, &field.node.name.node);
                    let ty = definition.map(|definition| &definition.ty.node);
                    let group = found.entry(&field.node.response_key().node).or_default();
                    group.push(Selected { parent: parent.clone(), field, ty });
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map_or(&parent, |condition| &condition.node.on.node);
                    waiting.push((&fragment.node.selection_set.node, on.clone()));
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = check.document.fragments.get(name) else { continue };
                    if visited.insert(name) {
                        let on = fragment.node.type_condition.node.on.node.clone();
                        waiting.push((&fragment.node.selection_set.node, on));
                    }
                }
            }
        }
    }
    Ok(found)
}

/// The selections of these fields.
fn below<'a>(group: &[&Selected<'a>]) -> Sets<'a> {
    let sets = group.iter().filter_map(|selected| {
        let set = &selected.field.node.selection_set.node;
        (!set.items.is_empty()).then_some((set, named(selected.ty?).clone()))
    });
    sets.collect()
}

/// Whether what has the same name has the same shape, whichever type it is on.
fn shapes<'a>(check: &Check<'a>, sets: Sets<'a>, left: &mut usize) -> Outcome {
    for (key, group) in collect(check, sets, left)? {
        let group: Vec<&Selected<'a>> = group.iter().collect();
        let mut types = group.iter().filter_map(|selected| Some((selected, selected.ty?)));
        if let Some((_, first)) = types.next() {
            for (selected, ty) in types {
                if !same_shape(check, first, ty) {
                    return Err(Conflict {
                        field: Some(selected.field.pos),
                        message: format!(
                            "the fields `{key}` conflict: they are of the types {first} and {ty}; give one of them an alias"
                        ),
                    });
                }
            }
        }
        let sets = below(&group);
        if !sets.is_empty() {
            shapes(check, sets, left)?;
        }
    }
    Ok(())
}

fn same_shape(check: &Check<'_>, one: &Type, other: &Type) -> bool {
    one.nullable == other.nullable
        && match (&one.base, &other.base) {
            (BaseType::List(one), BaseType::List(other)) => same_shape(check, one, other),
            (BaseType::Named(one), BaseType::Named(other)) => {
                one == other || (check.types.is_composite(one) && check.types.is_composite(other))
            }
            _ => false,
        }
}

/// Whether what has the same name is the same, where an object may have both.
fn fields<'a>(check: &Check<'a>, sets: Sets<'a>, left: &mut usize) -> Outcome {
    for (key, group) in collect(check, sets, left)? {
        let objects: HashSet<&Name> = group
            .iter()
            .map(|selected| &selected.parent)
            .filter(|parent| check.is_object(parent))
            .collect();
        let on = |object: Option<&Name>| -> Vec<&Selected<'a>> {
            let of = |selected: &&Selected<'a>| {
                object == Some(&selected.parent) || !check.is_object(&selected.parent)
            };
            group.iter().filter(of).collect()
        };
        let alike: Vec<Vec<&Selected<'a>>> = if objects.is_empty() {
            vec![on(None)]
        } else {
            objects.into_iter().map(|object| on(Some(object))).collect()
        };
        for group in alike {
            let Some((first, others)) = group.split_first() else { continue };
            for other in others {
                same_field(key, &first.field.node, other.field)?;
            }
            let sets = below(&group);
            if !sets.is_empty() {
                fields(check, sets, left)?;
            }
        }
    }
    Ok(())
}

fn same_field(key: &Name, one: &Field, other: &Positioned<Field>) -> Outcome {
    let pos = other.pos;
    let other = &other.node;
    let conflict = |reason: String| {
        let message = format!("the fields `{key}` conflict: {reason}; give one of them an alias");
        Err(Conflict { field: Some(pos), message })
    };
    if one.name.node != other.name.node {
        return conflict(format!("one is `{}`, the other `{}`", one.name.node, other.name.node));
    }
    let same_arguments = one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(|(name, value)| {
            other.get_argument(&name.node).is_some_and(|other| other.node == value.node)
        });
    if same_arguments { Ok(()) } else { conflict("they have different arguments".to_owned()) }
}
