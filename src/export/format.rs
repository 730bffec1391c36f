//! File formats of exports.

use std::io::{self, Write};

use serde_json::Value as Json;
use tempfile::SpooledTempFile;

use super::dictionary;
use super::xlsx::XlsxWriter;

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180), with a header.
    Csv,
    /// A JSON array of objects.
    Json,
    /// A JSON object on each line.
    Ndjson,
    /// An Excel workbook.
    Xlsx,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Json, Self::Ndjson];

    /// The extension of file names, such as `csv`.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Writes rows to a file in one format.
pub(super) enum RowWriter {
    Csv(Box<csv::Writer<SpooledTempFile>>),
    Json(JsonWriter),
    Xlsx(Box<XlsxWriter>),
}

/// The columns of a file.
pub(super) struct Sheet<'a> {
    /// The names of the columns.
    pub(super) columns: &'a [&'static str],
    /// The rows of the data dictionary for these columns. Only workbooks use them, for a second sheet.
    pub(super) explanations: &'a [dictionary::Row],
}

impl RowWriter {
    /// Begins a file. With `has_mark`, a CSV file starts with the byte order mark, because some spreadsheet programs do not
    /// recognize UTF-8 without it.
    pub(super) fn new(
        format: Format,
        sheet: &Sheet<'_>,
        has_mark: bool,
        mut file: SpooledTempFile,
    ) -> io::Result<Self> {
        match format {
            Format::Csv => {
                if has_mark {
                    file.write_all("\u{feff}".as_bytes())?;
                }
                let mut builder = csv::WriterBuilder::new();
                let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(file);
                writer.write_record(sheet.columns)?;
                Ok(Self::Csv(Box::new(writer)))
            }
            Format::Json | Format::Ndjson => {
                let (columns, is_array) = (sheet.columns.to_vec(), format == Format::Json);
                Ok(Self::Json(JsonWriter { file, columns, is_array, is_empty: true }))
            }
            Format::Xlsx => Ok(Self::Xlsx(Box::new(XlsxWriter::new(sheet, file)?))),
        }
    }

    /// Writes a row, which must have a value for each column.
    pub(super) fn write(&mut self, row: &[Json]) -> io::Result<()> {
        match self {
            Self::Csv(writer) => {
                for value in row {
                    writer.write_field(escape_formula(cell(value), value))?;
                }
                // Ends the record.
                Ok(writer.write_record(None::<&[u8]>)?)
            }
            Self::Json(writer) => writer.write(row),
            Self::Xlsx(writer) => writer.write(row),
        }
    }

    /// Ends the file.
    pub(super) fn finish(self) -> io::Result<SpooledTempFile> {
        match self {
            Self::Csv(writer) => writer.into_inner().map_err(csv::IntoInnerError::into_error),
            Self::Json(writer) => writer.finish(),
            Self::Xlsx(writer) => writer.finish(),
        }
    }
}

/// The separator of the items of a list in a cell.
const SEPARATOR: &str = "; ";

/// A value as the text of a cell. The items of a list are joined by [`SEPARATOR`]. Null and a list of nulls are empty.
pub(super) fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) if items.iter().all(Json::is_null) => String::new(),
        Json::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(SEPARATOR),
        other => other.to_string(),
    }
}

/// Adds an apostrophe before a text that a spreadsheet program would evaluate as a formula.
fn escape_formula(cell: String, value: &Json) -> String {
    let is_text = matches!(value, Json::String(_) | Json::Array(_));
    if is_text && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{cell}");
    }
    cell
}

/// Writes rows as JSON objects.
pub(super) struct JsonWriter {
    file: SpooledTempFile,
    columns: Vec<&'static str>,
    /// Whether the file is an array. Otherwise each line is an object.
    is_array: bool,
    is_empty: bool,
}

impl JsonWriter {
    fn write(&mut self, row: &[Json]) -> io::Result<()> {
        let before = match (self.is_array, self.is_empty) {
            (true, true) => "[\n",
            (true, false) => ",\n",
            (false, _) => "",
        };
        self.is_empty = false;
        let mut text = before.as_bytes().to_vec();
        for (index, (name, value)) in self.columns.iter().zip(row).enumerate() {
            text.push(if index == 0 { b'{' } else { b',' });
            serde_json::to_writer(&mut text, name)?;
            text.push(b':');
            serde_json::to_writer(&mut text, value)?;
        }
        text.extend_from_slice(if self.is_array { b"}" } else { b"}\n" });
        self.file.write_all(&text)
    }

    fn finish(mut self) -> io::Result<SpooledTempFile> {
        let end = match (self.is_array, self.is_empty) {
            (true, true) => "[]\n",
            (true, false) => "\n]\n",
            (false, _) => "",
        };
        self.file.write_all(end.as_bytes())?;
        Ok(self.file)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};

    use serde_json::json;

    use super::*;

    fn written(format: Format, rows: &[[Json; 2]]) -> String {
        let file = SpooledTempFile::new(1024);
        let sheet = Sheet { columns: &["name", "value"], explanations: &[] };
        let mut writer = RowWriter::new(format, &sheet, false, file).unwrap();
        for row in rows {
            writer.write(row).unwrap();
        }
        let mut file = writer.finish().unwrap();
        file.rewind().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn csv_quotes_cells_and_neutralises_formulas() {
        let rows = [
            [json!("=1+1"), json!(-5)],
            [json!("a, \"b\"\nc"), json!(["@x", null, "y"])],
            [json!(null), json!([null])],
            [json!("a=1"), json!({ "summary": "-" })],
        ];
        assert_eq!(
            written(Format::Csv, &rows),
            "name,value\r\n'=1+1,-5\r\n\"a, \"\"b\"\"\nc\",'@x; ; y\r\n,\r\na=1,\"{\"\"summary\"\":\"\"-\"\"}\"\r\n"
        );
    }

    #[test]
    fn json_is_an_array_or_lines() {
        let rows = [[json!("a"), json!(1)], [json!("b"), json!(["c"])]];
        assert_eq!(
            written(Format::Json, &rows),
            "[\n{\"name\":\"a\",\"value\":1},\n{\"name\":\"b\",\"value\":[\"c\"]}\n]\n"
        );
        assert_eq!(
            written(Format::Ndjson, &rows),
            "{\"name\":\"a\",\"value\":1}\n{\"name\":\"b\",\"value\":[\"c\"]}\n"
        );
        assert_eq!(written(Format::Json, &[]), "[]\n");
        assert_eq!(written(Format::Ndjson, &[]), "");
    }
}
