//! Shrinks a document while the answers of both implementations differ.

use super::document::{Document, Field, Selection};

/// The maximum number of documents to try.
const TRIES: usize = 300;

/// Removes parts of the document as long as it still `differs`.
pub fn shrink(document: &Document, mut differs: impl FnMut(&Document) -> bool) -> Document {
    let mut smallest = document.clone();
    let mut tries = 0;
    'again: loop {
        for smaller in candidates(&smallest) {
            tries += 1;
            if tries > TRIES {
                return smallest;
            }
            if smaller.text().len() < smallest.text().len() && differs(&smaller) {
                smallest = smaller;
                continue 'again;
            }
        }
        return smallest;
    }
}

/// Smaller variants of the document. Each lacks one part, or has one part in a simpler form.
fn candidates(document: &Document) -> Vec<Document> {
    let mut candidates = Vec::new();
    let mut sets = Vec::new();
    document.clone().visit(&mut |selections| sets.push(selections.clone()));
    for (number, set) in sets.iter().enumerate() {
        for place in 0..set.len() {
            if set.len() > 1 {
                candidates.push(with_set(document, number, |set| drop(set.remove(place))));
            }
            if let Selection::Inline { selections, .. } = &set[place] {
                let selections = selections.clone();
                candidates.push(with_set(document, number, |set| {
                    set.splice(place..=place, selections.clone());
                }));
            }
            if let Selection::Spread { name, .. } = &set[place]
                && let Some(fragment) =
                    document.fragments.iter().find(|fragment| fragment.name == *name)
            {
                let inline = Selection::Inline {
                    on: Some(fragment.on.clone()),
                    directives: Vec::new(),
                    selections: fragment.selections.clone(),
                };
                let mut spelled = with_set(document, number, |set| set[place] = inline.clone());
                if !spelled.text().contains("...Part") {
                    spelled.fragments.clear();
                }
                candidates.push(spelled);
            }
            candidates.extend(simplifications(document, number, place, &set[place]));
        }
    }
    for candidate in &mut candidates {
        candidate.remove_unused();
    }
    candidates
}

/// The documents in which one selection lacks one argument, its directives, or its alias.
fn simplifications(
    document: &Document,
    number: usize,
    place: usize,
    selection: &Selection,
) -> Vec<Document> {
    let mut candidates = Vec::new();
    let mut add = |selection: Selection| {
        candidates.push(with_set(document, number, |set| set[place] = selection.clone()));
    };
    match selection {
        Selection::Field(field) => {
            for gone in 0..field.arguments.len() {
                let mut field = field.clone();
                field.arguments.remove(gone);
                add(Selection::Field(field));
            }
            if !field.directives.is_empty() {
                add(Selection::Field(Field { directives: Vec::new(), ..field.clone() }));
            }
            if field.alias.is_some() {
                add(Selection::Field(Field { alias: None, ..field.clone() }));
            }
        }
        Selection::Spread { name, directives } => {
            if !directives.is_empty() {
                add(Selection::Spread { name: name.clone(), directives: Vec::new() });
            }
        }
        Selection::Inline { on, directives, selections } => {
            if !directives.is_empty() {
                let (on, selections) = (on.clone(), selections.clone());
                add(Selection::Inline { on, directives: Vec::new(), selections });
            }
        }
    }
    candidates
}

/// The document with one of its selection sets changed.
fn with_set(document: &Document, number: usize, change: impl Fn(&mut Vec<Selection>)) -> Document {
    let mut document = document.clone();
    let mut at = 0;
    document.visit(&mut |selections| {
        if at == number {
            change(selections);
        }
        at += 1;
    });
    document
}
