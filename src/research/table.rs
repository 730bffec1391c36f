//! Tables whose first row contains the names of the columns.

use crate::domain::text::quote;
use crate::domain::{ValidationError, ValidationErrors};
use crate::sheet::{CellRow, Layout};

/// The maximum number of columns. PA-X and the Peace Accords Matrix have up to 270.
const MAX_COLUMNS: usize = 512;

/// The maximum number of faults. A table with more faults probably has a wrong column, so the rows that follow are not read.
const MAX_FAULTS: usize = 10_000;

/// The layout of the files.
pub const LAYOUT: Layout = Layout { max_columns: MAX_COLUMNS, is_title };

/// Names of columns, as [`key`] returns them. The delimiter of a text file is the one with which these names are found.
const TITLES: [&str; 10] = [
    "agtid",
    "agt",
    "dat",
    "con",
    "accord",
    "pamcaseid",
    "caseid",
    "provision",
    "year",
    "implementation",
];

fn is_title(title: &str) -> bool {
    TITLES.contains(&key(title).as_str())
}

/// A fault of a cell or a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The number of the row in the file, as spreadsheet programs show it.
    pub row: usize,
    /// The name of the column. `None` if the fault concerns the whole row or file.
    pub column: Option<String>,
    /// A sentence for the user.
    pub message: String,
}

impl Fault {
    /// A fault of a cell.
    pub(super) fn cell(row: usize, column: &str, message: impl Into<String>) -> Self {
        Self { row, column: Some(column.to_owned()), message: message.into() }
    }

    /// A fault of a row.
    pub(super) fn row(row: usize, message: impl Into<String>) -> Self {
        Self { row, column: None, message: message.into() }
    }

    /// Converts the validation errors of a row's record to faults of the row. `column` returns the name of the column for a
    /// path.
    pub(super) fn of_errors(
        row: usize,
        errors: ValidationErrors,
        column: impl Fn(&[String]) -> Option<String>,
    ) -> Vec<Self> {
        let fault = |error: ValidationError| Self {
            row,
            column: column(&error.path),
            message: error.message,
        };
        errors.0.into_iter().map(fault).collect()
    }

    /// Whether there are so many faults that reading must stop at this row. If so, adds a fault that says so.
    pub(super) fn is_limit_reached(faults: &mut Vec<Self>, row: usize) -> bool {
        let is_reached = faults.len() >= MAX_FAULTS;
        if is_reached {
            let message =
                "this row and the following rows are not read, because there are too many faults";
            faults.push(Self::row(row, message));
        }
        is_reached
    }
}

/// A column, with its index and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) index: usize,
    pub(super) title: String,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The columns with a name.
    columns: Vec<Column>,
    /// The number of the first row.
    first_row: usize,
    rows: Vec<CellRow>,
}

impl Table {
    /// The table with these rows, of which the first contains the names of the columns.
    #[must_use]
    pub fn new(rows: Vec<CellRow>) -> Self {
        let mut rows = rows.into_iter();
        let Some(header) = rows.next() else {
            return Self { columns: Vec::new(), first_row: 1, rows: Vec::new() };
        };
        let columns = header.cells.iter().enumerate().filter_map(|(index, title)| {
            let title = title.trim().to_owned();
            (!title.is_empty()).then_some(Column { index, title })
        });
        Self { columns: columns.collect(), first_row: header.number, rows: rows.collect() }
    }

    /// The number of the first row, which contains the names of the columns.
    pub(super) fn first_row(&self) -> usize {
        self.first_row
    }

    /// The rows below the names of the columns.
    pub(super) fn rows(&self) -> &[CellRow] {
        &self.rows
    }

    /// The columns, in order.
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column with one of these names, which are tried in the given order. The names are as [`key`] returns them.
    pub(super) fn find(&self, names: &[&str]) -> Option<&Column> {
        names.iter().find_map(|name| self.columns.iter().find(|column| key(&column.title) == *name))
    }

    /// Like [`Self::find`], but adds a fault if the column is missing. The fault calls the column `title`.
    pub(super) fn expect(
        &self,
        faults: &mut Vec<Fault>,
        title: &str,
        names: &[&str],
    ) -> Option<&Column> {
        let column = self.find(names);
        if column.is_none() {
            faults.push(Fault::cell(
                self.first_row,
                title,
                "the first row does not name this column",
            ));
        }
        column
    }

    /// Adds faults for a table without rows, and for names that two columns have.
    pub(super) fn check(&self, faults: &mut Vec<Fault>) {
        if self.rows.is_empty() {
            let message = "the file has no rows below the names of the columns";
            faults.push(Fault::row(self.first_row, message));
        }
        for (place, column) in self.columns.iter().enumerate() {
            let is_repeated = |other: &Column| key(&other.title) == key(&column.title);
            if self.columns.iter().take(place).any(is_repeated) {
                let message = "two columns have this name: remove one of them";
                faults.push(Fault::cell(self.first_row, &column.title, message));
            }
        }
    }
}

/// The text of a cell, without surrounding spaces. Empty if the row has no such cell, or if it is `NA`, which statistics
/// programs write for a missing value.
pub(super) fn cell<'r>(row: &'r CellRow, column: &Column) -> &'r str {
    let text = row.cells.get(column.index).map(|cell| cell.trim()).unwrap_or_default();
    if text == "NA" { "" } else { text }
}

/// A name of a column for comparisons: lower case, without spaces, underscores, hyphens and dots.
pub(super) fn key(title: &str) -> String {
    let is_separator = |c: &char| c.is_whitespace() || matches!(c, '_' | '-' | '.');
    title.chars().filter(|c| !is_separator(c)).flat_map(char::to_lowercase).collect()
}

/// Parses a code from 0 to 3. `None` if the cell is empty. `2.0` is valid, because statistics programs may write it.
///
/// # Errors
/// A sentence that names the valid values.
pub(super) fn code(cell: &str) -> Result<Option<i32>, String> {
    match number(cell) {
        "" => Ok(None),
        "0" => Ok(Some(0)),
        "1" => Ok(Some(1)),
        "2" => Ok(Some(2)),
        "3" => Ok(Some(3)),
        _ => Err(format!("{} is not a code; valid values: 0, 1, 2 or 3", quote(cell))),
    }
}

/// The text of a whole number, without the `.0` that statistics programs may add.
pub(super) fn number(cell: &str) -> &str {
    cell.strip_suffix(".0").unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_are_found_in_any_spelling() {
        let cells = ["AgtId", " PAM_case id ", "", "Accord name"].map(str::to_owned);
        let table = Table::new(vec![CellRow { number: 2, cells: cells.to_vec() }]);
        let index = |names: &[&str]| table.find(names).map(|column| column.index);
        assert_eq!(index(&["agtid"]), Some(0));
        assert_eq!(index(&["caseid", "pamcaseid"]), Some(1));
        assert_eq!(index(&["accordname", "pamcaseid"]), Some(3));
        assert_eq!(index(&["accord"]), None);
        let mut faults = Vec::new();
        table.check(&mut faults);
        assert_eq!(faults, [Fault::row(2, "the file has no rows below the names of the columns")]);
        assert_eq!(Table::new(Vec::new()).first_row(), 1);
    }

    #[test]
    fn codes_are_whole_numbers_from_0_to_3() {
        for (cell, expected) in [("", None), ("0", Some(0)), ("3", Some(3)), ("2.0", Some(2))] {
            assert_eq!(code(cell), Ok(expected), "{cell}");
        }
        for cell in ["4", "-1", "1.5", "yes", "01", ".0.0"] {
            assert_eq!(
                code(cell),
                Err(format!("“{cell}” is not a code; valid values: 0, 1, 2 or 3"))
            );
        }
    }

    proptest! {
        #[test]
        fn cell_is_the_text_of_its_column(
            texts in prop::collection::vec("[a-zü0-9]{0,5}", 1..6),
            spaces in " {0,3}",
            index in 0..8_usize,
        ) {
            let cells = texts.iter().map(|text| format!("{spaces}{text}{spaces}")).collect();
            let row = CellRow { number: 1, cells };
            let column = Column { index, title: String::new() };
            prop_assert_eq!(cell(&row, &column), texts.get(index).map_or("", String::as_str));
        }

        #[test]
        fn codes_are_read_in_both_spellings(number in 0..100_i32, ending in "(\\.0)?") {
            let expected = (number <= 3).then_some(Some(number));
            prop_assert_eq!(code(&format!("{number}{ending}")).ok(), expected);
        }

        #[test]
        fn names_are_compared_without_separators_and_case(
            words in prop::collection::vec("[a-z0-9]{1,6}", 1..5),
            separators in "[-_. ]{0,3}",
        ) {
            prop_assert_eq!(key(&words.join(&separators).to_uppercase()), words.concat());
        }
    }
}
