//! The table of the PA-X Peace Agreements Database: one row for each agreement.

mod write;

use std::collections::HashMap;

use chrono::NaiveDate;

use super::table::{Column, Fault, Table, cell, code, key, number};
use super::{Note, Outcome};
use crate::db::{Error, Transaction};
use crate::domain::pa_x::code_of_column;
use crate::domain::text::quote;
use crate::domain::topic_treatment::{PA_X, TopicTreatmentContent, check_code};
use crate::sheet::CellRow;

/// The columns that describe the agreement or the file, named as [`key`] returns them. Only other columns can be
/// topics.
const NO_TOPICS: [&str; 29] = [
    "con",
    "contp",
    "pp",
    "ppname",
    "reg",
    "agtid",
    "ver",
    "agt",
    "dat",
    "year",
    "status",
    "lgt",
    "ncharacters",
    "agtp",
    "stage",
    "stagesub",
    "part",
    "thrdpart",
    "othagr",
    "loc1iso",
    "loc2iso",
    "loc1gwno",
    "loc2gwno",
    "ucdpcon",
    "ucdpagr",
    "pamagr",
    "cowwar",
    "imsrc",
    "pdf",
];

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// The number of the row in the file.
    number: usize,
    /// `AgtId`: digits, without zeros at the start.
    id: String,
    /// `Agt`, with single spaces.
    title: String,
    /// `Dat`.
    agreed_on: NaiveDate,
    /// `UcdpAgr`: digits.
    ucdp: Option<String>,
    /// `PamAgr`.
    pam: Option<String>,
    /// The codes above 0, in the order of the columns.
    treatments: Vec<TopicTreatmentContent>,
    /// The columns that only the summary of a new agreement uses, with their texts: `Con`, `PPName`, `Agtp`, `Stage`.
    details: Vec<(&'static str, String)>,
    /// `Status`: how the agreement was adopted.
    status: Option<String>,
}

impl Row {
    /// The columns in which two rows of the same agreement differ. Ignores the process and the country, which may
    /// differ.
    fn differences<'r>(&'r self, other: &'r Self) -> Vec<&'r str> {
        let mut columns = Vec::new();
        let is_same = [
            ("Agt", self.title == other.title),
            ("Dat", self.agreed_on == other.agreed_on),
            ("UcdpAgr", self.ucdp == other.ucdp),
            ("PamAgr", self.pam == other.pam),
        ];
        columns.extend(is_same.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name));
        for (row, other) in [(self, other), (other, self)] {
            let only = row.treatments.iter().filter(|item| !other.treatments.contains(item));
            columns.extend(only.map(|treatment| treatment.code.as_str()));
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// The rows of the table, and the topics for which it has columns.
#[derive(Debug, Default)]
struct Reading {
    rows: Vec<Row>,
    /// The codes of the topics that have a column.
    codes: Vec<String>,
    notes: Vec<Note>,
    faults: Vec<Fault>,
}

/// Imports the rows of the table.
///
/// # Errors
/// Database errors.
pub(super) fn import(transaction: &mut Transaction<'_>, table: &Table) -> Result<Outcome, Error> {
    let Reading { rows, codes, notes, faults } = read(table);
    // The remaining rows are checked against the database, too, so that an import reports all faults.
    let mut outcome = Outcome { notes, faults, ..Outcome::default() };
    write::write(transaction, &rows, &codes, &mut outcome)?;
    Ok(outcome)
}

/// Reads the rows. The result omits rows with faults.
fn read(table: &Table) -> Reading {
    let mut result = Reading::default();
    table.check(&mut result.faults);
    let id = table.expect(&mut result.faults, "AgtId", &["agtid"]);
    let title = table.expect(&mut result.faults, "Agt", &["agt"]);
    let day = table.expect(&mut result.faults, "Dat", &["dat"]);
    let (Some(id), Some(title), Some(day)) = (id, title, day) else { return result };
    let columns = Columns { id, title, day, topics: topics(table, &mut result.notes), table };
    result.codes = columns.topics.iter().map(|(_, code)| code.clone()).collect();
    let mut first_rows: HashMap<String, usize> = HashMap::new();
    for row in table.rows() {
        if Fault::is_limit_reached(&mut result.faults, row.number) {
            break;
        }
        let Some(row) = columns.read(row, &mut result) else { continue };
        let first = first_rows.get(&row.id).and_then(|index| result.rows.get(*index));
        let Some(first) = first else {
            first_rows.insert(row.id.clone(), result.rows.len());
            result.rows.push(row);
            continue;
        };
        let differences = row.differences(first);
        if differences.is_empty() {
            let message =
                format!("repeats row {}: AgtId {} is imported only once", first.number, row.id);
            result.notes.push(Note { row: row.number, message });
        } else {
            let message = format!(
                "AgtId {} is already in row {}, with different values in: {}",
                row.id,
                first.number,
                differences.join(", ")
            );
            result.faults.push(Fault::cell(row.number, &id.title, message));
        }
    }
    result
}

/// The columns of topics, each with the code of its topic. A column with an unknown name is a topic if its cells
/// contain only codes from 0 to 3. Adds a note for each column with an unknown name.
fn topics<'t>(table: &'t Table, notes: &mut Vec<Note>) -> Vec<(&'t Column, String)> {
    let mut topics = Vec::new();
    for column in table.columns().iter().filter(|column| !NO_TOPICS.contains(&&*key(&column.title)))
    {
        if let Some(code) = code_of_column(&key(&column.title)) {
            topics.push((column, code.to_owned()));
            continue;
        }
        let title = quote(&column.title);
        let cells = move || table.rows().iter().map(move |row| cell(row, column));
        let message = if cells().all(str::is_empty) {
            format!(
                "the column {title} is ignored: it is not a known topic, and all its cells are empty"
            )
        } else if cells().any(|cell| code(cell).is_err()) {
            format!(
                "the column {title} is ignored: it is not a known topic, and its cells are not codes from 0 to 3"
            )
        } else if let Err(message) = check_code(&column.title) {
            format!("the column {title} is ignored: {message}")
        } else {
            topics.push((column, column.title.clone()));
            format!(
                "the column {title} is imported as a topic, because all its cells are codes; Clausewatch has no label for it"
            )
        };
        notes.push(Note { row: table.first_row(), message });
    }
    topics
}

struct Columns<'t> {
    id: &'t Column,
    title: &'t Column,
    day: &'t Column,
    topics: Vec<(&'t Column, String)>,
    table: &'t Table,
}

impl Columns<'_> {
    /// Reads a row. Adds its faults and notes. `None` if it has a fault.
    fn read(&self, row: &CellRow, result: &mut Reading) -> Option<Row> {
        let before = result.faults.len();
        let mut fault = |column: &Column, message: String| {
            result.faults.push(Fault::cell(row.number, &column.title, message));
        };
        let id_text = number(cell(row, self.id));
        let id = id_text.trim_start_matches('0');
        if !is_number(id) {
            fault(
                self.id,
                format!("{} is not an AgtId; valid: digits, such as 556", quote(id_text)),
            );
        }
        let title = one_line(cell(row, self.title));
        if title.is_empty() {
            fault(self.title, "the cell is empty: the title is required".to_owned());
        }
        let agreed_on = day(cell(row, self.day));
        if agreed_on.is_none() {
            let text = quote(cell(row, self.day));
            fault(
                self.day,
                format!("{text} is not a day: write 1998-04-10 or 10/04/1998 (the day first)"),
            );
        }
        let mut treatments = Vec::new();
        for (column, topic) in &self.topics {
            match code(cell(row, column)) {
                Ok(None | Some(0)) => {}
                Ok(Some(extent)) => treatments.push(TopicTreatmentContent {
                    scheme: PA_X.to_owned(),
                    code: topic.clone(),
                    extent,
                }),
                Err(message) => fault(column, message),
            }
        }
        let ucdp = self.identifier(row, "ucdpagr").filter(|ucdp| {
            let is_valid = is_number(ucdp);
            if !is_valid {
                let message = format!(
                    "UcdpAgr: {} does not consist of digits, and is not recorded",
                    quote(ucdp)
                );
                result.notes.push(Note { row: row.number, message });
            }
            is_valid
        });
        let pam = self.identifier(row, "pamagr");
        let details =
            [("country", "con"), ("peace process", "ppname"), ("type", "agtp"), ("stage", "stage")];
        let details =
            details.into_iter().filter_map(|(name, key)| Some((name, self.text(row, key)?)));
        let (details, status) = (details.collect(), self.text(row, "status"));
        if result.faults.len() > before {
            return None;
        }
        Some(Row {
            number: row.number,
            id: id.to_owned(),
            title,
            agreed_on: agreed_on?,
            ucdp,
            pam,
            treatments,
            details,
            status,
        })
    }

    /// The text of the column with this name, in one line. `None` if it is empty or if the file has no such column.
    fn text(&self, row: &CellRow, name: &str) -> Option<String> {
        let text = one_line(cell(row, self.table.find(&[name])?));
        (!text.is_empty()).then_some(text)
    }

    /// The identifier in the column with this name. 0 means that the row has no identifier.
    fn identifier(&self, row: &CellRow, name: &str) -> Option<String> {
        let text = self.text(row, name)?;
        let identifier = number(&text);
        (identifier != "0").then(|| identifier.to_owned())
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text with single spaces in place of line breaks and repeated spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Parses a day: `1998-04-10`, or with the day first, as in `10/04/1998`. A time after the day is ignored.
fn day(cell: &str) -> Option<NaiveDate> {
    let (date, time) = cell.split_once([' ', 'T']).unwrap_or((cell, ""));
    let is_time =
        time.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'Z' | b'+'));
    if !is_time {
        return None;
    }
    let numbers = |separator: char| -> Option<[&str; 3]> {
        let parts: Vec<&str> = date.split(separator).collect();
        <[&str; 3]>::try_from(parts).ok()
    };
    let ((Some([year, month, day]), _) | (None, Some([day, month, year]))) =
        (numbers('-'), numbers('/'))
    else {
        return None;
    };
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| is_number(text));
    let year = number(year).filter(|_| year.len() == 4).and_then(|year| i32::try_from(year).ok());
    NaiveDate::from_ymd_opt(year?, number(month)?, number(day)?)
}

#[cfg(test)]
mod tests;
