//! The analyst's sheet: rows of assessments in a CSV text or an XLSX workbook.

mod cells;
mod column;
mod date;
mod delimited;
mod names;
mod record;
mod row;
mod workbook;

pub use cells::{CellRow, Format, SheetError, csv_of_workbook};
pub use column::Column;
pub use names::Names;
pub use record::{Fault, RowOutcome, SheetOutcome, Writing, record};
pub use row::{Item, Row, Sheet};

/// The maximum size of a file in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The maximum number of rows below the names of the columns.
pub const MAX_ROWS: usize = 100_000;
/// The maximum number of columns.
const MAX_COLUMNS: usize = 64;
/// The maximum length of the texts of all cells in bytes. A workbook can repeat a text without storing it again.
const MAX_TEXT: usize = 128 * 1024 * 1024;
/// The maximum size of a workbook in bytes when it is unpacked.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
/// The maximum number of merged cells in a workbook.
const MAX_MERGED: usize = 5_000_000;
