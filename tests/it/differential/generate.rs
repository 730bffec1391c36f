//! Generates documents, nearly all of them valid.

use std::collections::BTreeSet;

use async_graphql::parser::types::Type;
use serde_json::{Value, json};

use super::document::{Directive, Document, Field, Fragment, Literal, Selection, arguments_text};
use super::random::Random;
use super::schema::{self, Kind, Schema, base};
use super::snapshot::Snapshot;
use super::vocabulary::{Choice, Vocabulary};

/// The maximum depth of selections.
const MAX_DEPTH: usize = 8;

pub struct Generator<'a> {
    pub schema: &'a Schema,
    pub vocabulary: &'a Vocabulary,
    pub snapshot: &'a Snapshot,
    pub random: Random,
    pub document: Document,
    /// The fields that the document selects, as `Type.field`.
    pub selected: BTreeSet<String>,
    /// The number of further selections that the document may contain.
    budget: usize,
    /// The probable type of the next value of an abstract type.
    likely: Option<String>,
}

impl<'a> Generator<'a> {
    pub fn new(
        schema: &'a Schema,
        vocabulary: &'a Vocabulary,
        snapshot: &'a Snapshot,
        seed: u64,
    ) -> Self {
        let mut random = Random::new(seed);
        let budget = 4 + random.below(36);
        let (document, selected) = (Document::default(), BTreeSet::new());
        Self { schema, vocabulary, snapshot, random, document, selected, budget, likely: None }
    }

    /// Generates the document for the seed.
    pub fn generate(&mut self) -> Document {
        let selections = self.selections("Query", false, 0);
        self.document.selections = selections;
        if self.random.chance(10) {
            let separators = [",", ",,\t", "\r\n", "\n# } a comment \"\n", "\u{feff}"];
            self.document.separator.push_str(self.random.pick::<&str>(&separators));
        }
        if self.random.chance(25) {
            self.document.name = Some("Whole".to_owned());
        }
        if self.random.chance(5) {
            self.document.name = Some("Whole".to_owned());
            self.document.operation_name = Some("Whole".to_owned());
            self.document.rest.push_str("\nquery Other { __typename }");
        }
        self.random.shuffle(&mut self.document.variables);
        self.random.shuffle(&mut self.document.fragments);
        self.document.clone()
    }

    fn selections(&mut self, ty: &str, is_narrowed: bool, depth: usize) -> Vec<Selection> {
        let count = 1 + self.random.below(if depth == 0 { 3 } else { 4 });
        let mut selections: Vec<Selection> =
            (0..count).map(|_| self.selection(ty, is_narrowed, depth)).collect();
        if self.random.chance(8) {
            let again = self.random.pick(&selections).clone();
            selections.push(again);
        }
        if self.random.chance(3) {
            for selection in &mut selections {
                self.skip(selection);
            }
        }
        selections
    }

    fn skip(&mut self, selection: &mut Selection) {
        let directive = self.directive("skip", true);
        let directives = match selection {
            Selection::Field(Field { directives, .. })
            | Selection::Spread { directives, .. }
            | Selection::Inline { directives, .. } => directives,
        };
        *directives = vec![directive];
    }

    fn selection(&mut self, ty: &str, is_narrowed: bool, depth: usize) -> Selection {
        self.budget = self.budget.saturating_sub(1);
        let is_end = self.budget == 0 || depth >= MAX_DEPTH;
        let is_abstract = matches!(self.schema.get(ty).kind, Kind::Union | Kind::Interface);
        let roll = self.random.below(100);
        let narrowing = if is_abstract { 45 } else { 12 };
        if !is_end && roll < narrowing {
            return self.inline(ty, depth);
        }
        if !is_end && roll < narrowing + 8 {
            return self.spread(ty, depth);
        }
        if roll > 93 {
            return self.type_name();
        }
        self.field(ty, is_narrowed, depth, is_end).unwrap_or_else(|| self.type_name())
    }

    fn type_name(&mut self) -> Selection {
        let alias = self.random.chance(20).then(|| "kindOfThing".to_owned());
        let (name, directives) = ("__typename".to_owned(), self.directives());
        let (arguments, selections) = (Vec::new(), Vec::new());
        Selection::Field(Field { alias, name, arguments, directives, selections })
    }

    /// The name of a type that overlaps `ty`.
    fn overlapping_type(&mut self, ty: &str) -> String {
        if let Some(likely) = self.likely.clone()
            && self.random.chance(60)
            && self.schema.overlaps(&likely, ty)
        {
            return likely;
        }
        if self.random.chance(60) {
            return self.random.pick(&self.schema.get(ty).possible).clone();
        }
        let types: Vec<&String> =
            self.schema.types.keys().filter(|other| self.schema.overlaps(other, ty)).collect();
        (*self.random.pick(&types)).clone()
    }

    fn inline(&mut self, ty: &str, depth: usize) -> Selection {
        let on = (!self.random.chance(20)).then(|| self.overlapping_type(ty));
        let inner = on.as_deref().unwrap_or(ty).to_owned();
        let selections = self.selections(&inner, inner != ty, depth + 1);
        Selection::Inline { on, directives: self.directives(), selections }
    }

    fn spread(&mut self, ty: &str, depth: usize) -> Selection {
        let fitting: Vec<String> = self
            .document
            .fragments
            .iter()
            .filter(|fragment| self.schema.overlaps(&fragment.on, ty))
            .map(|fragment| fragment.name.clone())
            .collect();
        let name = if !fitting.is_empty() && self.random.chance(50) {
            self.random.pick(&fitting).clone()
        } else {
            let on = self.overlapping_type(ty);
            let selections = self.selections(&on, on != ty, depth + 1);
            let name = format!("Part{}", self.document.fragments.len());
            self.document.fragments.push(Fragment { name: name.clone(), on, selections });
            name
        };
        Selection::Spread { name, directives: self.directives() }
    }

    fn field(
        &mut self,
        ty: &str,
        is_narrowed: bool,
        depth: usize,
        is_end: bool,
    ) -> Option<Selection> {
        let (schema, vocabulary) = (self.schema, self.vocabulary);
        let is_leaf = is_end || self.random.chance(if depth == 0 { 10 } else { 45 });
        let mut fields: Vec<&schema::Field> = schema
            .get(ty)
            .fields
            .iter()
            .filter(|field| schema.is_leaf(base(&field.ty)) == is_leaf)
            .filter(|field| {
                is_special(ty, &field.name) || !vocabulary.choices(ty, field).is_empty()
            })
            .collect();
        if ty == "Query" && !self.random.chance(8) {
            fields.retain(|field| !field.name.starts_with("__"));
        }
        if fields.is_empty() {
            return None;
        }
        let field = *self.random.pick(&fields);
        self.selected.insert(format!("{ty}.{}", field.name));
        let previous = self.likely.take();
        let (number, choice) = self.choose(ty, field);
        let mut given = choice.arguments;
        if Vocabulary::is_connection(schema, field) {
            self.page(field, number, depth, &mut given);
        }
        let arguments = self.arguments(&field.arguments, &given);
        let alias = self.alias(ty, is_narrowed, field, &arguments);
        let selections = if schema.is_leaf(base(&field.ty)) {
            Vec::new()
        } else {
            self.selections(base(&field.ty), false, depth + 1)
        };
        self.likely = previous;
        let (name, directives) = (field.name.clone(), self.directives());
        Some(Selection::Field(Field { alias, name, arguments, directives, selections }))
    }

    /// An alias that is equal for equal fields and usually different for different fields, so that fields merge without
    /// conflict.
    fn alias(
        &mut self,
        ty: &str,
        is_narrowed: bool,
        field: &schema::Field,
        arguments: &[(String, Literal)],
    ) -> Option<String> {
        if field.name == "__type" {
            return Some(format!("introspection_{}", mark(&arguments_text(arguments))));
        }
        if field.name == "__schema" {
            return None;
        }
        if self.random.chance(2) {
            return Some((*self.random.pick(&["id", "title", "same"])).to_owned());
        }
        let is_plain = arguments.is_empty();
        if is_narrowed && self.random.chance(85) {
            let mark = if is_plain { String::new() } else { mark(&arguments_text(arguments)) };
            return Some(format!("{ty}_{}{mark}", field.name));
        }
        if !is_plain && self.random.chance(92) {
            return Some(format!("{}_{}", field.name, mark(&arguments_text(arguments))));
        }
        (is_plain && field.arguments.is_empty() && self.random.chance(12))
            .then(|| format!("{}Again", field.name))
    }

    /// Random arguments for the field, and their index among its possible arguments.
    fn choose(&mut self, ty: &str, field: &schema::Field) -> (usize, Choice) {
        let works = |arguments| (0, Choice { arguments, fails: false });
        match (ty, field.name.as_str()) {
            ("Query", "node") => works(json!({ "id": self.id() })),
            ("Query", "nodes") => {
                let ids: Vec<Value> = (0..self.random.below(5)).map(|_| self.id()).collect();
                works(json!({ "ids": ids }))
            }
            ("Query", "__type") => {
                let names: Vec<&String> =
                    self.schema.types.keys().filter(|name| !name.starts_with("__")).collect();
                let name = self.random.pick(&names).as_str();
                works(json!({ "name": if self.random.chance(10) { "Nothing" } else { name } }))
            }
            ("Query", "__schema") => works(json!({})),
            _ => {
                let choices = self.vocabulary.choices(ty, field);
                let number = self.random.below(choices.len());
                let choice = choices[number].clone();
                if choice.fails && self.random.chance(60) {
                    return (0, choices[0].clone());
                }
                (number, choice)
            }
        }
    }

    /// An id, usually of an existing record.
    fn id(&mut self) -> Value {
        let types: Vec<&String> = self.snapshot.records.keys().collect();
        let ty = (*self.random.pick(&types)).clone();
        let id = match self.random.below(14) {
            0 => "zzz".to_owned(),
            1 => (*self.random.pick(&["", "😀", "QQ"])).to_owned(),
            2 => format!("<<missing {ty}>>"),
            _ => format!("<<{ty} {}>>", self.random.below(60)),
        };
        self.likely = Some(ty);
        json!(id)
    }

    /// Adds paging arguments.
    fn page(&mut self, field: &schema::Field, number: usize, depth: usize, given: &mut Value) {
        let most = if depth == 0 { 7 } else { 4 };
        let can_go_back = field.arguments.iter().any(|argument| argument.name == "last");
        match self.random.below(40) {
            0 => given["first"] = json!(-1),
            1 => given["first"] = json!(201),
            2 if can_go_back => {
                given["first"] = json!(1);
                given["last"] = json!(1);
            }
            3 if depth == 0 => {}
            4..=9 if can_go_back => given["last"] = json!(self.random.below(most)),
            _ => given["first"] = json!(self.random.below(most)),
        }
        for name in ["after", "before"] {
            if !field.arguments.iter().any(|argument| argument.name == name) {
                continue;
            }
            let roll = self.random.below(100);
            let place = self.random.below(30);
            if roll < 2 {
                given[name] = json!("zzz");
            } else if roll < 3 {
                given[name] = json!("<<cursor parties 0 1>>");
            } else if roll < 20 && depth == 0 {
                given[name] = json!(format!("<<cursor {} {number} {place}>>", field.name));
            }
        }
    }

    fn directives(&mut self) -> Vec<Directive> {
        let mut directives = Vec::new();
        for name in ["skip", "include"] {
            if self.random.chance(5) {
                let is_left_out = self.random.chance(30);
                directives.push(self.directive(name, is_left_out == (name == "skip")));
            }
        }
        self.random.shuffle(&mut directives);
        directives
    }

    fn directive(&mut self, name: &str, condition: bool) -> Directive {
        let ty = Type::new("Boolean!").expect("a type");
        let value = json!(condition);
        let literal = if self.random.chance(50) {
            self.variable(&ty, &value, false)
        } else {
            Literal::Plain(value.to_string())
        };
        Directive { name: name.to_owned(), arguments: vec![("if".to_owned(), literal)] }
    }
}

/// The fields that documents can select, as `Type.field`.
pub fn selectable(schema: &Schema, vocabulary: &Vocabulary) -> BTreeSet<String> {
    let (mut fields, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut types = vec!["Query".to_owned()];
    while let Some(ty) = types.pop() {
        if !seen.insert(ty.clone()) {
            continue;
        }
        let definition = schema.get(&ty);
        types.extend(definition.possible.iter().cloned());
        for field in &definition.fields {
            if is_special(&ty, &field.name) || !vocabulary.choices(&ty, field).is_empty() {
                fields.insert(format!("{ty}.{}", field.name));
                types.push(base(&field.ty).to_owned());
            }
        }
    }
    fields
}

/// Whether [`Generator::choose`] creates the arguments itself.
fn is_special(ty: &str, field: &str) -> bool {
    ty == "Query" && ["node", "nodes", "__type", "__schema"].contains(&field)
}

/// A hash of the text, in hexadecimal.
fn mark(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}
