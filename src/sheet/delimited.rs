//! Sheets as text: CSV with any of the usual delimiters and encodings.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::cells::{CellRow, CellRows, Layout, SheetError};

/// The delimiters. The most usual ones come first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The number of lines that are searched for the column names.
const HEADER_LINES: usize = 10;
/// An extra row after the end of the text. If the reader does not find this row, a quotation mark is not closed, and
/// the row has become part of a cell.
const END: &str = "\n\u{1}end\n";

/// The non-empty rows of the text.
pub(super) fn rows(content: &[u8], layout: Layout) -> Result<Vec<CellRow>, SheetError> {
    let text = decode(content).ok_or(SheetError::NotText)?;
    // A single carriage return ends a line, too.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    read(&format!("{text}{END}"), delimiter(text, layout.is_title), layout.max_columns)
}

/// Decodes a file in UTF-8, in UTF-16 with a byte order mark, or else in Windows-1252. `None` if it is not a text file.
fn decode(content: &[u8]) -> Option<Cow<'_, str>> {
    if content.starts_with(&[0xff, 0xfe]) {
        return Some(UTF_16LE.decode_with_bom_removal(content).0);
    }
    if content.starts_with(&[0xfe, 0xff]) {
        return Some(UTF_16BE.decode_with_bom_removal(content).0);
    }
    // Workbooks and images contain null bytes. Text files do not.
    if content.contains(&0) {
        return None;
    }
    let utf_8 = UTF_8.decode_without_bom_handling_and_without_replacement(content);
    Some(utf_8.unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(content).0))
}

/// The delimiter that splits one of the first lines into the most column names.
fn delimiter(text: &str, is_title: fn(&str) -> bool) -> u8 {
    let count_names = |line: &str, delimiter: u8| {
        let mut record = StringRecord::new();
        // A single line may contain an open quotation mark. The reader accepts it.
        let _ = reader(line, delimiter).read_record(&mut record);
        record.iter().filter(|cell| is_title(cell)).count()
    };
    let most = |delimiter: &u8| {
        text.lines().take(HEADER_LINES).map(|line| count_names(line, *delimiter)).max()
    };
    // Of several equally good delimiters, `max_by_key` returns the last. In reverse order, this is the most usual one.
    DELIMITERS.into_iter().rev().max_by_key(most).unwrap_or(b',')
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder.from_reader(text.as_bytes())
}

fn read(text: &str, delimiter: u8, max_columns: usize) -> Result<Vec<CellRow>, SheetError> {
    let mut reader = reader(text, delimiter);
    let mut rows = CellRows::new(max_columns);
    let mut record = StringRecord::new();
    let mut number = 0;
    let mut line = reader.position().line();
    // The text is UTF-8 and rows may have any length, so reading it does not fail.
    while reader.read_record(&mut record).map_err(|_| SheetError::NotText)? {
        let next = reader.position().line();
        let breaks = record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        // The reader skips empty rows, so the row number is computed from the line numbers.
        let lines = usize::try_from(next - line).unwrap_or(usize::MAX);
        number += lines.saturating_sub(breaks).max(1);
        line = next;
        if record.len() == 1 && record.get(0) == Some(END.trim()) {
            return Ok(rows.into_rows());
        }
        // Empty cells at the end are not copied: a line of commas can have millions.
        let filled = (1..).zip(record.iter()).filter(|(_, cell)| !cell.trim().is_empty());
        let count: usize = filled.map(|(count, _)| count).max().unwrap_or(0);
        if count > max_columns {
            return Err(SheetError::TooManyColumns(number, max_columns));
        }
        rows.push(number, record.iter().take(count).map(str::to_owned).collect())?;
    }
    Err(SheetError::OpenQuote(number))
}
