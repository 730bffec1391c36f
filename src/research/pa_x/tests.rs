//! Tests of reading the table.

use proptest::prelude::*;

use super::*;

fn rows(cells: &[&[&str]]) -> Reading {
    let row = |(number, cells): (usize, &&[&str])| CellRow {
        number,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    };
    read(&Table::new((1..).zip(cells).map(row).collect()))
}

#[test]
fn days_are_read_in_both_forms() {
    let expected = NaiveDate::from_ymd_opt(1998, 4, 3);
    for text in [
        "1998-04-03",
        "03/04/1998",
        "3/4/1998",
        "1998-04-03 00:00:00",
        "1998-04-03T00:00",
        "1998-04-03T00:00:00.0Z",
    ] {
        assert_eq!(day(text), expected, "{text}");
    }
    for text in [
        "",
        "1998",
        "04/13/1998",
        "1998-13-04",
        "98-04-03",
        "03/04/98",
        "+3/4/1998",
        "a-b-c",
        "1998-04-10 to 1998-04-12",
        "10/04/1998 (amended 2001)",
        "1998-04-10Trash",
    ] {
        assert_eq!(day(text), None, "{text}");
    }
}

#[test]
fn topics_are_columns_with_a_known_name_or_with_codes() {
    let read = rows(&[
        &["AgtId", "Agt", "Dat", "Hr_gen", "NewTopic", "Remark", "Lgt", "Blank", "two words"],
        &["1", "Pact", "2001-02-03", "3", "1", "x", "2", "", "1"],
        &["2", "Truce", "2002-02-03", "0", "", "2", "3", "NA", "0"],
    ]);
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    assert_eq!(read.codes, ["HrGen", "NewTopic"]);
    let treatments: Vec<_> = read
        .rows
        .iter()
        .map(|row| row.treatments.iter().map(|item| (&*item.code, item.extent)).collect::<Vec<_>>())
        .collect();
    assert_eq!(treatments, [vec![("HrGen", 3), ("NewTopic", 1)], vec![]]);
    let notes: Vec<&str> = read.notes.iter().map(|note| note.message.as_str()).collect();
    let starts = [
        "the column “NewTopic” is imported as a topic, because all its cells are codes",
        "the column “Remark” is ignored: it is not a known topic, and its cells are not codes",
        "the column “Blank” is ignored: it is not a known topic, and all its cells are empty",
        "the column “two words” is ignored: “two words” is not a code of a topic",
    ];
    assert_eq!(notes.len(), starts.len(), "{notes:?}");
    for (note, start) in notes.iter().zip(starts) {
        assert!(note.starts_with(start), "{note}");
    }
}

#[test]
fn repeated_rows_are_read_once_unless_they_differ() {
    let header: &[&str] = &["AgtId", "Agt", "Dat", "Con", "Ce"];
    let first: &[&str] = &["7", "Pact", "2001-02-03", "North", "1"];
    let read = rows(&[header, first, &["7", "Pact", "03/02/2001", "South", "1"]]);
    assert_eq!((read.rows.len(), read.notes.len(), read.faults.len()), (1, 1, 0));
    let read = rows(&[header, first, &["7", "Treaty", "2001-02-03", "North", "2"]]);
    let fault =
        Fault::cell(3, "AgtId", "AgtId 7 is already in row 2, with different values in: Agt, Ce");
    assert_eq!((read.rows.len(), read.faults), (1, vec![fault]));
}

#[test]
fn zeros_at_the_start_of_an_id_are_ignored() {
    let header: &[&str] = &["AgtId", "Agt", "Dat"];
    let read = rows(&[
        header,
        &["0556", "Pact", "2001-02-03"],
        &["556", "Pact", "2001-02-03"],
        &["000", "Truce", "2001-02-03"],
    ]);
    assert_eq!(read.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["556"]);
    let fault = Fault::cell(4, "AgtId", "“000” is not an AgtId; valid: digits, such as 556");
    assert_eq!((read.notes.len(), read.faults), (1, vec![fault]));
}

proptest! {
    #[test]
    fn valid_rows_are_read(
        id in 1..100_000_u32,
        title in "[A-Z][a-z]{0,9}( [a-z]{1,9}){0,4}",
        days in 0..50_000_u64,
        is_day_first in any::<bool>(),
        extents in prop::collection::vec(0..=3_i32, 3),
    ) {
        let first_day = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
        let agreed_on = first_day.checked_add_days(chrono::Days::new(days)).unwrap();
        let form = if is_day_first { "%d/%m/%Y" } else { "%Y-%m-%d" };
        let mut cells = vec![id.to_string(), title.clone(), agreed_on.format(form).to_string()];
        cells.extend(extents.iter().map(i32::to_string));
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let topics = ["Ce", "HrGen", "TjAm"];
        let header = [&["AgtId", "Agt", "Dat"][..], &topics].concat();
        let read = rows(&[&header, &cells]);
        prop_assert!(read.faults.is_empty(), "{:?}", read.faults);
        let [row] = read.rows.as_slice() else { panic!("{:?}", read.rows) };
        prop_assert_eq!((&row.id, &row.title), (&id.to_string(), &title));
        prop_assert_eq!(row.agreed_on, agreed_on);
        let expected = topics.into_iter().zip(extents).filter(|(_, extent)| *extent > 0);
        let treatments = row.treatments.iter().map(|item| (item.code.as_str(), item.extent));
        prop_assert_eq!(treatments.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }

    #[test]
    fn any_row_is_read_or_has_a_fault(cells in prop::collection::vec(".{0,12}", 0..7)) {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let read = rows(&[&["AgtId", "Agt", "Dat", "Ce", "UcdpAgr", "Status"], &cells]);
        prop_assert_eq!(read.rows.is_empty(), !read.faults.is_empty());
    }
}
