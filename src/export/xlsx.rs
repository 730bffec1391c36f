//! Excel workbooks: a sheet with the rows, and a sheet that explains the columns.

use std::io;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, XlsxError};
use serde_json::Value as Json;
use tempfile::SpooledTempFile;

use super::dictionary;
use super::format::{Sheet, cell};

/// The maximum number of rows in a sheet, without the header.
const MAX_ROWS: u32 = 1_048_575;
/// The maximum length of a text in a cell, in UTF-16 code units.
const MAX_TEXT: usize = 32_767;
/// The end of a text that was cut.
const TRUNCATION_NOTE: &str =
    "… (cut: too long for an Excel cell; the JSON and CSV files have the whole text)";

/// Writes rows to a workbook. `finish` writes the workbook to `file`; until then, the library keeps the rows in a
/// temporary file of its own.
pub(super) struct XlsxWriter {
    workbook: Workbook,
    file: SpooledTempFile,
    next_row: u32,
}

impl XlsxWriter {
    /// Begins a workbook.
    pub(super) fn new(sheet: &Sheet<'_>, file: SpooledTempFile) -> io::Result<Self> {
        let mut workbook = Workbook::new();
        // A constant day, because files with the same data would differ if they contained the time of creation.
        let epoch = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
        let header = CellFormat::new().set_bold();
        let rows = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        rows.set_name("Rows").map_err(failed)?;
        rows.set_freeze_panes(1, 0).map_err(failed)?;
        for (column, name) in (0..).zip(sheet.columns) {
            rows.write_string_with_format(0, column, *name, &header).map_err(failed)?;
        }
        if !sheet.explanations.is_empty() {
            let columns = workbook.add_worksheet();
            columns.set_name("Columns").map_err(failed)?;
            columns.set_freeze_panes(1, 0).map_err(failed)?;
            for (column, name) in (0..).zip(dictionary::COLUMNS) {
                columns.write_string_with_format(0, column, name, &header).map_err(failed)?;
            }
            for (row, values) in (1..).zip(sheet.explanations) {
                for (column, value) in (0..).zip(values) {
                    columns.write_string(row, column, shortened(cell(value))).map_err(failed)?;
                }
            }
        }
        Ok(Self { workbook, file, next_row: 1 })
    }

    /// Writes a row. Texts are never written as formulas.
    pub(super) fn write(&mut self, row: &[Json]) -> io::Result<()> {
        if self.next_row > MAX_ROWS {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "an Excel sheet has at most 1,048,575 rows below its header",
            ));
        }
        let sheet = self.workbook.worksheet_from_index(0).map_err(failed)?;
        for (column, value) in (0..).zip(row) {
            let written = match value {
                Json::Null => continue,
                Json::Bool(value) => sheet.write_boolean(self.next_row, column, *value),
                Json::Number(number) => {
                    sheet.write_number(self.next_row, column, number.as_f64().unwrap_or_default())
                }
                other => match cell(other) {
                    text if text.is_empty() => continue,
                    text => sheet.write_string(self.next_row, column, shortened(text)),
                },
            };
            written.map_err(failed)?;
        }
        self.next_row += 1;
        Ok(())
    }

    /// Ends the workbook.
    pub(super) fn finish(mut self) -> io::Result<SpooledTempFile> {
        self.workbook.save_to_writer(&mut self.file).map_err(failed)?;
        Ok(self.file)
    }
}

/// Truncates the text to the maximum length of a cell.
fn shortened(text: String) -> String {
    let limit = MAX_TEXT - TRUNCATION_NOTE.encode_utf16().count();
    let (mut length, mut end) = (0, 0);
    for (position, letter) in text.char_indices() {
        if length <= limit {
            end = position;
        }
        length += letter.len_utf16();
    }
    if length <= MAX_TEXT {
        text
    } else {
        format!("{}{TRUNCATION_NOTE}", text.get(..end).unwrap_or_default())
    }
}

fn failed(failure: XlsxError) -> io::Error {
    match failure {
        XlsxError::IoError(failure) => failure,
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_to_the_length_of_a_cell() {
        let fits = "a".repeat(MAX_TEXT);
        assert_eq!(shortened(fits.clone()), fits);
        for text in ["a".repeat(MAX_TEXT + 1), "🕊".repeat(MAX_TEXT)] {
            let cut = shortened(text.clone());
            let length = cut.encode_utf16().count();
            assert!(length <= MAX_TEXT && length > MAX_TEXT - 3, "{length}");
            assert!(text.starts_with(cut.strip_suffix(TRUNCATION_NOTE).unwrap()));
        }
    }
}
