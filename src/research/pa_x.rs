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

/// The columns that describe the agreement or the file, as [`key`] returns them. The others are topics.
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
    /// `AgtId`: digits.
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
    /// The columns that only the summary of a new agreement repeats, with their texts: `Con`, `PPName`, `Agtp`, `Stage`.
    details: Vec<(&'static str, String)>,
    /// `Status`: how the agreement was adopted.
    status: Option<String>,
}

impl Row {
    /// The columns in which two rows of the same agreement differ. The process and the country may differ.
    fn differences<'r>(&'r self, other: &'r Self) -> Vec<&'r str> {
        let mut columns = Vec::new();
        let is_same = [
            ("Agt", self.title == other.title),
            ("Dat", self.agreed_on == other.agreed_on),
            ("UcdpAgr", self.ucdp == other.ucdp),
            ("PamAgr", self.pam == other.pam),
        ];
        columns.extend(is_same.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name));
        for (one, others) in [(self, other), (other, self)] {
            let only = one.treatments.iter().filter(|item| !others.treatments.contains(item));
            columns.extend(only.map(|treatment| treatment.code.as_str()));
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// The rows of the table, and the topics that it has columns for.
#[derive(Debug, Default)]
struct Rows {
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
    let Rows { rows, codes, notes, faults } = read(table);
    // The remaining rows are checked against the database, too, so that an import reports all faults.
    let mut outcome = Outcome { notes, faults, ..Outcome::default() };
    write::write(transaction, &rows, &codes, &mut outcome)?;
    Ok(outcome)
}

/// Reads the rows. A row with a fault is not among the rows.
fn read(table: &Table) -> Rows {
    let mut result = Rows::default();
    table.check(&mut result.faults);
    let id = table.expect(&mut result.faults, "AgtId", &["agtid"]);
    let title = table.expect(&mut result.faults, "Agt", &["agt"]);
    let day = table.expect(&mut result.faults, "Dat", &["dat"]);
    let (Some(id), Some(title), Some(day)) = (id, title, day) else { return result };
    let columns = Columns { id, title, day, topics: topics(table, &mut result.notes), table };
    result.codes = columns.topics.iter().map(|(_, code)| code.clone()).collect();
    let mut first_rows: HashMap<String, usize> = HashMap::new();
    for row in table.rows() {
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
                format!("repeats row {}: AgtId {} is imported once", first.number, row.id);
            result.notes.push(Note { row: row.number, message });
        } else {
            let message = format!(
                "{} is already in row {}, with another {}",
                row.id,
                first.number,
                differences.join(", ")
            );
            result.faults.push(Fault::cell(row.number, &id.title, message));
        }
    }
    result
}

/// The columns of topics, with their codes. A column with an unknown name is a topic if all its cells are codes. Otherwise a
/// note names it.
fn topics<'t>(table: &'t Table, notes: &mut Vec<Note>) -> Vec<(&'t Column, String)> {
    let mut topics = Vec::new();
    for column in table.columns().iter().filter(|column| !NO_TOPICS.contains(&&*key(&column.title)))
    {
        if let Some(code) = code_of_column(&column.title) {
            topics.push((column, code.to_owned()));
            continue;
        }
        let mut cells = table.rows().iter().map(|row| cell(row, column)).peekable();
        let has_codes = cells.peek().is_some() && cells.all(|cell| code(cell).is_ok());
        if has_codes && check_code(&column.title).is_ok() {
            topics.push((column, column.title.clone()));
        } else {
            let message = format!(
                "the column {} is ignored: it is not a known topic, and its cells are not codes from 0 to 3",
                quote(&column.title)
            );
            notes.push(Note { row: table.first_row(), message });
        }
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
    fn read(&self, row: &CellRow, result: &mut Rows) -> Option<Row> {
        let before = result.faults.len();
        let mut fault = |column: &Column, message: String| {
            result.faults.push(Fault::cell(row.number, &column.title, message));
        };
        let id = number(cell(row, self.id));
        if !is_number(id) {
            fault(self.id, format!("{} is not an AgtId: digits, such as 556", quote(id)));
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
                format!("{text} is not a day: write 1998-04-10, or the day first: 10/04/1998"),
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
                let message =
                    format!("UcdpAgr: {} is not digits, and is not recorded", quote(ucdp));
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

    /// The identifier in the column with this name. 0 is no identifier.
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

/// Parses a day: `1998-04-10`, or with the day first, as in `10/04/1998`. A time after it is ignored.
fn day(cell: &str) -> Option<NaiveDate> {
    let date = cell.split([' ', 'T']).next()?;
    let numbers = |separator: char| -> Option<[&str; 3]> {
        let parts: Vec<&str> = date.split(separator).collect();
        <[&str; 3]>::try_from(parts).ok()
    };
    let (year, month, day) = match (numbers('-'), numbers('/')) {
        (Some([year, month, day]), _) | (None, Some([day, month, year])) => (year, month, day),
        (None, None) => return None,
    };
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| is_number(text));
    let year = number(year).filter(|_| year.len() == 4).and_then(|year| i32::try_from(year).ok());
    NaiveDate::from_ymd_opt(year?, number(month)?, number(day)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(cells: &[&[&str]]) -> Rows {
        let row = |(number, cells): (usize, &&[&str])| CellRow {
            number,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        read(&Table::new((1..).zip(cells).map(row).collect()))
    }

    #[test]
    fn days_are_read_in_both_forms() {
        let expected = NaiveDate::from_ymd_opt(1998, 4, 3);
        for text in
            ["1998-04-03", "03/04/1998", "3/4/1998", "1998-04-03 00:00:00", "1998-04-03T00:00"]
        {
            assert_eq!(day(text), expected, "{text}");
        }
        for text in
            ["", "1998", "04/13/1998", "1998-13-04", "98-04-03", "03/04/98", "+3/4/1998", "a-b-c"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn topics_are_columns_with_a_known_name_or_with_codes() {
        let read = rows(&[
            &["AgtId", "Agt", "Dat", "hrgen", "NewTopic", "Remark", "Lgt"],
            &["1", "Pact", "2001-02-03", "3", "1", "x", "2"],
            &["2", "Truce", "2002-02-03", "0", "", "2", "3"],
        ]);
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        assert_eq!(read.codes, ["HrGen", "NewTopic"]);
        let treatments: Vec<_> = read
            .rows
            .iter()
            .map(|row| {
                row.treatments.iter().map(|item| (&*item.code, item.extent)).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(treatments, [vec![("HrGen", 3), ("NewTopic", 1)], vec![]]);
        assert_eq!(read.notes.len(), 1);
        assert!(read.notes[0].message.contains("“Remark” is ignored"), "{:?}", read.notes);
    }

    #[test]
    fn repeated_rows_are_read_once_unless_they_differ() {
        let header: &[&str] = &["AgtId", "Agt", "Dat", "Con", "Ce"];
        let first: &[&str] = &["7", "Pact", "2001-02-03", "North", "1"];
        let read = rows(&[header, first, &["7", "Pact", "03/02/2001", "South", "1"]]);
        assert_eq!((read.rows.len(), read.notes.len(), read.faults.len()), (1, 1, 0));
        let read = rows(&[header, first, &["7", "Treaty", "2001-02-03", "North", "2"]]);
        let fault = Fault::cell(3, "AgtId", "7 is already in row 2, with another Agt, Ce");
        assert_eq!((read.rows.len(), read.faults), (1, vec![fault]));
    }

    proptest! {
        #[test]
        fn any_row_is_read_without_panic(cells in prop::collection::vec(".{0,12}", 0..7)) {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let read = rows(&[&["AgtId", "Agt", "Dat", "Ce", "UcdpAgr", "Status"], &cells]);
            prop_assert!(read.rows.len() <= 1);
            prop_assert!(read.rows.len() == 1 || !read.faults.is_empty());
        }
    }
}
