//! Traversal of a validated document.

use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{ExecutableDocument, Field, Selection, SelectionSet};
use apollo_compiler::{Name, Node};

/// Fields grouped by their name in the response, in the order of the response. The fields of a group are merged into one
/// field.
pub type FieldGroups<'a> = IndexMap<&'a Name, Vec<&'a Node<Field>>>;

/// Every selection of the document's operations and fragments, without duplicates, with the type on which it is selected.
pub fn selections(document: &ExecutableDocument) -> Vec<(&Name, &Selection)> {
    let operations = document.operations.iter().map(|operation| &operation.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.selection_set);
    let mut selections = Vec::new();
    for set in operations.chain(fragments) {
        add_selections(set, &mut selections);
    }
    selections
}

fn add_selections<'a>(set: &'a SelectionSet, selections: &mut Vec<(&'a Name, &'a Selection)>) {
    for selection in &set.selections {
        selections.push((&set.ty, selection));
        match selection {
            Selection::Field(field) => {
                if let Some(set) = &field.selection_set {
                    add_selections(set, selections);
                }
            }
            Selection::InlineFragment(fragment) => {
                add_selections(&fragment.selection_set, selections);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Every field of a selection set with its fragments expanded, regardless of the types and conditions of the fragments.
pub fn all_fields<'a>(
    document: &'a ExecutableDocument,
    sets: &[&'a SelectionSet],
) -> FieldGroups<'a> {
    let mut groups = FieldGroups::default();
    for set in sets {
        let Ok(()) = collect_fields::<std::convert::Infallible>(
            document,
            set,
            &mut |_| Ok(true),
            &mut groups,
        );
    }
    groups
}

/// Adds the fields of a selection set to `groups`, with its fragments expanded (CollectFields, section 6.3.2 of the
/// specification). `includes` decides for each selection whether it is included.
///
/// # Errors
/// Fails if `includes` fails.
pub fn collect_fields<'a, E>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    includes: &mut dyn FnMut(&'a Selection) -> Result<bool, E>,
    groups: &mut FieldGroups<'a>,
) -> Result<(), E> {
    for selection in &set.selections {
        if !includes(selection)? {
            continue;
        }
        match selection {
            Selection::Field(field) => groups.entry(field.response_name()).or_default().push(field),
            Selection::InlineFragment(fragment) => {
                collect_fields(document, &fragment.selection_set, includes, groups)?;
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.fragment_name) {
                    collect_fields(document, &fragment.selection_set, includes, groups)?;
                }
            }
        }
    }
    Ok(())
}
