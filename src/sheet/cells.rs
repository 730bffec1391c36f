//! The cells of a file.

use std::path::Path;

use super::column::Column;
use super::{MAX_BYTES, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, delimited, workbook};

/// The maximum number of cells of a file, including the empty cells before other cells. A sheet of assessments that fills
/// all rows and columns has exactly this number.
const MAX_CELLS: usize = (MAX_ROWS + 1) * MAX_COLUMNS;

/// A row of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellRow {
    /// The row number that spreadsheet programs show: from 1, including empty rows.
    pub number: usize,
    /// The cells, in the order of the columns.
    pub cells: Vec<String>,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text: cells separated by commas, semicolons, tabs or vertical bars.
    Text,
    /// An XLSX workbook. Its first worksheet that is not empty is read.
    Workbook,
}

/// The reason why a file cannot be used as a sheet.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The ending of the file name is unknown.
    #[error(
        "the format of {0} is unknown: give a file that ends in .csv, .tsv, .txt, .xlsx or .xlsm"
    )]
    UnknownFormat(String),
    /// The file is larger than [`MAX_BYTES`].
    #[error("the file is larger than {} MB: split it into several files", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// The file is not a text file.
    #[error("the file is not a text file: save the sheet as CSV or XLSX")]
    NotText,
    /// A quotation mark is not closed.
    #[error("row {0}: the quotation mark that opens the text of a cell is not closed")]
    OpenQuote(usize),
    /// The file is not a workbook.
    #[error("the file is not an XLSX workbook: {0}")]
    NotWorkbook(String),
    /// The workbook has no worksheet with cells.
    #[error("the workbook has no worksheet with cells")]
    NoWorksheet,
    /// The decompressed workbook is too large, the texts are too long, or there are too many cells.
    #[error("the content of the file is too large: split it into several files")]
    TooMuchContent,
    /// There are more rows than [`MAX_ROWS`].
    #[error("the sheet has more than {MAX_ROWS} rows: split it into several files")]
    TooManyRows,
    /// A row has a value after the last column that is read. Contains the row number and the maximum number of columns.
    #[error(
        "row {0} has a value after column {1}: remove the columns that do not belong to the sheet"
    )]
    TooManyColumns(usize, usize),
}

/// The columns that a kind of sheet may have.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// The maximum number of columns.
    pub max_columns: usize,
    /// Whether a column can have this name. These names show which delimiter a text file uses.
    pub is_title: fn(&str) -> bool,
}

impl Layout {
    /// The layout of a sheet of assessments.
    pub const ASSESSMENTS: Self =
        Self { max_columns: MAX_COLUMNS, is_title: |title| Column::of_title(title).is_some() };
}

impl Format {
    /// The format of a file with this name.
    ///
    /// # Errors
    /// The ending of the file name is unknown.
    pub fn of(path: &Path) -> Result<Self, SheetError> {
        let extension =
            path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("csv" | "tsv" | "txt") => Ok(Self::Text),
            Some("xlsx" | "xlsm") => Ok(Self::Workbook),
            _ => Err(SheetError::UnknownFormat(path.display().to_string())),
        }
    }

    /// The non-empty rows of a sheet of assessments, in order.
    ///
    /// # Errors
    /// The file is not of this format, or exceeds a limit.
    pub fn rows(self, content: &[u8]) -> Result<Vec<CellRow>, SheetError> {
        self.rows_of(content, Layout::ASSESSMENTS)
    }

    /// The non-empty rows of a file, in order.
    ///
    /// # Errors
    /// The file is not of this format, or exceeds a limit.
    pub fn rows_of(self, content: &[u8], layout: Layout) -> Result<Vec<CellRow>, SheetError> {
        if content.len() > MAX_BYTES {
            return Err(SheetError::TooLarge);
        }
        match self {
            Self::Text => delimited::rows(content, layout),
            Self::Workbook => workbook::rows(content, layout.max_columns),
        }
    }
}

/// The rows of a workbook as CSV, in UTF-8. Rows keep their numbers.
///
/// # Errors
/// The file is not a workbook, or exceeds a limit.
pub fn csv_of_workbook(content: &[u8]) -> Result<String, SheetError> {
    let mut text = String::new();
    let mut next = 1;
    for CellRow { number, cells } in Format::Workbook.rows(content)? {
        while next < number {
            text.push('\n');
            next += 1;
        }
        let quoted = cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>();
        text.push_str(&quoted.join(","));
        text.push('\n');
        next += 1;
    }
    Ok(text)
}

/// The cell as CSV.
fn quoted(cell: &str) -> String {
    if cell.contains([',', ';', '\t', '|', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// The size of cells in memory. The cells of a small file can be large in memory: the file stores a repeated text once,
/// and an empty cell needs at most a byte in the file, but a `String` in memory.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CellSize {
    cells: usize,
    bytes: usize,
}

impl CellSize {
    /// Adds a number of cells, and the length of their texts in bytes. Fails if a total exceeds its limit.
    pub(super) fn add(&mut self, cells: usize, bytes: usize) -> Result<(), SheetError> {
        self.cells = self.cells.saturating_add(cells);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.cells > MAX_CELLS || self.bytes > MAX_TEXT {
            return Err(SheetError::TooMuchContent);
        }
        Ok(())
    }
}

/// Collects rows within the limits.
pub(super) struct CellRows {
    rows: Vec<CellRow>,
    size: CellSize,
    max_columns: usize,
}

impl CellRows {
    pub(super) fn new(max_columns: usize) -> Self {
        Self { rows: Vec::new(), size: CellSize::default(), max_columns }
    }

    /// Adds a row, without the empty cells at its end. Ignores an empty row.
    pub(super) fn push(&mut self, number: usize, mut cells: Vec<String>) -> Result<(), SheetError> {
        let count =
            cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        if count == 0 {
            return Ok(());
        }
        if count > self.max_columns {
            return Err(SheetError::TooManyColumns(number, self.max_columns));
        }
        cells.truncate(count);
        cells.shrink_to_fit();
        self.size.add(count, cells.iter().map(String::len).sum())?;
        // The first row contains the column names.
        if self.rows.len() > MAX_ROWS {
            return Err(SheetError::TooManyRows);
        }
        self.rows.push(CellRow { number, cells });
        Ok(())
    }

    pub(super) fn into_rows(self) -> Vec<CellRow> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_sheet_of_assessments_has_the_maximum_number_of_cells() {
        let mut size = CellSize::default();
        for _ in 0..=MAX_ROWS {
            assert!(size.add(MAX_COLUMNS, 10).is_ok());
        }
        assert!(matches!(size.add(1, 0), Err(SheetError::TooMuchContent)));
        let mut size = CellSize::default();
        assert!(size.add(1, MAX_TEXT).is_ok());
        assert!(matches!(size.add(1, 1), Err(SheetError::TooMuchContent)));
    }

    #[test]
    fn empty_cells_count_only_before_others() {
        let layout = Layout { max_columns: 512, is_title: |title| title == "a" };
        let rows = |line: &str| Format::Text.rows_of(format!("a\n{line}\n").as_bytes(), layout);
        let read = rows(&format!("b{}", ",".repeat(100_000))).unwrap();
        assert_eq!(read.last().map(|row| row.cells.as_slice()), Some(&["b".to_owned()][..]));
        assert!(rows(&format!("{}b", ",".repeat(511))).is_ok());
        assert!(matches!(
            rows(&format!("{}b", ",".repeat(512))),
            Err(SheetError::TooManyColumns(2, 512))
        ));
    }
}
