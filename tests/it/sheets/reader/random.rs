//! Random tables are read cell by cell, and damaged files cause no panic.

use clausewatch::sheet::Column;
use proptest::prelude::*;

use super::*;

/// A table with a header row of column names in any order. The cells can contain every character that has a special
/// meaning in CSV.
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
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

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
        // Each row is read with its number and the values of its cells.
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
    fn random_workbook_is_read_cell_by_cell_and_equals_its_csv(table in table()) {
        let rows: Vec<Vec<&str>> = table.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let content = workbook(&rows);
        let read = Format::Workbook.rows(&content);
        prop_assert!(read.is_ok(), "{read:?}");
        // The reader of workbooks returns a cell with only white space as an empty cell.
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
