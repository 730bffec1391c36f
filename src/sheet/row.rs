//! The rows of a sheet, and the assessments that they describe.

use std::collections::HashMap;

use super::cells::CellRow;
use super::column::{Column, plain};
use super::date;
use super::names::Names;
use crate::domain::StringEnum;
use crate::domain::assessment::{Confidence, Momentum};
use crate::domain::edtf::EdtfDate;
use crate::domain::text::quote;

/// The error values that spreadsheet programs show for a formula that they cannot compute.
const FORMULA_ERRORS: [&str; 9] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#GETTING_DATA",
];

/// A sheet whose columns have been found.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The rows below the names of the columns. Empty if there are problems.
    pub rows: Vec<CellRow>,
    /// The reasons why the sheet as a whole cannot be used.
    pub problems: Vec<String>,
    /// The names of columns that are ignored.
    pub ignored: Vec<String>,
    columns: Vec<(Column, usize)>,
}

/// The assessment that a row describes. The status and the names of records have not been checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The record: an id, or a name such as `minsk-2/9`.
    pub subject: String,
    /// The name of the status.
    pub status: String,
    /// The date. `None` if the cell has none.
    pub date: Option<EdtfDate>,
    /// The reason.
    pub note: String,
    /// The holder: an id or slug. `None` for the neutral record.
    pub held_by: Option<String>,
    /// The parties responsible for the breach: ids or slugs.
    pub breached_by: Vec<String>,
    /// The source: an id, slug or URL.
    pub source: Option<String>,
    /// The place in the source.
    pub locator: Option<String>,
    /// The confidence. The default is MEDIUM, or LOW without a source.
    pub confidence: Confidence,
    /// The momentum.
    pub momentum: Momentum,
}

/// A row that has been read.
#[derive(Debug, Clone)]
pub struct Row {
    /// The number of the row in the sheet.
    pub number: usize,
    /// The text of the reference cell.
    pub reference: String,
    /// The assessment that the row describes.
    pub item: Item,
    /// The cells with problems. References to records are checked later, in the database.
    pub problems: Vec<(Column, String)>,
}

impl Sheet {
    /// Finds the columns. The first row contains their names, in any order.
    #[must_use]
    pub fn new(rows: Vec<CellRow>) -> Self {
        let mut rows = rows.into_iter();
        let mut sheet = Self::default();
        let Some(header) = rows.next() else {
            let message =
                "The sheet is empty. Paste at least a row of column names and one row of values.";
            sheet.problems.push(message.to_owned());
            return sheet;
        };
        for (index, title) in header.cells.iter().enumerate() {
            if plain(title).is_empty() {
                continue;
            }
            match Column::of_title(title) {
                None => sheet.ignored.push(title.trim().to_owned()),
                Some(column) if sheet.columns.iter().any(|(other, _)| *other == column) => {
                    let name = column.as_str();
                    sheet
                        .problems
                        .push(format!("Two columns contain the “{name}”. Remove one of them."));
                }
                Some(column) => sheet.columns.push((column, index)),
            }
        }
        let is_missing = |column: &Column| sheet.columns.iter().all(|(other, _)| other != column);
        let missing = Column::REQUIRED.into_iter().filter(is_missing);
        let missing: Vec<String> = missing.map(|column| format!("“{}”", column.as_str())).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            sheet
                .problems
                .push(format!("The first row does not name these required columns: {missing}."));
        }
        sheet.rows = rows.collect();
        if sheet.rows.is_empty() {
            let message = "The sheet has no rows below the header.";
            sheet.problems.push(message.to_owned());
        }
        if !sheet.problems.is_empty() {
            sheet.rows.clear();
        }
        sheet
    }

    /// Reads a row of the sheet.
    #[must_use]
    pub fn read(&self, row: &CellRow, names: &Names) -> Row {
        let mut cells = Cells::default();
        for (column, index) in &self.columns {
            let cell = row.cells.get(*index).map(|cell| cell.trim()).unwrap_or_default();
            if FORMULA_ERRORS.contains(&cell) {
                let message = format!(
                    "{} is an error value of the spreadsheet. Correct the formula.",
                    quote(cell)
                );
                cells.problems.push((*column, message));
            }
            if !cell.is_empty() {
                cells.by_column.insert(*column, cell);
            }
        }
        let item = cells.read_item(names);
        let reference = cells.text(Column::Reference).to_owned();
        Row { number: row.number, reference, item, problems: cells.problems }
    }
}

/// The name of a status in the API: “not started” and “Not-started” become `NOT_STARTED`.
fn status_name(cell: &str) -> String {
    plain(&cell.replace('-', " ")).replace(' ', "_").to_uppercase()
}

/// The cells of a row that have a value.
#[derive(Default)]
struct Cells<'r> {
    by_column: HashMap<Column, &'r str>,
    problems: Vec<(Column, String)>,
}

impl<'r> Cells<'r> {
    fn get(&self, column: Column) -> Option<&'r str> {
        self.by_column.get(&column).copied()
    }

    fn text(&self, column: Column) -> &'r str {
        self.get(column).unwrap_or_default()
    }

    /// Reads the assessment, and adds the problems of its cells. A missing or invalid momentum or confidence gets its
    /// default value.
    fn read_item(&mut self, names: &Names) -> Item {
        for column in Column::REQUIRED {
            if self.get(column).is_none() {
                let message = format!("The cell “{}” is empty.", column.as_str());
                self.problems.push((column, message));
            }
        }
        let date = self.get(Column::Date).and_then(|cell| match date::parse(cell) {
            Ok(date) => Some(date),
            // The formula error has already been added as a problem.
            Err(_) if FORMULA_ERRORS.contains(&cell) => None,
            Err(message) => {
                self.problems.push((Column::Date, message));
                None
            }
        });
        let momentum = self.read_choice(Column::Momentum).unwrap_or(Momentum::Steady);
        let confidence = self.read_choice(Column::Confidence);
        let (source, locator) = (self.get(Column::Source), self.get(Column::Locator));
        if locator.is_some() && source.is_none() {
            let message = "There is a locator, but no source.";
            self.problems.push((Column::Locator, message.to_owned()));
        }
        let default_confidence =
            if source.is_some() { Confidence::Medium } else { Confidence::Low };
        let is_neutral =
            |cell: &str| ["neutral", "neutral record", "-", "–"].contains(&plain(cell).as_str());
        let holder = self.get(Column::Holder).filter(|cell| !is_neutral(cell));
        let breakers = self.text(Column::Breaker).split([';', ',', '|']).map(str::trim);
        Item {
            subject: names.subject(self.text(Column::Reference)),
            status: status_name(self.text(Column::Status)),
            date,
            note: self.text(Column::Note).to_owned(),
            held_by: holder.map(|cell| names.party(cell)),
            breached_by: breakers
                .filter(|cell| !cell.is_empty())
                .map(|cell| names.party(cell))
                .collect(),
            source: source.map(str::to_owned),
            locator: locator.map(str::to_owned),
            confidence: confidence.unwrap_or(default_confidence),
            momentum,
        }
    }

    /// The enum value that the cell names. Adds a problem if no value has this name, unless the cell contains a formula
    /// error, which already has a problem.
    fn read_choice<T: StringEnum>(&mut self, column: Column) -> Option<T> {
        let cell = self.get(column)?;
        let value = T::parse_name(&cell.to_uppercase());
        if value.is_none() && !FORMULA_ERRORS.contains(&cell) {
            let names: Vec<String> = T::ALL.iter().map(|value| value.name()).collect();
            let (name, valid) = (column.as_str(), names.join(", "));
            self.problems.push((
                column,
                format!("{} is not a valid {name}. Valid values: {valid}.", quote(cell)),
            ));
        }
        value
    }
}
