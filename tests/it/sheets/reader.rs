//! The reader of sheets: from files to cells, and from cells to assessments.

mod random;

use std::io::Write as _;

use clausewatch::db::common_name::CommonNames;
use clausewatch::domain::StringEnum;
use clausewatch::sheet::{
    CellRow, Format, Item, MAX_ROWS, Names, Sheet, SheetError, csv_of_workbook,
};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook};
use serde_json::{Map, Value, json};

use super::workbook;

const CASES: &str = include_str!("../../../web/src/pages/record-sheet/sheet.cases.json");

fn rows_of(text: &str) -> Vec<CellRow> {
    Format::Text.rows(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn common_names(list: &Value) -> Vec<CommonNames> {
    let names =
        |value: &Value| -> Vec<String> { serde_json::from_value(value["names"].clone()).unwrap() };
    let list = list.as_array().unwrap().iter();
    list.map(|named| CommonNames {
        slug: named["slug"].as_str().unwrap().to_owned(),
        names: names(named),
    })
    .collect()
}

/// The item as JSON, with the field names of the API.
fn json_of(item: &Item) -> Map<String, Value> {
    let fields = json!({
        "subject": item.subject,
        "status": item.status,
        "effectiveDate": item.date.map(|date| date.to_string()),
        "note": item.note,
        "heldBy": item.held_by,
        "breachedBy": item.breached_by,
        "confidence": item.confidence.name(),
        "momentum": item.momentum.name(),
        "source": item.source,
        "locator": item.locator,
    });
    fields.as_object().unwrap().clone()
}

/// The web app's tests read the same sheets and expect the same results.
#[test]
fn sheets_are_read_as_in_the_web_app() {
    let cases: Value = serde_json::from_str(CASES).unwrap();
    let names = Names::new(&common_names(&cases["parties"]), &common_names(&cases["instruments"]));
    for case in cases["cases"].as_array().unwrap() {
        let title = &case["title"];
        let sheet = Sheet::new(rows_of(case["text"].as_str().unwrap()));
        let texts = |name: &str| case.get(name).cloned().unwrap_or_else(|| json!([]));
        assert_eq!(
            (json!(sheet.problems), json!(sheet.ignored)),
            (texts("problems"), texts("ignored")),
            "{title}"
        );
        let expected = case["rows"].as_array().unwrap();
        assert_eq!(sheet.rows.len(), expected.len(), "{title}");
        for (row, expected) in sheet.rows.iter().zip(expected) {
            let row = sheet.read(row, &names);
            assert_eq!(json!(row.number), expected["line"], "{title}");
            let problems: Vec<&String> = row.problems.iter().map(|(_, message)| message).collect();
            let none = json!([]);
            assert_eq!(
                json!(problems),
                *expected.get("problems").unwrap_or(&none),
                "{title} {}",
                row.number
            );
            let item = json_of(&row.item);
            for (field, value) in
                expected.get("item").and_then(Value::as_object).into_iter().flatten()
            {
                assert_eq!(item[field], *value, "{title} {} {field}", row.number);
            }
        }
    }
}

#[test]
fn row_without_confidence_and_momentum_has_the_defaults() {
    let sheet = Sheet::new(rows_of(
        "reference,status,date,note,source\na/1,PARTIAL,2022,n,gazette\na/1,PARTIAL,2022,n,\n",
    ));
    let of_rows: Vec<(String, String)> = sheet
        .rows
        .iter()
        .map(|row| sheet.read(row, &Names::default()).item)
        .map(|item| (item.confidence.name(), item.momentum.name()))
        .collect();
    let expected = [("MEDIUM", "STEADY"), ("LOW", "STEADY")];
    assert_eq!(
        of_rows,
        expected.map(|(confidence, momentum)| (confidence.to_owned(), momentum.to_owned()))
    );
}

/// The text in UTF-16 with a byte order mark.
fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn text_is_read_in_every_usual_encoding_and_delimiter() {
    let cells =
        [["reference", "status", "date", "note"], ["a/1", "PARTIAL", "2022", "Grün, “ja”; nein"]];
    for delimiter in [",", ";", "\t", "|"] {
        for end in ["\n", "\r\n", "\r"] {
            let row = |row: &[&str; 4]| row.map(|cell| format!("\"{cell}\"")).join(delimiter);
            let text = cells.iter().map(row).collect::<Vec<_>>().join(end);
            let windows_1252: Vec<u8> = text
                .chars()
                .map(|c| match c {
                    '“' => 0x93,
                    '”' => 0x94,
                    c => u8::try_from(u32::from(c)).unwrap(),
                })
                .collect();
            for content in [
                text.clone().into_bytes(),
                format!("\u{feff}{text}").into_bytes(),
                utf_16(&text, u16::to_le_bytes),
                utf_16(&text, u16::to_be_bytes),
                windows_1252,
            ] {
                let rows = Format::Text.rows(&content).unwrap();
                let numbered = cells.iter().zip(1..);
                let expected: Vec<CellRow> = numbered
                    .map(|(cells, number)| CellRow {
                        number,
                        cells: cells.map(str::to_owned).to_vec(),
                    })
                    .collect();
                assert_eq!(rows, expected, "{delimiter:?} {end:?}");
            }
        }
    }
}

#[test]
fn file_that_is_not_a_sheet_is_rejected() {
    let refused = |format: Format, content: &[u8]| format.rows(content).unwrap_err().to_string();
    let picture = [0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13];
    assert_eq!(
        refused(Format::Text, &picture),
        "the file is not a text file: save the sheet as CSV or XLSX"
    );
    assert!(refused(Format::Workbook, &picture).starts_with("the file is not an XLSX workbook: "));
    assert!(refused(Format::Workbook, b"").starts_with("the file is not an XLSX workbook: "));
    assert!(
        refused(Format::Workbook, &archive("readme.txt", b"text"))
            .starts_with("the file is not an XLSX workbook: ")
    );
    assert_eq!(
        refused(Format::Workbook, &workbook(&[])),
        "the workbook has no worksheet with cells"
    );
    let text = "reference,status,date,note\na/1,PARTIAL,2022,n\na/2,PARTIAL,2022,\"n\na/3,PARTIAL,2022,n\n";
    assert_eq!(
        refused(Format::Text, text.as_bytes()),
        "row 3: the quotation mark that opens the text of a cell is not closed"
    );
    for name in ["sheet.ods", "sheet.xls", "sheet", "csv"] {
        let error = Format::of(name.as_ref()).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "the format of {name} is unknown: give a file that ends in .csv, .tsv, .txt, .xlsx or .xlsm"
            )
        );
    }
    assert_eq!(Format::of("A.XLSX".as_ref()).unwrap(), Format::Workbook);
}

/// A zip archive with one file.
fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(content).unwrap();
    archive.finish().unwrap().into_inner()
}

/// An archive of less than 1 MB that unpacks to 300 MB.
fn bomb() -> Vec<u8> {
    let part = archive("xl/sharedStrings.xml", &vec![b'0'; 20 * 1024 * 1024]);
    let mut part = zip::ZipArchive::new(std::io::Cursor::new(part)).unwrap();
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..15 {
        let file = part.by_index(0).unwrap();
        bomb.raw_copy_file_rename(file, format!("xl/worksheets/sheet{number}.xml")).unwrap();
    }
    bomb.finish().unwrap().into_inner()
}

#[test]
fn workbook_with_excessive_content_is_rejected() {
    let bomb = bomb();
    assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
    assert!(matches!(Format::Workbook.rows(&bomb), Err(SheetError::TooMuchContent)));
    // A workbook stores a repeated string only once, so a small file can contain 160 MB of text.
    let long = "n".repeat(32_000);
    let row = [long.as_str()];
    let rows = vec![row.as_slice(); 5_000];
    assert!(matches!(Format::Workbook.rows(&workbook(&rows)), Err(SheetError::TooMuchContent)));
    // These cells are far apart. A table that includes the empty cells between them would have 17 billion cells.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "reference").unwrap();
    sheet.write(1_048_575, 0, "a/1").unwrap();
    let rows = Format::Workbook.rows(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 1_048_576]);
    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.write(9, 16_383, "far").unwrap();
    assert!(matches!(
        Format::Workbook.rows(&book.save_to_buffer().unwrap()),
        Err(SheetError::TooManyColumns(10, 64))
    ));
}

/// The workbook with `from` replaced by `to` in its first worksheet.
fn with_worksheet(workbook: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut changed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..parts.len() {
        let part = parts.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = std::io::read_to_string(part).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            assert!(content.contains(from), "{content}");
            content = content.replace(from, to);
        }
        changed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        changed.write_all(content.as_bytes()).unwrap();
    }
    changed.finish().unwrap().into_inner()
}

#[test]
fn row_number_beyond_the_worksheet_limit_is_rejected() {
    let rows: [&[&str]; 2] = [&["reference"], &["a/1"]];
    let far = with_worksheet(&workbook(&rows), "\"A2\"", "\"A4294967295\"");
    assert!(matches!(csv_of_workbook(&far), Err(SheetError::TooManyRows)));
}

#[test]
fn number_of_rows_is_limited() {
    let text = |rows: usize| {
        format!("reference,status,date,note\n{}", "a/1,PARTIAL,2022,n\n".repeat(rows))
    };
    assert_eq!(rows_of(&text(MAX_ROWS)).len(), MAX_ROWS + 1);
    assert!(matches!(
        Format::Text.rows(text(MAX_ROWS + 1).as_bytes()),
        Err(SheetError::TooManyRows)
    ));
}

#[test]
fn workbook_values_become_text_and_merged_cells_are_repeated() {
    let mut book = Workbook::new();
    book.add_worksheet();
    let sheet = book.add_worksheet();
    for (column, title) in (0..).zip(["reference", "status", "date", "note", "holder"]) {
        sheet.write(1, column, title).unwrap();
    }
    let day = Style::new().set_num_format("dd/mm/yyyy");
    sheet.write(2, 0, "a/1").unwrap();
    sheet.write(2, 1, "PARTIAL").unwrap();
    sheet.write_with_format(2, 2, ExcelDateTime::from_ymd(2022, 3, 5).unwrap(), &day).unwrap();
    sheet.write(2, 3, true).unwrap();
    sheet.write(5, 0, "a/2").unwrap();
    sheet.write(5, 1, "PARTIAL").unwrap();
    sheet.write(5, 2, 2022).unwrap();
    sheet.write(5, 3, 4.5).unwrap();
    sheet.merge_range(2, 4, 6, 4, "ukraine", &Style::new()).unwrap();
    book.add_worksheet().write(0, 0, "another").unwrap();
    let content = book.save_to_buffer().unwrap();
    let rows = Format::Workbook.rows(&content).unwrap();
    let row = |number, cells: &[&str]| CellRow {
        number,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    };
    let expected = [
        row(2, &["reference", "status", "date", "note", "holder"]),
        row(3, &["a/1", "PARTIAL", "2022-03-05", "TRUE", "ukraine"]),
        row(6, &["a/2", "PARTIAL", "2022", "4.5", "ukraine"]),
    ];
    assert_eq!(rows, expected);
    let text = csv_of_workbook(&content).unwrap();
    assert_eq!(
        text,
        "\nreference,status,date,note,holder\na/1,PARTIAL,2022-03-05,TRUE,ukraine\n\n\na/2,PARTIAL,2022,4.5,ukraine\n"
    );
    assert_eq!(rows_of(&text), expected);
}
