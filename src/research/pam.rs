//! The table of the Peace Accords Matrix (PAM): the implementation of accords by provision and year.
//!
//! Two shapes are read. In the published dataset, a row is an accord in a year, and each provision has several columns:
//! `cease_prov` states whether the accord has the provision, and `cease_implem` contains the code of the provision. In
//! the long shape, a row is an accord, a provision and a year.

mod write;

use std::collections::HashMap;
use std::rc::Rc;

use chrono::NaiveDate;

use super::table::{Column, Fault, Table, cell, code, key, number};
use super::{Note, Outcome, PamOptions};
use crate::db::{Error, Transaction};
use crate::domain::edtf::EdtfDate;
use crate::domain::external_id::look_up_key;
use crate::domain::status::ClauseStatus;
use crate::domain::text::quote;
use crate::sheet::CellRow;

/// The names of the columns that contain codes have one of these endings, as [`key`] returns them. The published
/// dataset has two misspelt endings.
const IMPLEMENTATION: [&str; 3] = ["implem", "impem", "iplem"];
/// The end of the name of a column that states whether an accord has a provision.
const PROVISION: &str = "prov";
/// The start of the names of columns with sums over all provisions.
const TOTAL: &str = "total";
/// The maximum number of codes. The published dataset has about 17,000.
const MAX_CODES: usize = 500_000;

/// The code of a provision of an accord in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CodedYear<'t> {
    /// The number of the row in the file.
    row: usize,
    /// The columns of the accord, the provision and the year, for faults.
    columns: [&'t str; 3],
    /// The accord, as [`look_up_key`] returns it: its number in the dataset, or its name.
    accord: Rc<str>,
    /// The provision, as [`look_up_key`] returns it: its name, or the start of the names of its columns, such as
    /// `cease`.
    provision: Rc<str>,
    /// The year. The status for the code takes effect on 31 December of this year.
    year: EdtfDate,
    /// The code.
    implementation: Implementation,
}

/// The code for the degree of implementation in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Implementation {
    /// 0: not initiated.
    None,
    /// 1: minimum implementation.
    Minimum,
    /// 2: intermediate implementation.
    Intermediate,
    /// 3: full implementation.
    Full,
}

impl Implementation {
    fn of(code: i32) -> Option<Self> {
        match code {
            0 => Some(Self::None),
            1 => Some(Self::Minimum),
            2 => Some(Self::Intermediate),
            3 => Some(Self::Full),
            _ => None,
        }
    }

    /// The code and its name: `2 (intermediate)`.
    fn in_words(self) -> &'static str {
        match self {
            Self::None => "0 (none)",
            Self::Minimum => "1 (minimum)",
            Self::Intermediate => "2 (intermediate)",
            Self::Full => "3 (full)",
        }
    }

    /// The clause status that is closest to the code.
    fn status(self) -> ClauseStatus {
        match self {
            Self::None => ClauseStatus::NotStarted,
            Self::Minimum => ClauseStatus::Minimal,
            Self::Intermediate => ClauseStatus::Partial,
            Self::Full => ClauseStatus::Complete,
        }
    }
}

/// The codes of the table.
#[derive(Debug, Default)]
struct CodedYears<'t> {
    years: Vec<CodedYear<'t>>,
    notes: Vec<Note>,
    faults: Vec<Fault>,
}

/// Imports the codes of the table. `file` is the name of the file.
///
/// # Errors
/// Database errors.
pub(super) fn import(
    transaction: &mut Transaction<'_>,
    file: &str,
    table: &Table,
    options: &PamOptions,
) -> Result<Outcome, Error> {
    let CodedYears { years, notes, faults } = read(table, MAX_CODES);
    // The remaining codes are checked against the database, too, so that an import reports all faults.
    let mut outcome = Outcome { notes, faults, ..Outcome::default() };
    write::write(transaction, file, table, (&years, options), &mut outcome)?;
    Ok(outcome)
}

/// Reads the codes. The result omits codes with faults.
fn read(table: &Table, max_codes: usize) -> CodedYears<'_> {
    let mut result = CodedYears::default();
    table.check(&mut result.faults);
    let accord = ["accord", "accordid", "pamcaseid", "caseid", "pamid", "accordname"];
    let accord = table.expect(&mut result.faults, "accord", &accord);
    let year = table.expect(&mut result.faults, "year", &["year"]);
    let provisions = match table.find(&["provision", "provisionid", "provisionname"]) {
        Some(provision) => {
            let names = ["implementation", "implementationcode", "implem", "code"];
            let code = table.expect(&mut result.faults, "implementation", &names);
            code.map(|code| Provisions::Long { provision, code })
        }
        None => Provisions::published(table, &mut result.faults),
    };
    let (Some(accord), Some(year), Some(provisions)) = (accord, year, provisions) else {
        return result;
    };
    let (mut first_codes, mut count) = (HashMap::new(), 0);
    for row in table.rows() {
        if Fault::is_limit_reached(&mut result.faults, row.number) {
            break;
        }
        let Some((accord_text, day)) = accord_and_year(row, (accord, year), &mut result.faults)
        else {
            continue;
        };
        let accord_key: Rc<str> = look_up_key(accord_text).into();
        let codes = provisions.read(row, &mut result.faults);
        count += codes.len();
        if count > max_codes {
            let message =
                format!("the table has more than {max_codes} codes: split it into several files");
            result.faults.push(Fault::row(row.number, message));
            break;
        }
        for (column, provision, implementation) in codes {
            result.add(
                CodedYear {
                    row: row.number,
                    columns: [accord, column, year].map(|column| column.title.as_str()),
                    accord: Rc::clone(&accord_key),
                    provision,
                    year: day,
                    implementation,
                },
                &mut first_codes,
            );
        }
    }
    result
}

/// The accord and the year of a row. Adds faults, and returns `None` if there are any.
fn accord_and_year<'r>(
    row: &'r CellRow,
    (accord, year): (&Column, &Column),
    faults: &mut Vec<Fault>,
) -> Option<(&'r str, EdtfDate)> {
    let accord_text = number(cell(row, accord));
    if accord_text.is_empty() {
        let message = "the cell is empty: the accord is required";
        faults.push(Fault::cell(row.number, &accord.title, message));
    }
    let text = number(cell(row, year));
    let day = if text.len() == 4 { EdtfDate::parse(text).ok() } else { None };
    if day.is_none() {
        let message = format!("{} is not a year, such as 1998", quote(text));
        faults.push(Fault::cell(row.number, &year.title, message));
    }
    day.filter(|_| !accord_text.is_empty()).map(|day| (accord_text, day))
}

/// The index of the first code for each accord, provision and last day of a year.
type FirstCodes = HashMap<(Rc<str>, Rc<str>, NaiveDate), usize>;

impl<'t> CodedYears<'t> {
    /// Adds a code. If the accord already has the same code for the provision and year, adds a note instead. If it has
    /// a different code, adds a fault.
    fn add(&mut self, coded: CodedYear<'t>, first_codes: &mut FirstCodes) {
        let CodedYear { accord, provision, year, .. } = &coded;
        let key = (Rc::clone(accord), Rc::clone(provision), year.last_day());
        let first = first_codes.get(&key).and_then(|index| self.years.get(*index));
        let Some(first) = first else {
            first_codes.insert(key, self.years.len());
            self.years.push(coded);
            return;
        };
        if first.implementation == coded.implementation {
            let message = format!(
                "repeats row {}: {provision} of accord {accord} in {year} is imported only once",
                first.row
            );
            self.notes.push(Note { row: coded.row, message });
        } else {
            let message = format!(
                "{provision} of accord {accord} in {year} is {} here and {} in row {}",
                coded.implementation.in_words(),
                first.implementation.in_words(),
                first.row
            );
            let [_, column, _] = coded.columns;
            self.faults.push(Fault::cell(coded.row, column, message));
        }
    }
}

/// The columns of provisions and codes.
enum Provisions<'t> {
    /// One provision in each row.
    Long { provision: &'t Column, code: &'t Column },
    /// All provisions in each row. Each item has the name of the provision, the column that states whether the accord has
    /// it, and the column of its code.
    Published(Vec<(Rc<str>, &'t Column, &'t Column)>),
}

impl<'t> Provisions<'t> {
    /// The columns of the published dataset. Adds a fault for each column without its counterpart. Adds another fault
    /// if no provision has both columns.
    fn published(table: &'t Table, faults: &mut Vec<Fault>) -> Option<Self> {
        let first_row = table.first_row();
        let (mut provisions, mut used) = (Vec::new(), Vec::new());
        for column in table.columns() {
            let title = key(&column.title);
            let Some(stem) = title.strip_suffix(PROVISION).filter(|stem| is_stem(stem)) else {
                continue;
            };
            // The codes of `disput_prov` are in `dispute_implem`.
            let names = ["", "e"]
                .into_iter()
                .flat_map(|letter| IMPLEMENTATION.map(|ending| format!("{stem}{letter}{ending}")));
            let names: Vec<String> = names.collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let Some(code) = table.find(&names) else {
                let message =
                    format!("the first row does not name the column of its codes, {stem}_implem");
                faults.push(Fault::cell(first_row, &column.title, message));
                continue;
            };
            used.push(code);
            provisions.push((look_up_key(stem).into(), column, code));
        }
        for column in table.columns().iter().filter(|column| !used.contains(column)) {
            let title = key(&column.title);
            let stem = IMPLEMENTATION.iter().find_map(|ending| title.strip_suffix(*ending));
            if let Some(stem) = stem.filter(|stem| is_stem(stem)) {
                let message = format!(
                    "the first row does not name {stem}_prov, which distinguishes the code 0 from a provision that the accord does not have"
                );
                faults.push(Fault::cell(first_row, &column.title, message));
            }
        }
        if provisions.is_empty() {
            let message = "the first row must contain either the columns “provision” and “implementation”, or columns such as “cease_prov” and “cease_implem”";
            faults.push(Fault::row(first_row, message));
            return None;
        }
        Some(Self::Published(provisions))
    }

    /// The codes of a row, with their columns. Adds faults.
    fn read(
        &self,
        row: &CellRow,
        faults: &mut Vec<Fault>,
    ) -> Vec<(&'t Column, Rc<str>, Implementation)> {
        match self {
            Self::Long { provision, code } => {
                let name = cell(row, provision);
                if name.is_empty() {
                    let message = "the cell is empty: the provision is required";
                    faults.push(Fault::cell(row.number, &provision.title, message));
                }
                let implementation = implementation(row, code, faults);
                let implementation = implementation.filter(|_| !name.is_empty());
                let name: Rc<str> = look_up_key(name).into();
                implementation.map(|code| (*provision, name, code)).into_iter().collect()
            }
            Self::Published(provisions) => {
                let mut codes = Vec::new();
                for (name, provision, code) in provisions {
                    match cell(row, provision) {
                        "" | "0" | "0.0" => {}
                        "1" | "1.0" => {
                            let implementation = implementation(row, code, faults);
                            codes.extend(
                                implementation.map(|value| (*code, Rc::clone(name), value)),
                            );
                        }
                        other => {
                            let message = format!(
                                "{} is neither 1 (the accord has the provision) nor 0",
                                quote(other)
                            );
                            faults.push(Fault::cell(row.number, &provision.title, message));
                        }
                    }
                }
                codes
            }
        }
    }
}

/// Whether the start of a column's name, such as `cease` in `cease_prov`, can be the name of a provision.
fn is_stem(stem: &str) -> bool {
    !stem.is_empty() && stem != TOTAL
}

/// The code in a cell. `None` if the cell is empty, because the year is not coded. Adds a fault for an unknown code.
fn implementation(
    row: &CellRow,
    column: &Column,
    faults: &mut Vec<Fault>,
) -> Option<Implementation> {
    match code(cell(row, column)) {
        Ok(code) => code.and_then(Implementation::of),
        Err(message) => {
            faults.push(Fault::cell(row.number, &column.title, message));
            None
        }
    }
}

#[cfg(test)]
mod tests;
