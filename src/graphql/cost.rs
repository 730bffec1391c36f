//! How large an answer may get: page sizes multiplied down the tree, the way GitHub's API reckons.
//!
//! Nodes are counted as they come in the answer; fields as often as they are selected, even where they are merged, because
//! each time is work.
//!
//! The estimate is made of the document and its variables alone, before anything is read. It is the most that can come,
//! whatever is in the database: fields under `@skip` and on types that an object turns out not to be count too.

use async_graphql::parser::types::{BaseType, Field, FieldDefinition};
use async_graphql::{Context, Object, Result, SimpleObject, Value, Variables};
use async_graphql_value::Value as Literal;

use super::bounds::Exceeded;
use super::completion::Plan;
use super::page::{DEFAULT_SIZE, LARGEST_SIZE};
use super::types::Types;
use crate::limits::Limits;

/// How many items a list counts for that has no pages.
const UNPAGED: u64 = 10;

/// How many there will be of a field's value, each time it is resolved.
pub(super) enum Size {
    /// One.
    One,
    /// A list without pages.
    Items(u64),
    /// A page.
    Page {
        /// What is given for `first` and for `last`.
        given: Vec<Literal>,
        /// Whether the field is the list itself, and no connection that has it.
        is_list: bool,
    },
}

impl Size {
    pub(super) fn of(types: &Types, definition: &FieldDefinition, field: &Field) -> Self {
        let is_list = matches!(definition.ty.node.base, BaseType::List(_));
        let mut arguments = definition.arguments.iter().map(|argument| &argument.node.name.node);
        if arguments.any(|name| name == "first") {
            let given = ["first", "last"].iter().filter_map(|name| field.get_argument(name));
            Self::Page { given: given.map(|value| value.node.clone()).collect(), is_list }
        } else if is_list && field.name.node == "types" {
            Self::Items(u64::try_from(types.count()).unwrap_or(u64::MAX))
        } else if is_list {
            Self::Items(UNPAGED)
        } else {
            Self::One
        }
    }
}

/// The size of a page. One that cannot be is refused when it is read.
fn page_size(given: &[Literal], variables: &Variables) -> u64 {
    let given = given.iter().filter_map(|literal| match literal {
        Literal::Variable(name) => match variables.get(name) {
            Some(Value::Number(size)) => size.as_u64(),
            _ => None,
        },
        Literal::Number(size) => size.as_u64(),
        _ => None,
    });
    let size = |size: i32| u64::try_from(size).unwrap_or_default();
    given.max().unwrap_or(size(DEFAULT_SIZE)).min(size(LARGEST_SIZE))
}

/// What an answer will have at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Estimate {
    /// Objects in lists.
    pub(super) nodes: u64,
    /// Fields of all objects.
    pub(super) fields: u64,
}

impl Estimate {
    /// The estimate of an operation with these variables.
    pub(super) fn new(plan: &Plan, variables: &Variables) -> Self {
        let mut estimate = Self::default();
        estimate.add(plan, variables, 1, None);
        estimate
    }

    /// Adds the fields of `times` objects, which are connections when they have a page.
    fn add(&mut self, plan: &Plan, variables: &Variables, times: u64, page: Option<u64>) {
        for planned in &plan.0 {
            let selected = times.saturating_mul(planned.selections);
            self.fields = self.fields.saturating_add(selected);
            if planned.plan.0.is_empty() {
                continue;
            }
            let (times, page) = match &planned.size {
                Size::One => (times, None),
                Size::Items(count) => {
                    let times = times.saturating_mul(page.unwrap_or(*count));
                    // The nodes of a connection, or its edges, are counted where it is.
                    if page.is_none() {
                        self.nodes = self.nodes.saturating_add(times);
                    }
                    (times, None)
                }
                Size::Page { given, is_list } => {
                    let size = page_size(given, variables);
                    let all = times.saturating_mul(size);
                    self.nodes = self.nodes.saturating_add(all);
                    if *is_list { (all, None) } else { (times, Some(size)) }
                }
            };
            self.add(&planned.plan, variables, times, page);
        }
    }

    /// Refuses what would get too large.
    pub(super) fn check(self, limits: &Limits) -> std::result::Result<(), Exceeded> {
        let bounds = [
            ("max-nodes", "nodes", self.nodes, limits.max_nodes),
            ("max-fields", "fields", self.fields, limits.max_fields),
        ];
        for (limit, what, found, most) in bounds {
            if found > most {
                let message = format!(
                    "the answer may have {found} {what}, and at most {most} are allowed: ask for smaller pages \
                     (`first`, `last`; {DEFAULT_SIZE} where neither is given), for fewer levels, or several times"
                );
                return Err(Exceeded::new(limit, message));
            }
        }
        Ok(())
    }
}

/// How large the answer to this operation may get, estimated before anything was read: page sizes (`first`, `last`, 50
/// where neither is given) multiplied down the tree; a list without pages counts as 10. An operation that goes over one of
/// the limits is refused.
#[derive(Debug, Clone, SimpleObject)]
pub struct Cost {
    /// How many nodes the answer may have: records in lists.
    nodes: i32,
    /// How many nodes are allowed.
    max_nodes: i32,
    /// How many fields the answer may have: those selected, each as often as it is, times the nodes that they are selected on.
    fields: i32,
    /// How many fields are allowed.
    max_fields: i32,
}

impl Cost {
    pub(super) fn new(estimate: Estimate, limits: &Limits) -> Self {
        let number = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            nodes: number(estimate.nodes),
            max_nodes: number(limits.max_nodes),
            fields: number(estimate.fields),
            max_fields: number(limits.max_fields),
        }
    }
}

/// What can be read about the operation itself.
#[derive(Default)]
pub struct CostQuery;

#[Object]
impl CostQuery {
    /// How large the answer to this operation may get, and what is allowed.
    async fn cost<'a>(&self, context: &Context<'a>) -> Result<Option<&'a Cost>> {
        Ok(context.data_opt::<Cost>())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    const SDL: &str = "
        type Query { things(first: Int, last: Int): Things found(first: Int): [Thing!] all: [Thing!] }
        type Things { nodes: [Thing!]! edges: [Edge!]! totalCount: Int! }
        type Edge { node: Thing! cursor: String! }
        type Thing { name: String! tags: [String!]! child: Thing things(first: Int, last: Int): Things! parts: [Thing!]! }
    ";

    fn estimate(query: &str, variables: serde_json::Value) -> (u64, u64) {
        let document = parse_query(query).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let plan = Plan::new(&Types::new(SDL), &document, &operation.node);
        let Estimate { nodes, fields } = Estimate::new(&plan, &Variables::from_json(variables));
        (nodes, fields)
    }

    #[test]
    fn pages_are_multiplied_down_the_tree() {
        for (query, expected) in [
            ("{ __typename }", (0, 1)),
            ("{ things(first: 3) { nodes { name } } }", (3, 1 + 1 + 3)),
            (
                "{ things(last: 3) { totalCount edges { cursor node { name tags } } } }",
                (3, 1 + 2 + 6 + 6),
            ),
            ("{ things { nodes { name } } }", (50, 52)),
            ("{ things(first: 0) { totalCount } }", (0, 2)),
            (
                "{ things(first: 3) { nodes { things(first: 4) { nodes { name } } } } }",
                (15, 1 + 1 + 3 + 3 + 12),
            ),
            ("{ things(first: 3) { nodes { parts { name } } } }", (33, 1 + 1 + 3 + 30)),
            ("{ all { child { name } } }", (10, 1 + 10 + 10)),
            ("{ found(first: 7) { name } }", (7, 1 + 7)),
            (
                "{ ...F ...G } fragment F on Query { things { nodes { name } } } fragment G on Query { things { nodes { name tags } } }",
                (50, 154),
            ),
            ("{ __schema { queryType { name } } }", (0, 3)),
        ] {
            assert_eq!(estimate(query, json!({})), expected, "{query}");
        }
    }

    #[test]
    fn page_size_may_be_a_variable() {
        let query = "query($n: Int) { things(first: $n) { nodes { name } } }";
        assert_eq!(estimate(query, json!({ "n": 7 })).0, 7);
        assert_eq!(estimate(query, json!({})).0, 50);
        assert_eq!(estimate(query, json!({ "n": "many" })).0, 50);
    }

    #[test]
    fn estimate_never_overflows() {
        let levels = "things(first: 2147483647) { nodes { ".repeat(20);
        let query = format!("{{ {levels} name {} }}", "} }".repeat(20));
        assert_eq!(estimate(&query, json!({})), (u64::MAX, u64::MAX));
    }
}
