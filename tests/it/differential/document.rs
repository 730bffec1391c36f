//! Documents with their variables, and the text of documents.

use std::fmt::Write;

use serde_json::{Map, Value};

/// A value in a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// Source text: a number, a name or a quoted string.
    Plain(String),
    Variable(String),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

pub type Arguments = Vec<(String, Literal)>;

#[derive(Debug, Clone, PartialEq)]
pub struct Directive {
    pub name: String,
    pub arguments: Arguments,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub alias: Option<String>,
    pub name: String,
    pub arguments: Arguments,
    pub directives: Vec<Directive>,
    /// The selection set. Empty for a leaf, which has no braces.
    pub selections: Vec<Selection>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    Field(Field),
    Spread { name: String, directives: Vec<Directive> },
    Inline { on: Option<String>, directives: Vec<Directive>, selections: Vec<Selection> },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    pub name: String,
    pub ty: String,
    pub default: Option<Literal>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Fragment {
    pub name: String,
    pub on: String,
    pub selections: Vec<Selection>,
}

/// A document with the operation to execute, and the values sent with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The operation's name.
    pub name: Option<String>,
    pub variables: Vec<Variable>,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub fragments: Vec<Fragment>,
    /// Additional source text, such as another operation.
    pub rest: String,
    /// The values of the variables.
    pub values: Map<String, Value>,
    pub operation_name: Option<String>,
    /// Ignored tokens between selections, such as a comma or a comment, in addition to a space.
    pub separator: String,
}

/// The parts of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub query: String,
    pub variables: Value,
    pub operation_name: Option<String>,
}

impl Document {
    pub fn request(&self) -> Request {
        Request {
            query: self.text(),
            variables: Value::Object(self.values.clone()),
            operation_name: self.operation_name.clone(),
        }
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        if self.name.is_some() || !self.variables.is_empty() || !self.directives.is_empty() {
            text.push_str("query");
            if let Some(name) = &self.name {
                write!(text, " {name}").expect("strings can be written to");
            }
            if !self.variables.is_empty() {
                let variables: Vec<String> = self.variables.iter().map(Variable::text).collect();
                write!(text, "({})", variables.join(", ")).expect("strings can be written to");
            }
            write_directives(&mut text, &self.directives);
            text.push(' ');
        }
        write_selections(&mut text, &self.selections, &self.separator);
        for fragment in &self.fragments {
            write!(text, "\nfragment {} on {} ", fragment.name, fragment.on)
                .expect("strings can be written to");
            write_selections(&mut text, &fragment.selections, &self.separator);
        }
        text.push_str(&self.rest);
        text
    }

    /// Calls `change` with every selection set, at every depth.
    pub fn visit(&mut self, change: &mut impl FnMut(&mut Vec<Selection>)) {
        visit(&mut self.selections, change);
        for fragment in &mut self.fragments {
            visit(&mut fragment.selections, change);
        }
    }

    /// Calls `change` with every field, at every depth.
    pub fn visit_fields(&mut self, change: &mut impl FnMut(&mut Field)) {
        self.visit(&mut |selections| {
            for selection in selections {
                if let Selection::Field(field) = selection {
                    change(field);
                }
            }
        });
    }

    /// Removes unused fragments and variables.
    pub fn remove_unused(&mut self) {
        loop {
            let text = self.text();
            let count = self.fragments.len();
            self.fragments.retain(|fragment| has_word(&text, &format!("...{}", fragment.name)));
            if count == self.fragments.len() {
                break;
            }
        }
        let mut bare = self.clone();
        bare.variables.clear();
        let text = bare.text();
        self.variables.retain(|variable| has_word(&text, &format!("${}", variable.name)));
        let names: Vec<&String> = self.variables.iter().map(|variable| &variable.name).collect();
        self.values.retain(|name, _| names.contains(&name));
    }
}

fn visit(selections: &mut Vec<Selection>, change: &mut impl FnMut(&mut Vec<Selection>)) {
    change(selections);
    for selection in selections {
        match selection {
            Selection::Field(Field { selections, .. }) | Selection::Inline { selections, .. } => {
                if !selections.is_empty() {
                    visit(selections, change);
                }
            }
            Selection::Spread { .. } => {}
        }
    }
}

/// Whether the text contains `word` as a whole word.
fn has_word(text: &str, word: &str) -> bool {
    let is_end = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    text.match_indices(word).any(|(start, _)| is_end(&text[start + word.len()..]))
}

impl Variable {
    fn text(&self) -> String {
        let default = self.default.as_ref().map(|value| format!(" = {}", value.text()));
        format!("${}: {}{}", self.name, self.ty, default.unwrap_or_default())
    }
}

impl Literal {
    pub fn text(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Variable(name) => format!("${name}"),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::text).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(fields) => format!("{{{}}}", arguments_text(fields)),
        }
    }
}

pub fn arguments_text(arguments: &[(String, Literal)]) -> String {
    let one = |(name, value): &(String, Literal)| format!("{name}: {}", value.text());
    arguments.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn write_arguments(text: &mut String, arguments: &[(String, Literal)]) {
    if !arguments.is_empty() {
        write!(text, "({})", arguments_text(arguments)).expect("strings can be written to");
    }
}

fn write_directives(text: &mut String, directives: &[Directive]) {
    for directive in directives {
        write!(text, " @{}", directive.name).expect("strings can be written to");
        write_arguments(text, &directive.arguments);
    }
}

fn write_selections(text: &mut String, selections: &[Selection], separator: &str) {
    text.push('{');
    for selection in selections {
        text.push_str(separator);
        text.push(' ');
        match selection {
            Selection::Field(field) => {
                if let Some(alias) = &field.alias {
                    write!(text, "{alias}: ").expect("strings can be written to");
                }
                text.push_str(&field.name);
                write_arguments(text, &field.arguments);
                write_directives(text, &field.directives);
                if !field.selections.is_empty() {
                    text.push(' ');
                    write_selections(text, &field.selections, separator);
                }
            }
            Selection::Spread { name, directives } => {
                write!(text, "...{name}").expect("strings can be written to");
                write_directives(text, directives);
            }
            Selection::Inline { on, directives, selections } => {
                text.push_str("...");
                if let Some(on) = on {
                    write!(text, " on {on}").expect("strings can be written to");
                }
                write_directives(text, directives);
                text.push(' ');
                write_selections(text, selections, separator);
            }
        }
    }
    text.push_str(" }");
}
