//! The reader of sheets: files to cells, and cells to what they state.

use std::io::Write as _;

use clausewatch::db::common_name::CommonNames;
use clausewatch::domain::StringEnum;
use clausewatch::sheet::{
    CellRow, Column, Format, Item, MAX_ROWS, Names, Sheet, SheetError, csv_of_workbook,
};
use proptest::prelude::*;
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

/// The item with the names of the API.
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

/// The web app reads the same sheets, and its tests expect the same.
#[test]
fn sheet_states_the_same_as_in_the_web_app() {
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
fn text_is_read_in_every_usual_encoding_delimiter_and_line_ending() {
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
fn file_that_is_no_sheet_is_refused() {
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

/// An archive of a few kilobytes that unpacks to 300 MB.
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
fn workbook_that_unpacks_to_far_more_is_refused() {
    let bomb = bomb();
    assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
    assert!(matches!(Format::Workbook.rows(&bomb), Err(SheetError::TooMuchContent)));
    // A shared text is stored once.
    let long = "n".repeat(32_000);
    let row = [long.as_str()];
    let rows = vec![row.as_slice(); 5_000];
    assert!(matches!(Format::Workbook.rows(&workbook(&rows)), Err(SheetError::TooMuchContent)));
    // A table of all cells between these two would have 17 thousand million.
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
        Err(SheetError::TooManyColumns(10))
    ));
}

/// The workbook, with a text replaced in its first worksheet.
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
fn row_that_no_worksheet_has_is_refused() {
    let rows: [&[&str]; 2] = [&["reference"], &["a/1"]];
    let far = with_worksheet(&workbook(&rows), "\"A2\"", "\"A4294967295\"");
    assert!(matches!(csv_of_workbook(&far), Err(SheetError::TooManyRows)));
}

#[test]
fn number_of_rows_has_a_limit() {
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
fn values_of_a_workbook_become_texts_and_merged_cells_count_for_each_row() {
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

/// A table below a row with names of columns in any order. Cells have every character that means something in CSV.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = prop_oneof![
        3 => "[a-z/0-9 ]{0,8}",
        2 => r#"[a-zü€Ї,;|\t"' \n]{0,8}"#,
        1 => Just(String::new()),
        1 => "\\PC{0,6}",
    ];
    let titles: Vec<String> = Column::ALL.iter().map(|column| column.as_str().to_owned()).collect();
    let titles = Just(titles).prop_shuffle();
    let rows = prop::collection::vec(prop::collection::vec(cell, 10), 0..8);
    (titles, rows).prop_map(|(titles, rows)| std::iter::once(titles).chain(rows).collect())
}

/// The rows that a reader must find.
fn expected(table: &[Vec<String>]) -> Vec<CellRow> {
    let is_empty = |cell: &String| cell.trim().is_empty();
    let rows = table.iter().zip(1..).filter(|(cells, _)| !cells.iter().all(is_empty));
    let row = |(cells, number): (&Vec<String>, usize)| {
        let count = cells.iter().rposition(|cell| !is_empty(cell)).map_or(0, |last| last + 1);
        CellRow { number, cells: cells[..count].to_vec() }
    };
    rows.map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn random_text_is_read_cell_by_cell(
        table in table(),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        encoding in 0..4,
        quotes_all in any::<bool>(),
    ) {
        let quoted = |cell: &String| {
            let needs_quotes = quotes_all || cell.contains([delimiter, '"', '\n']);
            if needs_quotes { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let line = |cells: &Vec<String>| cells.iter().map(quoted).collect::<Vec<_>>().join(&delimiter.to_string()) + end;
        let text: String = table.iter().map(line).collect();
        let content = match encoding {
            0 => text.clone().into_bytes(),
            1 => format!("\u{feff}{text}").into_bytes(),
            2 => utf_16(&text, u16::to_le_bytes),
            _ => utf_16(&text, u16::to_be_bytes),
        };
        let rows = Format::Text.rows(&content);
        prop_assert!(rows.is_ok(), "{rows:?}");
        let rows = rows.unwrap();
        prop_assert_eq!(&rows, &expected(&table));
        // Each row is read, keeps its number, and states what its cells say.
        let titles = &table[0];
        let sheet = Sheet::new(rows);
        let numbers: Vec<usize> = sheet.rows.iter().map(|row| row.number).collect();
        let others = expected(&table).into_iter().skip(1).map(|row| row.number).collect::<Vec<_>>();
        prop_assert_eq!(numbers, others);
        for row in &sheet.rows {
            let cells = &table[row.number - 1];
            let cell = |name: &str| titles.iter().position(|title| title == name).map_or("", |index| cells[index].trim());
            let read = sheet.read(row, &Names::default());
            prop_assert_eq!(read.number, row.number);
            prop_assert_eq!(&read.item.note, cell("note"));
            prop_assert_eq!(&read.item.subject, cell("reference"));
            prop_assert_eq!(read.item.source.as_deref().unwrap_or_default(), cell("source"));
            for (name, column) in [("reference", Column::Reference), ("status", Column::Status), ("date", Column::Date), ("note", Column::Note)] {
                let is_reported = read.problems.iter().any(|(problem, _)| *problem == column);
                prop_assert!(is_reported || !cell(name).is_empty(), "{} {:?}", name, read);
            }
            prop_assert_eq!(read.item.date.is_none(), read.problems.iter().any(|(problem, _)| *problem == Column::Date));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn random_workbook_is_read_cell_by_cell_and_gives_the_same_as_csv(table in table()) {
        let rows: Vec<Vec<&str>> = table.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let content = workbook(&rows);
        let read = Format::Workbook.rows(&content);
        prop_assert!(read.is_ok(), "{read:?}");
        // Cells without a visible character are not read.
        let shown = |mut row: CellRow| {
            for cell in &mut row.cells {
                if cell.trim().is_empty() {
                    cell.clear();
                }
            }
            row
        };
        let expected: Vec<CellRow> = expected(&table).into_iter().map(shown).collect();
        prop_assert_eq!(&read.unwrap(), &expected);
        let text = csv_of_workbook(&content).unwrap();
        prop_assert_eq!(rows_of(&text), expected);
    }

    #[test]
    fn damaged_workbook_never_panics(
        table in table(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        length in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let rows: Vec<Vec<&str>> = table.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let mut content = workbook(&rows);
        for (index, byte) in damage {
            let index = index.index(content.len());
            content[index] = byte;
        }
        if is_cut {
            content.truncate(length.index(content.len()));
        }
        let _ = Format::Workbook.rows(&content);
    }

    #[test]
    fn damaged_xml_never_panics(
        name in prop::sample::select(vec!["sheet1.xml", "workbook.xml", "styles.xml", "sharedStrings.xml"]),
        from in any::<prop::sample::Index>(),
        length in 0_usize..40,
        put in "[<>/=\"a-zA-Z0-9&;: ]{0,20}",
    ) {
        let content = workbook(&[&["reference", "status"], &["a/1", "12"]]);
        let mut source = zip::ZipArchive::new(std::io::Cursor::new(content)).unwrap();
        let mut target = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for index in 0..source.len() {
            let mut file = source.by_index(index).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).unwrap();
            let path = file.name().unwrap().into_owned();
            if path.ends_with(name) {
                let start = from.index(text.len());
                text.replace_range(start..text.len().min(start + length), &put);
            }
            target.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
            target.write_all(text.as_bytes()).unwrap();
        }
        let _ = Format::Workbook.rows(&target.finish().unwrap().into_inner());
    }
}
