//! The estimated size of a response: the page sizes of nested lists are multiplied, as in GitHub's API.
//!
//! The estimate needs only the document and its variables. It is an upper bound for any data, except that a typical length
//! is assumed for lists without pages. The estimate includes fields under `@skip`. It also includes the fields of all
//! fragments, although some fragments do not apply to the type of the object. A field counts once for each selection, even
//! if the selections are merged, because each selection must be processed.

use apollo_compiler::ast::Value as Literal;
use apollo_compiler::executable::{ExecutableDocument, Field, Operation, SelectionSet};
use async_graphql::Value;

use super::coerce::Variables;
use super::document::all_fields;
use super::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};
use crate::graphql::error::Error;
use crate::limits::Limits;

/// The assumed length of a list without pages.
const UNPAGED: u64 = 10;
/// The assumed length of `topicTreatments`: PA-X has about 230 topics.
const TOPIC_TREATMENTS: u64 = 250;

/// The sizes of the fields of an object.
#[derive(Default)]
pub struct Sizes(Vec<Sized>);

struct Sized {
    size: Size,
    /// The number of selections of the field.
    selections: u64,
    fields: Sizes,
}

/// The number of values of a field.
enum Size {
    One,
    /// A list without pages.
    Items(u64),
    Page {
        /// The values of `first` and `last`.
        given: Vec<Literal>,
        /// Whether the field is a list that is not a connection.
        is_list: bool,
    },
}

/// The estimated size of a response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Estimate {
    /// The number of objects in lists.
    pub nodes: u64,
    /// The number of fields of all objects.
    pub fields: u64,
}

impl Sizes {
    /// The sizes of an operation's fields. `types` is the number of types in the schema.
    pub fn new(document: &ExecutableDocument, operation: &Operation, types: usize) -> Self {
        Self::of(document, &[&operation.selection_set], types)
    }

    fn of(document: &ExecutableDocument, sets: &[&SelectionSet], types: usize) -> Self {
        let fields = all_fields(document, sets).into_values().filter_map(|group| {
            let first = *group.first()?;
            let sets: Vec<_> =
                group.iter().filter_map(|field| field.selection_set.as_ref()).collect();
            Some(Sized {
                size: Size::of(first, types),
                selections: u64::try_from(group.len()).unwrap_or(u64::MAX),
                fields: Self::of(document, &sets, types),
            })
        });
        Self(fields.collect())
    }
}

impl Size {
    fn of(field: &Field, types: usize) -> Self {
        let is_list = field.definition.ty.is_list();
        let is_paged = field.definition.arguments.iter().any(|argument| argument.name == "first");
        if is_paged {
            let given =
                ["first", "last"].iter().filter_map(|name| field.specified_argument_by_name(name));
            Self::Page { given: given.map(|value| value.as_ref().clone()).collect(), is_list }
        } else if is_list && field.name == "types" {
            Self::Items(u64::try_from(types).unwrap_or(u64::MAX))
        } else if is_list && field.name == "topicTreatments" {
            Self::Items(TOPIC_TREATMENTS)
        } else if is_list {
            Self::Items(UNPAGED)
        } else {
            Self::One
        }
    }
}

/// The size of a page, within the valid range. The reader of the page rejects an invalid size.
fn page_size(given: &[Literal], variables: &Variables) -> u64 {
    let given = given.iter().filter_map(|literal| match literal {
        Literal::Variable(name) => match variables.get(name) {
            Some(Value::Number(size)) => size.as_u64(),
            _ => None,
        },
        Literal::Int(size) => u64::try_from(size.try_to_i32().ok()?).ok(),
        _ => None,
    });
    let size = |size: i32| u64::try_from(size).unwrap_or_default();
    given.max().unwrap_or(size(DEFAULT_PAGE_SIZE)).min(size(MAX_PAGE_SIZE))
}

impl Estimate {
    /// The estimate of an operation with these variables.
    pub fn new(sizes: &Sizes, variables: &Variables) -> Self {
        let mut estimate = Self::default();
        estimate.add(sizes, variables, 1, None);
        estimate
    }

    /// Adds the fields of `times` objects. `page` is the page size if the objects are connections.
    fn add(&mut self, sizes: &Sizes, variables: &Variables, times: u64, page: Option<u64>) {
        for field in &sizes.0 {
            self.fields = self.fields.saturating_add(times.saturating_mul(field.selections));
            if field.fields.0.is_empty() {
                continue;
            }
            let (times, page) = match &field.size {
                Size::One => (times, None),
                Size::Items(count) => {
                    let times = times.saturating_mul(page.unwrap_or(*count));
                    // The nodes and edges of a connection were counted with its page.
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
            self.add(&field.fields, variables, times, page);
        }
    }

    /// # Errors
    /// Fails if the estimate exceeds a limit.
    pub fn check(self, limits: &Limits) -> Result<(), Error> {
        let bounds = [
            ("max-nodes", "nodes", self.nodes, limits.max_nodes),
            ("max-fields", "fields", self.fields, limits.max_fields),
        ];
        for (setting, noun, count, maximum) in bounds {
            if count > maximum {
                let message = format!(
                    "the response may contain {count} {noun}; at most {maximum} are allowed: request smaller pages \
                     (`first`, `last`; default: {DEFAULT_PAGE_SIZE}) or fewer levels, or send several requests"
                );
                return Err(Error::limit(setting, message));
            }
        }
        Ok(())
    }
}
