//! Tests of reading the table.

use proptest::prelude::*;

use super::*;

fn codes(cells: &[&[&str]]) -> Codes {
    let row = |(number, cells): (usize, &&[&str])| CellRow {
        number,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    };
    read(&Table::new((1..).zip(cells).map(row).collect()))
}

/// Accord, provision, year and code of each code.
fn outline(codes: &Codes) -> Vec<String> {
    let line = |coded: &Coded| {
        let Coded { accord, provision, year, implementation, .. } = coded;
        format!("{accord}/{provision} {year} {}", implementation.in_words())
    };
    codes.codes.iter().map(line).collect()
}

fn faults(codes: &Codes) -> Vec<String> {
    let line = |fault: &Fault| {
        let column = fault.column.as_deref().unwrap_or("-");
        format!("{} {column}: {}", fault.row, fault.message)
    };
    codes.faults.iter().map(line).collect()
}

#[test]
fn both_shapes_have_the_same_codes() {
    let long = codes(&[
        &["Accord", "Provision", "Year", "Implementation code"],
        &["3", "cease", "1998", "2"],
        &["3", "civadm", "1998", "0"],
        &["3", "disput", "1998", ""],
        &["3", "cease", "1999", "3.0"],
    ]);
    let published = codes(&[
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
    for codes in [long, published] {
        assert_eq!(faults(&codes), [""; 0]);
        assert_eq!(outline(&codes), expected);
    }
}

#[test]
fn faults_name_row_and_column() {
    let header: &[&str] = &["accord", "provision", "year", "implementation"];
    let read = codes(&[
        header,
        &["", "cease", "98", "5"],
        &["3", "", "1998", "x"],
        &["3", "cease", "1998", "1"],
        &["3", "cease", "1998", "1"],
        &["3", "cease", "1998", "2"],
    ]);
    assert_eq!(
        faults(&read),
        [
            "2 accord: the cell is empty: the accord is required",
            "2 year: “98” is not a year, such as 1998",
            "3 provision: the cell is empty: the provision is required",
            "3 implementation: “x” is not a code: 0, 1, 2 or 3",
            "6 provision: cease of accord 3 in 1998 is 2 (intermediate) here and 1 (minimum) in row 4",
        ]
    );
    assert_eq!((read.codes.len(), read.notes.len()), (1, 1));
    let read =
        codes(&[&["caseid", "year", "cease_prov", "demob_implem"], &["3", "1998", "1", "1"]]);
    assert_eq!(
        faults(&read),
        [
            "1 cease_prov: the first row does not name its codes, cease_implem",
            "1 demob_implem: the first row does not name demob_prov, which tells 0 apart from a provision that the accord does not have",
            "1 -: the first row names neither provision and implementation, nor columns such as cease_prov and cease_implem",
        ]
    );
}

proptest! {
    #[test]
    fn any_row_is_read_without_panic(cells in prop::collection::vec(".{0,8}", 0..5)) {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let read = codes(&[&["accord", "provision", "year", "implementation"], &cells]);
        prop_assert!(read.codes.len() <= 1);
        let read = codes(&[&["accord", "year", "cease_prov", "cease_implem"], &cells]);
        prop_assert!(read.codes.len() <= 1);
    }
}
