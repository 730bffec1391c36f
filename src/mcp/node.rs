//! Reading the data of a response.

use serde_json::Value as Json;

/// A value in the data of a response.
#[derive(Clone, Copy)]
pub struct Node<'a>(pub &'a Json);

impl<'a> Node<'a> {
    /// The value at a path of fields, such as `agreement.slug`. None if it is null or missing.
    pub fn at(self, path: &str) -> Option<Self> {
        let value = path.split('.').try_fold(self.0, |value, name| value.get(name))?;
        (!value.is_null()).then_some(Self(value))
    }

    /// The text at a path. Empty if it is null or missing.
    pub fn text(self, path: &str) -> &'a str {
        self.at(path).and_then(|value| value.0.as_str()).unwrap_or_default()
    }

    /// The number at a path. 0 if it is null or missing.
    pub fn count(self, path: &str) -> u64 {
        self.at(path).and_then(|value| value.0.as_u64()).unwrap_or_default()
    }

    /// Whether the value at a path is true.
    pub fn is_true(self, path: &str) -> bool {
        self.at(path).is_some_and(|value| value.0 == &Json::Bool(true))
    }

    /// The items of the list at a path. Empty if it is null or missing.
    pub fn list(self, path: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let items = self.at(path).and_then(|value| value.0.as_array());
        items.into_iter().flatten().map(Node)
    }
}
