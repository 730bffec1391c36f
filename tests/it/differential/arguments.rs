//! Writes an argument in one of the equivalent ways: as a literal, as a variable, or omitted.

use std::fmt::Write;

use async_graphql::parser::types::{BaseType, Type};
use serde_json::{Value, json};

use super::document::{Literal, Variable};
use super::generate::Generator;
use super::schema::{self, base};

impl Generator<'_> {
    pub(super) fn arguments(
        &mut self,
        definitions: &[schema::Argument],
        given: &Value,
    ) -> Vec<(String, Literal)> {
        let mut arguments = Vec::new();
        for definition in definitions {
            let value = given.get(&definition.name);
            if let Some(literal) = self.argument(definition, value) {
                arguments.push((definition.name.clone(), literal));
            }
        }
        self.random.shuffle(&mut arguments);
        arguments
    }

    /// The literal of an argument or of a field of an input object. `None` if it is omitted.
    fn argument(
        &mut self,
        definition: &schema::Argument,
        value: Option<&Value>,
    ) -> Option<Literal> {
        let ty = &definition.ty;
        // This argument is non-null in the specification of September 2025, but nullable in graphql-js 16.
        let is_never_null = definition.name == "includeDeprecated";
        if let Some(value) = value {
            return Some(if !is_never_null && self.random.chance(25) {
                self.variable(ty, value, definition.default.is_some())
            } else {
                self.literal(ty, value)
            });
        }
        match self.random.below(100) {
            0..=4 if ty.nullable && definition.default.is_none() => {
                Some(Literal::Plain("null".to_owned()))
            }
            5..=9 if ty.nullable && definition.default.is_none() => {
                let value = self.random.chance(40).then_some(Value::Null);
                Some(self.define(nullable(ty).to_string(), None, value))
            }
            0..=14 if definition.default.is_some() => {
                let is_null = self.random.chance(8) && !is_never_null;
                Some(self.define(nullable(ty).to_string(), None, is_null.then_some(Value::Null)))
            }
            _ => None,
        }
    }

    fn literal(&mut self, ty: &Type, value: &Value) -> Literal {
        if let BaseType::List(item) = &ty.base {
            let Value::Array(items) = value else { return self.literal(item, value) };
            if items.len() == 1 && self.random.chance(25) {
                return self.literal(item, &items[0]);
            }
            let mut literals = Vec::new();
            for value in items {
                literals.push(if self.random.chance(20) {
                    self.variable(item, value, false)
                } else {
                    self.literal(item, value)
                });
            }
            return Literal::List(literals);
        }
        let definition = self.schema.get(base(ty));
        match value {
            Value::Object(_) => Literal::Object(self.arguments(&definition.inputs, value)),
            Value::String(text) if definition.values.contains(text) => Literal::Plain(text.clone()),
            Value::String(text) => Literal::Plain(self.quote(text)),
            other => Literal::Plain(other.to_string()),
        }
    }

    /// A variable with this value. The request supplies the value, or the document declares it as the default. In a few
    /// cases, the request supplies null in place of the default.
    pub(super) fn variable(&mut self, ty: &Type, value: &Value, has_default: bool) -> Literal {
        let strict = Type { base: ty.base.clone(), nullable: false };
        match self.random.below(20) {
            0..=7 => {
                let value = self.supplied(ty, value);
                self.define(ty.to_string(), None, Some(value))
            }
            8..=10 => {
                let value = self.supplied(ty, value);
                self.define(strict.to_string(), None, Some(value))
            }
            11..=14 => {
                let default = self.constant(ty, value);
                self.define(nullable(ty).to_string(), Some(default), None)
            }
            15 => {
                let default = self.constant(ty, value);
                self.define(strict.to_string(), Some(default), None)
            }
            16 if self.random.chance(30) => {
                let default = self.constant(ty, value);
                self.define(nullable(ty).to_string(), Some(default), Some(Value::Null))
            }
            _ if has_default => {
                let value = self.supplied(ty, value);
                self.define(nullable(ty).to_string(), None, Some(value))
            }
            _ => {
                let value = self.supplied(ty, value);
                self.define(ty.to_string(), None, Some(value))
            }
        }
    }

    /// A literal without variables.
    fn constant(&mut self, ty: &Type, value: &Value) -> Literal {
        let kept = (self.document.variables.len(), self.document.values.clone());
        for _ in 0..10 {
            let literal = self.literal(ty, value);
            if !literal.text().contains('$') {
                return literal;
            }
            self.document.variables.truncate(kept.0);
            self.document.values.clone_from(&kept.1);
        }
        let text = if self.schema.get(base(ty)).values.is_empty() {
            value.to_string()
        } else {
            value.to_string().replace('"', "")
        };
        Literal::Plain(text)
    }

    /// The JSON of a variable, in one of several equivalent forms.
    fn supplied(&mut self, ty: &Type, value: &Value) -> Value {
        match value {
            Value::Array(items) if items.len() == 1 && self.random.chance(25) => items[0].clone(),
            Value::Number(number) if base(ty) == "Int" && self.random.chance(25) => {
                number.as_f64().map_or(Value::Null, |number| json!(number))
            }
            Value::Object(_) if self.random.chance(25) => {
                let mut value = value.clone();
                for input in &self.schema.get(base(ty)).inputs {
                    let is_absent = value.get(&input.name).is_none();
                    if is_absent
                        && input.ty.nullable
                        && input.default.is_none()
                        && self.random.chance(15)
                    {
                        value[&input.name] = Value::Null;
                    }
                }
                value
            }
            other => other.clone(),
        }
    }

    fn define(&mut self, ty: String, default: Option<Literal>, value: Option<Value>) -> Literal {
        if self.random.chance(40) {
            let mut variables = self.document.variables.iter();
            let same = variables.find(|variable| {
                variable.ty == ty
                    && variable.default == default
                    && self.document.values.get(&variable.name) == value.as_ref()
            });
            if let Some(same) = same {
                return Literal::Variable(same.name.clone());
            }
        }
        let name = format!("v{}", self.document.variables.len());
        if let Some(value) = value {
            self.document.values.insert(name.clone(), value);
        }
        self.document.variables.push(Variable { name: name.clone(), ty, default });
        Literal::Variable(name)
    }

    /// A string literal, with random escapes.
    fn quote(&mut self, text: &str) -> String {
        if text.starts_with("<<") {
            return format!("\"{text}\"");
        }
        let style = self.random.below(12);
        let is_simple = !text.is_empty()
            && text.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
        if style == 0 && is_simple {
            let pad = *self.random.pick(&["", "\n", "\n    "]);
            return format!("\"\"\"{pad}{text}{pad}\"\"\"");
        }
        let mut quoted = "\"".to_owned();
        for letter in text.chars() {
            let code = u32::from(letter);
            let is_escaped = style < 4 && self.random.chance(30);
            match letter {
                _ if is_escaped && code > 0xFFFF && style < 2 => {
                    let mut units = [0; 2];
                    for unit in letter.encode_utf16(&mut units) {
                        write!(quoted, "\\u{unit:04X}").expect("strings can be written to");
                    }
                }
                _ if is_escaped && style < 2 => {
                    write!(quoted, "\\u{code:04x}").expect("strings can be written to");
                }
                _ if is_escaped => {
                    write!(quoted, "\\u{{{code:X}}}").expect("strings can be written to");
                }
                '"' => quoted.push_str("\\\""),
                '\\' => quoted.push_str("\\\\"),
                '\n' => quoted.push_str("\\n"),
                '\t' => quoted.push_str("\\t"),
                '/' if style == 5 => quoted.push_str("\\/"),
                letter => quoted.push(letter),
            }
        }
        quoted + "\""
    }
}

fn nullable(ty: &Type) -> Type {
    Type { base: ty.base.clone(), nullable: true }
}
