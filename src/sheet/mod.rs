//! The analyst's sheet: rows of assessments in a CSV file or an XLSX workbook.

mod cells;
mod column;
mod date;
mod delimited;
mod names;
mod record;
mod row;
mod workbook;

pub use cells::{CellRow, Format, Layout, SheetError, csv_of_workbook};
pub use column::Column;
pub use names::Names;
pub use record::{Fault, RowOutcome, SheetOutcome, Writing, record};
pub use row::{Item, Row, Sheet};

/// The maximum size of a file in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The maximum number of rows below the header.
pub const MAX_ROWS: usize = 100_000;
/// The maximum number of columns.
const MAX_COLUMNS: usize = 64;
/// The maximum total length of the text in all cells, in bytes. A workbook can use a string many times but store it once.
const MAX_TEXT: usize = 128 * 1024 * 1024;
/// The maximum size of a decompressed workbook in bytes.
const MAX_DECOMPRESSED: u64 = 256 * 1024 * 1024;
/// The maximum number of merged cells in a workbook.
const MAX_MERGED: usize = 5_000_000;
