//! Inserts errors into documents. The reference decides whether the result is invalid.

mod texts;

use serde_json::{Value, json};

use super::document::{Directive, Document, Field, Fragment, Literal, Selection, Variable};
use super::random::Random;
use texts::{LITERALS, RESTS, ROOTS, TOKENS, TYPES};

/// Changes a document in one or two places.
pub fn break_document(document: &mut Document, random: &mut Random) {
    for _ in 0..=random.below(5) / 4 {
        change(document, random);
    }
}

fn change(document: &mut Document, random: &mut Random) {
    match random.below(22) {
        20 | 21 => conflict(document, random),
        0 => field(document, random, |_| true, |field, _| "nope".clone_into(&mut field.name)),
        1 => field(
            document,
            random,
            |_| true,
            |field, _| {
                field.arguments.push(("nope".to_owned(), Literal::Plain("1".to_owned())));
            },
        ),
        2 => field(document, random, has_arguments, |field, random| {
            let place = random.below(field.arguments.len());
            field.arguments.remove(place);
        }),
        3 => field(document, random, has_arguments, |field, random| {
            let again = random.pick(&field.arguments).clone();
            field.arguments.push(again);
        }),
        4 | 5 => field(document, random, has_arguments, |field, random| {
            let place = random.below(field.arguments.len());
            field.arguments[place].1 = literal(random);
        }),
        6 => field(document, random, has_arguments, |field, random| {
            let place = random.below(field.arguments.len());
            field.arguments[place].1 = Literal::Variable("undefined".to_owned());
        }),
        7 => field(document, random, is_leaf, |field, _| field.selections = vec![type_name()]),
        8 => field(document, random, |field| !is_leaf(field), |field, _| field.selections.clear()),
        9 | 10 => field(
            document,
            random,
            |_| true,
            |field, random| {
                field.alias =
                    Some((*random.pick(&["id", "title", "__typename", "nodes", "on"])).to_owned());
            },
        ),
        11 => directive(document, random),
        12 | 13 => variable(document, random),
        14 | 15 => value(document, random),
        16 => {
            let place = random.below(document.selections.len() + 1);
            let name = (*random.pick(&ROOTS)).to_owned();
            let (alias, arguments, directives) = (None, Vec::new(), Vec::new());
            let field = Field { alias, name, arguments, directives, selections: Vec::new() };
            document.selections.insert(place, Selection::Field(field));
        }
        17 => fragment(document, random),
        18 => document.rest.push_str(random.pick::<&str>(&RESTS)),
        _ => match random.below(3) {
            0 => document.operation_name = Some("Nobody".to_owned()),
            1 => document.name = None,
            _ => document.values = [("extra".to_owned(), json!(1))].into_iter().collect(),
        },
    }
}

fn has_arguments(field: &Field) -> bool {
    !field.arguments.is_empty()
}

fn is_leaf(field: &Field) -> bool {
    field.selections.is_empty()
}

fn type_name() -> Selection {
    let (arguments, directives, selections) = (Vec::new(), Vec::new(), Vec::new());
    Selection::Field(Field {
        alias: None,
        name: "__typename".to_owned(),
        arguments,
        directives,
        selections,
    })
}

fn literal(random: &mut Random) -> Literal {
    Literal::Plain((*random.pick(&LITERALS)).to_owned())
}

/// Changes one random field that satisfies `fits`.
fn field(
    document: &mut Document,
    random: &mut Random,
    fits: impl Fn(&Field) -> bool,
    change: impl Fn(&mut Field, &mut Random),
) {
    let mut count = 0;
    document.visit_fields(&mut |field| count += usize::from(fits(field)));
    let chosen = random.below(count);
    let mut number = 0;
    document.visit_fields(&mut |field| {
        if fits(field) {
            if number == chosen {
                change(field, random);
            }
            number += 1;
        }
    });
}

fn directive(document: &mut Document, random: &mut Random) {
    let names = ["skip", "include", "skip", "nope", "deprecated", "specifiedBy", "oneOf"];
    let name = (*random.pick(&names)).to_owned();
    let condition = match random.below(5) {
        0 => literal(random),
        1 => Literal::Variable("undefined".to_owned()),
        _ => Literal::Plain("true".to_owned()),
    };
    let mut arguments = vec![("if".to_owned(), condition)];
    match random.below(6) {
        0 => arguments.clear(),
        1 => arguments.push(("nope".to_owned(), Literal::Plain("1".to_owned()))),
        _ => {}
    }
    let made = Directive { name, arguments };
    if random.chance(20) {
        document.directives.push(made);
        return;
    }
    let is_twice = random.chance(30);
    field(
        document,
        random,
        |_| true,
        |field, _| {
            field.directives.push(made.clone());
            if is_twice {
                field.directives.push(made.clone());
            }
        },
    );
}

fn variable(document: &mut Document, random: &mut Random) {
    let count = document.variables.len();
    let ty = (*random.pick(&TYPES)).to_owned();
    if count == 0 || random.chance(20) {
        let name = (*random.pick(&["unused", "v0", "v1"])).to_owned();
        document.variables.push(Variable { name, ty, default: None });
        return;
    }
    let place = random.below(count);
    match random.below(4) {
        0 => document.variables[place].ty = ty,
        1 => document.variables[place].default = Some(literal(random)),
        2 => {
            let variable = &mut document.variables[place];
            let toggled = variable.ty.strip_suffix('!').map(str::to_owned);
            variable.ty = toggled.unwrap_or_else(|| format!("{}!", variable.ty));
        }
        _ => drop(document.variables.remove(place)),
    }
}

/// Repeats a field under the same response name, with another argument, another name or another selection.
fn conflict(document: &mut Document, random: &mut Random) {
    let mut fields = Vec::new();
    let mut number = 0;
    document.visit(&mut |selections| {
        for selection in &*selections {
            if let Selection::Field(field) = selection {
                fields.push((number, field.clone()));
            }
        }
        number += 1;
    });
    if fields.is_empty() {
        return;
    }
    let (chosen, mut repeated) = random.pick(&fields).clone();
    match random.below(4) {
        0 if has_arguments(&repeated) => {
            let place = random.below(repeated.arguments.len());
            repeated.arguments[place].1 = literal(random);
        }
        1 if has_arguments(&repeated) => drop(repeated.arguments.pop()),
        2 if !is_leaf(&repeated) => {
            let Selection::Field(mut inner) = type_name() else { return };
            let mut names = repeated.selections.iter().filter_map(|selection| match selection {
                Selection::Field(field) => field.alias.clone().or_else(|| Some(field.name.clone())),
                _ => None,
            });
            inner.alias = names.next_back();
            repeated.selections = vec![Selection::Field(inner)];
        }
        _ => {
            let response = repeated.alias.take().unwrap_or(repeated.name);
            let Selection::Field(other) = type_name() else { return };
            repeated = Field { alias: Some(response), ..other };
        }
    }
    let selections = vec![Selection::Field(repeated)];
    let made = Selection::Inline { on: None, directives: Vec::new(), selections };
    let mut number = 0;
    document.visit(&mut |selections| {
        if number == chosen {
            selections.push(made.clone());
        }
        number += 1;
    });
}

/// Changes the value of a variable.
fn value(document: &mut Document, random: &mut Random) {
    let odd: [Value; 14] = [
        json!(null),
        json!(1),
        json!(1.0),
        json!(1.5),
        json!(-1),
        json!(2_147_483_648_u64),
        json!("x"),
        json!(""),
        json!(true),
        json!([]),
        json!([null]),
        json!([["COMPLETE"]]),
        json!({ "nope": 1 }),
        json!({}),
    ];
    if document.variables.is_empty() {
        return variable(document, random);
    }
    let Variable { name, ty, .. } = random.pick(&document.variables).clone();
    if random.chance(20) {
        document.values.remove(&name);
        return;
    }
    let value = random.pick(&odd).clone();
    // The specification forbids a float as an ID, but the reference cannot tell 1.0 from 1. So no ID gets a float.
    if !(ty.contains("ID") && value.is_f64()) {
        document.values.insert(name, value);
    }
}

fn fragment(document: &mut Document, random: &mut Random) {
    let types = [
        "Clause",
        "Query",
        "Node",
        "Nope",
        "ClauseStatus",
        "ClauseFilter",
        "DeadlineBasis",
        "Event",
    ];
    let on = (*random.pick(&types)).to_owned();
    let spread = |name: &str| Selection::Spread { name: name.to_owned(), directives: Vec::new() };
    let made = match random.below(5) {
        0 => spread("Undefined"),
        1 => {
            let selections = vec![type_name(), spread("Loop")];
            document.fragments.push(Fragment { name: "Loop".to_owned(), on, selections });
            spread("Loop")
        }
        2 => {
            let selections = vec![type_name()];
            document.fragments.push(Fragment { name: "Extra".to_owned(), on, selections });
            spread("Extra")
        }
        _ => Selection::Inline {
            on: Some(on),
            directives: Vec::new(),
            selections: vec![type_name()],
        },
    };
    let mut count = 0;
    document.visit(&mut |_| count += 1);
    let chosen = random.below(count);
    let mut number = 0;
    document.visit(&mut |selections| {
        if number == chosen {
            selections.push(made.clone());
        }
        number += 1;
    });
}

/// The text, truncated or with one character or token changed.
pub fn damaged(text: &str, random: &mut Random) -> String {
    let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
    let place = *random.pick(&places);
    let (before, after) = text.split_at(place);
    match random.below(4) {
        0 => before.to_owned(),
        1 => format!("{before}{}", after.chars().skip(1).collect::<String>()),
        2 => format!("{before}{}{after}", random.pick(&TOKENS)),
        _ => format!("{before} {} {after}", random.pick(&TOKENS)),
    }
}
