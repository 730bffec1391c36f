//! The exported lists and their columns.

mod columns;

use super::column::Column;

/// An exported list.
pub struct List {
    /// The name in addresses, such as `clauses`.
    pub name: &'static str,
    /// The GraphQL document that reads a page of the list.
    pub(super) document: &'static str,
    /// The columns, in groups.
    pub(super) columns: &'static [&'static [Column]],
}

impl List {
    /// The columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().copied().flatten()
    }
}

/// A list whose document is in the file of the same name.
macro_rules! list {
    ($name:literal, $columns:expr) => {
        List {
            name: $name,
            document: include_str!(concat!("lists/", $name, ".graphql")),
            columns: $columns,
        }
    };
}

/// All exported lists, in the order of the data dictionary.
pub const LISTS: &[List] = &[
    list!("agreements", columns::AGREEMENTS),
    list!("clauses", columns::CLAUSES),
    list!("assessments", columns::ASSESSMENTS),
    list!("proposals", columns::PROPOSALS),
    list!("caveats", columns::CAVEATS),
    list!("events", columns::EVENTS),
    list!("parties", columns::PARTIES),
    list!("sources", columns::SOURCES),
    list!("deadlines", columns::DEADLINES),
    list!("changes", columns::CHANGES),
];
