//! Tests of reading the table.

use proptest::prelude::*;

use super::*;

fn table(cells: &[&[&str]]) -> Table {
    let row = |(number, cells): (usize, &&[&str])| CellRow {
        number,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    };
    Table::new((1..).zip(cells).map(row).collect())
}

/// The accord, the provision, the year and the value of each code.
fn outline(codes: &CodedYears<'_>) -> Vec<String> {
    let line = |coded: &CodedYear<'_>| {
        let CodedYear { accord, provision, year, implementation, .. } = coded;
        format!("{accord}/{provision} {year} {}", implementation.in_words())
    };
    codes.years.iter().map(line).collect()
}

fn faults(codes: &CodedYears<'_>) -> Vec<String> {
    let line = |fault: &Fault| {
        let column = fault.column.as_deref().unwrap_or("-");
        format!("{} {column}: {}", fault.row, fault.message)
    };
    codes.faults.iter().map(line).collect()
}

#[test]
fn both_shapes_have_the_same_codes() {
    let long = table(&[
        &["Accord", "Provision", "Year", "Implementation code"],
        &["3", "cease", "1998", "2"],
        &["3", "civadm", "1998", "0"],
        &["3", "disput", "1998", ""],
        &["3", "cease", "1999", "3.0"],
    ]);
    let published = table(&[
        &[
            "pam_caseid",
            "year",
            "accord name",
            "cease_prov",
            "cease_init",
            "cease_implem",
            "civadm_prov",
            "civadm_impem",
            "disput_prov",
            "dispute_implem",
            "total_prov",
            "agg_implem_score",
        ],
        &["3", "1998", "Pact", "1", "1", "2", "1", "0", "1", "NA", "3", "33.3"],
        &["3.0", "1999", "Pact", "1", "1", "3", "0", "0", "", "3", "1", "100"],
    ]);
    let expected =
        ["3/cease 1998 2 (intermediate)", "3/civadm 1998 0 (none)", "3/cease 1999 3 (full)"];
    for rows in [long, published] {
        let codes = read(&rows, MAX_CODES);
        assert_eq!(faults(&codes), [""; 0]);
        assert_eq!(outline(&codes), expected);
    }
}

#[test]
fn faults_name_row_and_column() {
    let header: &[&str] = &["accord", "provision", "year", "implementation"];
    let rows = table(&[
        header,
        &["", "cease", "98", "5"],
        &["3", "", "1998", "x"],
        &["3", "cease", "1998", "1"],
        &["3", "cease", "1998", "1"],
        &["3", "cease", "1998", "2"],
    ]);
    let years = read(&rows, MAX_CODES);
    assert_eq!(
        faults(&years),
        [
            "2 accord: the cell is empty: the accord is required",
            "2 year: “98” is not a year, such as 1998",
            "3 provision: the cell is empty: the provision is required",
            "3 implementation: “x” is not a code; valid values: 0, 1, 2 or 3",
            "6 provision: cease of accord 3 in 1998 is 2 (intermediate) here and 1 (minimum) in row 4",
        ]
    );
    assert_eq!((years.years.len(), years.notes.len()), (1, 1));
    let rows =
        table(&[&["caseid", "year", "cease_prov", "demob_implem"], &["3", "1998", "1", "1"]]);
    assert_eq!(
        faults(&read(&rows, MAX_CODES)),
        [
            "1 cease_prov: the first row does not name the column of its codes, cease_implem",
            "1 demob_implem: the first row does not name demob_prov, which distinguishes the code 0 from a provision that the accord does not have",
            "1 -: the first row must contain either the columns “provision” and “implementation”, or columns such as “cease_prov” and “cease_implem”",
        ]
    );
}

#[test]
fn accords_and_provisions_are_compared_without_case_and_spaces() {
    let header: &[&str] = &["accord", "provision", "year", "implementation"];
    let first: &[&str] = &["Hill Accord", "Cease", "1998", "1"];
    let rows = table(&[header, first, &["hillaccord", "CEASE ", "1998", "1"]]);
    let codes = read(&rows, MAX_CODES);
    assert_eq!(outline(&codes), ["hillaccord/cease 1998 1 (minimum)"]);
    assert_eq!(
        codes.notes,
        [Note {
            row: 3,
            message: "repeats row 2: cease of accord hillaccord in 1998 is imported only once"
                .to_owned()
        }]
    );
}

#[test]
fn reading_stops_after_too_many_codes_and_faults() {
    let header: &[&str] = &["accord", "provision", "year", "implementation"];
    let row: &[&str] = &["3", "cease", "1998", "1"];
    let rows = table(&[header, row, row, row, row]);
    assert_eq!(faults(&read(&rows, 4)), [""; 0]);
    assert_eq!(
        faults(&read(&rows, 2)),
        ["4 -: the table has more than 2 codes: split it into several files"]
    );
    let row: &[&str] = &["3", "cease", "1998", "x"];
    let mut cells = vec![row; 10_002];
    cells.insert(0, header);
    let rows = table(&cells);
    let faults = faults(&read(&rows, MAX_CODES));
    assert_eq!(faults.len(), 10_001);
    assert_eq!(
        faults[10_000],
        "10002 -: this row and the following rows are not read, because there are too many faults"
    );
}

proptest! {
    #[test]
    fn valid_rows_are_read_in_both_shapes(
        accord in "[1-9][0-9]{0,2}",
        provision in "[a-z]{2,8}",
        year in 1900..2100,
        code in 0..=3_i32,
        ending in "(\\.0)?",
    ) {
        // The columns of sums are not provisions.
        prop_assume!(provision != TOTAL);
        let (accord_cell, code_cell) = (format!("{accord}{ending}"), format!("{code}{ending}"));
        let year_cell = format!("{year}{ending}");
        let header: &[&str] = &["implementation", "year", "provision", "accord"];
        let long = table(&[header, &[&code_cell, &year_cell, &provision, &accord_cell]]);
        let names = [format!("{provision}_prov"), format!("{provision}_implem")];
        let header: &[&str] = &["pam_caseid", "year", &names[0], &names[1]];
        let published = table(&[header, &[&accord_cell, &year_cell, "1", &code_cell]]);
        let implementation = Implementation::of(code).unwrap();
        let expected = format!("{accord}/{provision} {year} {}", implementation.in_words());
        for rows in [long, published] {
            let codes = read(&rows, MAX_CODES);
            prop_assert_eq!(faults(&codes), Vec::<String>::new());
            prop_assert_eq!(outline(&codes), vec![expected.clone()]);
        }
    }

    #[test]
    fn any_row_is_read_or_has_a_fault(cells in prop::collection::vec(".{0,8}", 0..5)) {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let rows = table(&[&["accord", "provision", "year", "implementation"], &cells]);
        let codes = read(&rows, MAX_CODES);
        prop_assert!(codes.years.len() <= 1);
        let is_coded = rows.rows().iter().any(|row| !cell(row, &rows.columns()[3]).is_empty());
        prop_assert!(!is_coded || codes.years.is_empty() != codes.faults.is_empty());
    }
}
