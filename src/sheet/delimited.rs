//! Sheets as text: CSV with any of the usual delimiters and encodings.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::cells::{CellRow, CellRows, SheetError};
use super::column::Column;

/// The delimiters, the usual first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The number of lines among which the names of the columns are looked for.
const HEADER_LINES: usize = 10;
/// A row behind the last. If a quotation mark is open, it becomes a part of a cell.
const END: &str = "\n\u{1}end\n";

/// The rows of the text that have a value.
pub(super) fn rows(content: &[u8]) -> Result<Vec<CellRow>, SheetError> {
    let text = decode(content).ok_or(SheetError::NotText)?;
    // A carriage return alone ends lines, too.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    read(&format!("{text}{END}"), delimiter(text))
}

/// The text of a file in UTF-8, in UTF-16 with a byte order mark, or else in Windows-1252. `None` if it is not a text.
fn decode(content: &[u8]) -> Option<Cow<'_, str>> {
    if content.starts_with(&[0xff, 0xfe]) {
        return Some(UTF_16LE.decode_with_bom_removal(content).0);
    }
    if content.starts_with(&[0xfe, 0xff]) {
        return Some(UTF_16BE.decode_with_bom_removal(content).0);
    }
    // Texts have no such bytes; workbooks and pictures have.
    if content.contains(&0) {
        return None;
    }
    let utf_8 = UTF_8.decode_without_bom_handling_and_without_replacement(content);
    Some(utf_8.unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(content).0))
}

/// The delimiter with which one of the first rows has most names of columns.
fn delimiter(text: &str) -> u8 {
    let count_names = |line: &str, delimiter: u8| {
        let mut record = StringRecord::new();
        // A line alone may have an open quotation mark, and is read all the same.
        let _ = reader(line, delimiter).read_record(&mut record);
        record.iter().filter(|cell| Column::of_title(cell).is_some()).count()
    };
    let most = |delimiter: &u8| {
        text.lines().take(HEADER_LINES).map(|line| count_names(line, *delimiter)).max()
    };
    // Of several, `max_by_key` takes the last.
    DELIMITERS.into_iter().rev().max_by_key(most).unwrap_or(b',')
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder.from_reader(text.as_bytes())
}

fn read(text: &str, delimiter: u8) -> Result<Vec<CellRow>, SheetError> {
    let mut reader = reader(text, delimiter);
    let mut rows = CellRows::default();
    let mut record = StringRecord::new();
    let mut number = 0;
    let mut line = reader.position().line();
    // The text is UTF-8 and rows may have any length, so reading it does not fail.
    while reader.read_record(&mut record).map_err(|_| SheetError::NotText)? {
        let next = reader.position().line();
        let breaks = record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        // The reader skips empty rows.
        let lines = usize::try_from(next - line).unwrap_or(usize::MAX);
        number += lines.saturating_sub(breaks).max(1);
        line = next;
        if record.len() == 1 && record.get(0) == Some(END.trim()) {
            return Ok(rows.into_rows());
        }
        rows.push(number, record.iter().map(str::to_owned).collect())?;
    }
    Err(SheetError::OpenQuote(number))
}
