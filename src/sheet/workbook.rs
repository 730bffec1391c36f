//! Sheets as XLSX workbooks. Reads the cells one by one: a small workbook can have cells far apart, and a table that contains
//! them would be large.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use super::cells::{CellRow, CellRows, CellSize, SheetError};
use super::{MAX_DECOMPRESSED, MAX_MERGED, MAX_ROWS};

/// The maximum number of rows in Excel. A larger row number in a file would make the CSV very long.
const MAX_ROW_NUMBER: usize = 1 << 20;
/// The maximum number of worksheets that are searched for cells. Each is decompressed.
const MAX_WORKSHEETS: usize = 32;

/// The cells of each row, keyed by the index of the row, from 0.
type Cells = BTreeMap<usize, Vec<String>>;

/// The rows of the first worksheet that has cells.
pub(super) fn rows(content: &[u8], max_columns: usize) -> Result<Vec<CellRow>, SheetError> {
    check_decompressed_size(content)?;
    let mut workbook = Xlsx::new(Cursor::new(content)).map_err(fault)?;
    for name in workbook.sheet_names().into_iter().take(MAX_WORKSHEETS) {
        let (mut cells, size) = match read(&mut workbook, &name, max_columns) {
            // A chart sheet is not a worksheet.
            Err(ReadError::Workbook(XlsxError::NotAWorksheet(_))) => continue,
            Err(ReadError::Workbook(error)) => return Err(fault(error)),
            Err(ReadError::Sheet(error)) => return Err(error),
            Ok(read) => read,
        };
        if cells.is_empty() {
            continue;
        }
        let merged = workbook.merge_cells_by_sheet_name(&name).map_err(fault)?;
        fill_merged(&mut cells, &merged, size, max_columns)?;
        let mut rows = CellRows::new(max_columns);
        for (row, cells) in cells {
            rows.push(row + 1, cells)?;
        }
        return Ok(rows.into_rows());
    }
    Err(SheetError::NoWorksheet)
}

/// Decompresses the whole workbook to measure it, because the sizes that the file states may be wrong.
fn check_decompressed_size(content: &[u8]) -> Result<(), SheetError> {
    let no_workbook = |error: &dyn std::error::Error| SheetError::NotWorkbook(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|error| no_workbook(&error))?;
    let mut left = MAX_DECOMPRESSED;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| no_workbook(&error))?;
        let size = io::copy(&mut file.take(left + 1), &mut io::sink());
        let size = size.map_err(|error| no_workbook(&error))?;
        left = left.checked_sub(size).ok_or(SheetError::TooMuchContent)?;
    }
    Ok(())
}

fn fault(error: XlsxError) -> SheetError {
    SheetError::NotWorkbook(error.to_string())
}

enum ReadError {
    Workbook(XlsxError),
    Sheet(SheetError),
}

impl From<XlsxError> for ReadError {
    fn from(error: XlsxError) -> Self {
        Self::Workbook(error)
    }
}

impl From<SheetError> for ReadError {
    fn from(error: SheetError) -> Self {
        Self::Sheet(error)
    }
}

/// The non-empty cells of a worksheet, and their size.
fn read(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    max_columns: usize,
) -> Result<(Cells, CellSize), ReadError> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let mut cells = Cells::new();
    let mut size = CellSize::default();
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        if row >= MAX_ROW_NUMBER {
            return Err(SheetError::TooManyRows.into());
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= max_columns {
            return Err(SheetError::TooManyColumns(row.saturating_add(1), max_columns).into());
        }
        set(cells.entry(row).or_default(), column, text, &mut size)?;
        if cells.len() > MAX_ROWS + 1 {
            return Err(SheetError::TooManyRows.into());
        }
    }
    Ok((cells, size))
}

/// Sets a cell of a row. Adds the cell, its text and the new empty cells before it to `size`.
fn set(
    cells: &mut Vec<String>,
    column: usize,
    text: String,
    size: &mut CellSize,
) -> Result<(), SheetError> {
    size.add((column + 1).saturating_sub(cells.len()), text.len())?;
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    if let Some(cell) = cells.get_mut(column) {
        *cell = text;
    }
    Ok(())
}

/// The text of a value. A day is `2022-03-05`.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(date) => date.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// Copies the value of each merged cell to all cells that it covers: a holder merged over three rows applies to all
/// three. Rows that have no cell of their own are not filled.
fn fill_merged(
    cells: &mut Cells,
    merged: &[Dimensions],
    mut size: CellSize,
    max_columns: usize,
) -> Result<(), SheetError> {
    let mut count = 0;
    for Dimensions { start, end } in merged {
        let [first, last, left, right] = [start.0, end.0, start.1, end.1]
            .map(|index| usize::try_from(index).unwrap_or(usize::MAX));
        let value = cells.get(&first).and_then(|row| row.get(left)).cloned().unwrap_or_default();
        if value.is_empty() || last < first {
            continue;
        }
        for (_, row) in cells.range_mut(first..=last) {
            for column in left..=right.min(max_columns.saturating_sub(1)) {
                count += 1;
                if count > MAX_MERGED {
                    return Err(SheetError::TooMuchContent);
                }
                set(row, column, value.clone(), &mut size)?;
            }
        }
    }
    Ok(())
}
