//! Sheets: the command `record`, and workbooks in the web app.

mod reader;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use clausewatch::db::Access;
use clausewatch::domain::viewer::{Editor, Role};
use clausewatch::sheet::{Format, Sheet, SheetOutcome, Writing};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::world::World;
use crate::support::{TestApp, clausewatch, client, on_both_databases, text};

const HEADER: &str = "reference,status,date,note,holder,breaker,source,locator";

/// A workbook with these cells as texts.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write(row, column, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// Runs the command on a file with this name and content.
fn record(app: &TestApp, name: &str, content: &[u8], options: &[&str]) -> (Output, PathBuf) {
    let directory = TempDir::new().expect("a temporary folder");
    let file = directory.path().join(name);
    fs::write(&file, content).unwrap();
    let arguments = [&["record", name, "--database-url", &app.database_url], options].concat();
    (clausewatch(&arguments, directory.path()), file)
}

/// Whether the command succeeded, and the lines of its standard output and standard error.
fn said(output: &Output) -> (bool, Vec<String>, Vec<String>) {
    let lines = |bytes: &[u8]| text(bytes).lines().map(str::to_owned).collect();
    (output.status.success(), lines(&output.stdout), lines(&output.stderr))
}

/// All assessments of the world's records, and the position of the log.
fn state(w: &World<'_>, app: &TestApp) -> Value {
    let fields = "version status statusSince assessments(includeRetracted: true) { nodes { id status note retractedAt } }";
    let of_records =
        ["one", "two", "offer", "answer", "ask", "give"].map(|name| w.read(name, fields));
    json!([of_records, app.log_position()])
}

on_both_databases! {
    fn sheet_is_previewed_and_recorded_by_the_operator(app: Empty) {
        let w = World::new(&app);
        let sheet = format!(
            "{HEADER},remark\n\
             treaty/1,partial,2016-06,Seen.,,,gazette,p. 4,x\n\
             \n\
             \"Treaty, clause 1.a\",Breached,2 June 2016,Seen.,South,north,,,\n\
             offer,tabled,04.06.2016,Seen.,,,,,\n"
        );
        let before = state(&w, &app);
        let (output, _) = record(&app, "sheet.csv", sheet.as_bytes(), &["--dry-run"]);
        let rows = [
            "row 2: treaty/1 from 2016-06, neutral record: UNASSESSED → PARTIAL (new)",
            "row 4: Treaty, clause 1.a from 2016-06-02, south: UNASSESSED → BREACHED (new)",
            "row 5: offer from 2016-06-04, neutral record: FLOATED → TABLED (new)",
        ];
        let ignored = vec!["sheet.csv: the column “remark” is ignored".to_owned()];
        let lines = |last: &str| rows.iter().copied().chain([last]).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(said(&output), (true, lines("3 assessments to record, 0 already recorded. Nothing was written."), ignored.clone()));
        assert_eq!(state(&w, &app), before);

        let (output, _) = record(&app, "sheet.csv", sheet.as_bytes(), &[]);
        assert_eq!(said(&output), (true, lines("3 assessments recorded, 0 already recorded."), ignored));
        let fields = "recordedBy momentum confidence effectiveDate note heldBy { slug } evidence { slug } citations { locator }";
        let one = w.read("one", &format!("status assessments {{ nodes {{ {fields} }} }}"));
        assert_eq!(one, json!({ "status": "PARTIAL", "assessments": { "nodes": [{
            "recordedBy": "operator", "momentum": "STEADY", "confidence": "MEDIUM", "effectiveDate": "2016-06", "note": "Seen.",
            "heldBy": null, "evidence": [{ "slug": "gazette" }], "citations": [{ "locator": "p. 4" }]
        }] } }));
        assert_eq!(w.read("two", "viewpoints { status confidence breachedBy { slug } }")["viewpoints"], json!([
            { "status": "BREACHED", "confidence": "LOW", "breachedBy": [{ "slug": "north" }] }
        ]));
        assert_eq!(w.read("offer", "status")["status"], "TABLED");

        // The first two assessments in this workbook are already recorded. The third is new, and adds one change to the
        // log.
        let position = app.log_position();
        let rows = [
            &["reference", "status", "date", "note", "source", "locator"][..],
            &["treaty/1", "PARTIAL", "2016-06", "Seen.", "gazette", "p. 4"],
            &["offer", "TABLED", "2016-06-04", "Seen."],
            &["offer", "ACCEPTED", "2016-06-03", "Seen."],
        ];
        let (output, _) = record(&app, "sheet.xlsx", &workbook(&rows), &[]);
        assert_eq!(said(&output), (true, vec![
            "row 2: treaty/1 from 2016-06, neutral record: PARTIAL → PARTIAL (already recorded)".to_owned(),
            "row 3: offer from 2016-06-04, neutral record: TABLED → TABLED (already recorded)".to_owned(),
            "row 4: offer from 2016-06-03, neutral record: FLOATED → ACCEPTED (new, before a later assessment)".to_owned(),
            "1 assessment recorded, 2 already recorded.".to_owned(),
        ], vec![]));
        assert_eq!(app.log_position(), position + 1);
        app.assert_no_differences();
    }

    fn errors_of_all_rows_are_listed_and_nothing_is_recorded(app: Empty) {
        let w = World::new(&app);
        let sheet = format!(
            "{HEADER}\n\
             treaty/1,PARTIAL,2016-06-01,Seen.,,,,\n\
             treaty/99,PARTIAL,2016-06-01,Seen.,,,,\n\
             treaty/1,COUNTERED,05/06/2016,,nobody,,missing,\n\
             treaty/1,COMPLETE,1 June 2016,Seen.,,,,\n\
             treaty/1.a,PARTIAL,2014-01-01,Seen.,,north,,p. 1\n\
             treaty/1.a,PARTIAL,9999,#N/A,,,,\n"
        );
        let before = state(&w, &app);
        let faults = |end: &str| -> Vec<String> {
            let faults = [
                "sheet.csv:3: reference: “treaty/99” is not a clause, caveat or proposal: write its name, such as minsk-2/9, or its reference, such as “Minsk II, 9”",
                "sheet.csv:4: note: The cell “note” is empty.",
                "sheet.csv:4: date: “05/06/2016” can mean 5 Jun 2016 or 6 May 2016. Write the month as a word, or the date as 2022-03-05.",
                "sheet.csv:4: status: “COUNTERED” is not a status of a clause; valid values: UNASSESSED, NOT_APPLICABLE, NOT_STARTED, MINIMAL, PARTIAL, COMPLETE, BREACHED, SUSPENDED, VOID, OVERTAKEN or LAPSED",
                "sheet.csv:4: holder: “nobody” is neither the slug of a party nor a name that only one party has",
                "sheet.csv:4: source: “missing” is not the slug or URL of a recorded source",
                "sheet.csv:5: row 5 repeats row 2: both are for the same record, day and holder",
                "sheet.csv:6: locator: There is a locator, but no source.",
                "sheet.csv:6: date: 2014-01-01 is before 2015-02-12, the day on which the record was agreed or proposed",
                "sheet.csv:6: breaker: must be empty unless the status is BREACHED",
                "sheet.csv:7: note: “#N/A” is an error value of the spreadsheet. Correct the formula.",
                "sheet.csv:7: date: 9999 (last day 9999-12-31) is in the future",
                end,
            ];
            faults.map(str::to_owned).to_vec()
        };
        for (options, lines) in [(&["--dry-run"][..], 1), (&[], 0)] {
            let (output, _) = record(&app, "sheet.csv", sheet.as_bytes(), options);
            let (is_success, out, errors) = said(&output);
            assert!(!is_success);
            assert_eq!(out.len(), lines, "{out:?}");
            let expected = faults("clausewatch: nothing was recorded because of 12 faults");
            assert_eq!(errors.len(), expected.len(), "{errors:#?}");
            for (error, expected) in errors.iter().zip(&expected) {
                assert!(error.starts_with(expected.as_str()), "{errors:#?}\n{expected}");
            }
            assert_eq!(state(&w, &app), before);
        }
    }

    fn unusable_file_is_rejected(app: Empty) {
        for (name, content, expected) in [
            ("sheet.ods", &b"x"[..], "clausewatch: cannot use sheet.ods: the format of sheet.ods is unknown"),
            ("sheet.xlsx", b"reference,status\n", "clausewatch: cannot use sheet.xlsx: the file is not an XLSX workbook"),
            ("sheet.csv", b"\x89PNG\0\0", "clausewatch: cannot use sheet.csv: the file is not a text file"),
            ("sheet.csv", b"", "sheet.csv: The sheet is empty"),
            ("sheet.csv", b"reference;status\na;b\n", "sheet.csv: The first row does not name these required columns: “date”, “note”."),
        ] {
            let (output, _) = record(&app, name, content, &[]);
            let (is_success, out, errors) = said(&output);
            assert!(!is_success && out.is_empty(), "{name}: {out:?}");
            assert!(errors[0].starts_with(expected), "{name}: {errors:?}");
        }
        let missing = clausewatch(&["record", "none.csv", "--database-url", &app.database_url], Path::new("/tmp"));
        assert!(text(&missing.stderr).starts_with("clausewatch: cannot use none.csv: "), "{}", text(&missing.stderr));
        assert_eq!(app.log_position(), 0);
    }

    fn preview_of_a_random_sheet_equals_its_result(app: Empty) {
        let w = World::new(&app);
        let config = Config { failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let (mut recorded, mut refused) = (0, 0);
        for number in 0..60 {
            let rows = rows(number % 2 == 0).new_tree(&mut runner).unwrap().current();
            let text = std::iter::once(HEADER.to_owned()).chain(rows).collect::<Vec<_>>().join("\n");
            let sheet = Sheet::new(Format::Text.rows(text.as_bytes()).unwrap());
            assert!(sheet.problems.is_empty(), "{text}");
            let run = |writing| {
                let mut session = app.db().session(Access::Write).unwrap();
                clausewatch::sheet::record(&mut session, &Editor::operator(), &sheet, writing).unwrap()
            };
            let before = state(&w, &app);
            let preview = run(Writing::DryRun);
            assert_eq!(state(&w, &app), before, "{text}");
            let outcome = run(Writing::Record);
            assert_eq!(changes(&preview), changes(&outcome), "{text}");
            assert_eq!(preview.faults, outcome.faults, "{text}");
            assert_eq!(outcome.rows.len(), sheet.rows.len(), "{text}");
            if outcome.faults.is_empty() {
                recorded += 1;
                let new = i64::try_from(outcome.rows.len() - outcome.unchanged()).unwrap();
                assert_eq!(state(&w, &app)[1], before[1].as_i64().unwrap() + new, "{text}");
                assert_only_named_records_changed(&before, &state(&w, &app), &text);
                // A second run changes nothing.
                let again = run(Writing::Record);
                assert_eq!(again.unchanged(), again.rows.len(), "{text}");
            } else {
                refused += 1;
                assert_eq!(state(&w, &app), before, "{text}");
                let is_described = outcome.rows.iter().all(|row| {
                    let has_fault = outcome.faults.iter().any(|fault| fault.number == row.number);
                    row.result.effect.is_none() == has_fault
                });
                assert!(is_described, "{text}\n{outcome:?}");
            }
        }
        assert!(recorded >= 15 && refused >= 15, "{recorded} sheets were recorded, and {refused} were rejected");
        app.assert_no_differences();
    }

    fn only_editors_can_convert_workbooks(app: Empty) {
        let content = workbook(&[&["reference", "note"], &["a/1", "Seen, twice"]]);
        let send = |token: Option<&str>, content: &[u8]| {
            client(token).post(format!("{}/sheet", app.url)).body(content.to_vec()).send().unwrap()
        };
        let editor = app.token("Ann", Role::Editor);
        let response = send(Some(&editor), &content);
        assert_eq!((response.status().as_u16(), response.headers()["content-type"].to_str().unwrap()), (200, "text/csv; charset=utf-8"));
        assert_eq!(response.text().unwrap(), "reference,note\na/1,\"Seen, twice\"\n");
        let refused = |token: Option<&str>, content: &[u8]| {
            let response = send(token, content);
            let status = response.status().as_u16();
            let answer: Value = response.json().unwrap();
            (status, answer["errors"][0]["message"].as_str().unwrap().to_owned())
        };
        assert_eq!(refused(None, &content).0, 401);
        assert_eq!(refused(Some(&app.token("Rae", Role::Reader)), &content).0, 403);
        let (status, message) = refused(Some(&editor), b"text");
        assert!(status == 400 && message.starts_with("the file is not an XLSX workbook: "), "{status} {message}");
        assert_eq!(refused(Some(&editor), &vec![0; 2_000_000]).0, 413);
        // The server must reject the cookie in a request from a page of another origin.
        let session = client(None).post(format!("{}/session", app.url)).json(&json!({ "token": editor })).send().unwrap();
        let cookie = session.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let foreign = client(None).post(format!("{}/sheet", app.url)).header("cookie", cookie).header("origin", "https://example.org").body(content);
        assert_eq!(foreign.send().unwrap().status(), 403);
    }
}

/// The changes of the rows, without the ids of new assessments, which differ between runs.
fn changes(outcome: &SheetOutcome) -> Vec<String> {
    let rows = outcome.rows.iter().map(|row| {
        let result = &row.result;
        format!(
            "{} {:?} {:?} {:?} {:?} {:?}",
            row.number,
            result.before,
            result.status_before,
            result.status_after,
            result.effect,
            result.is_latest
        )
    });
    rows.collect()
}

/// The references of the world's records in sheets.
const REFERENCES: [&str; 6] =
    ["treaty/1", "treaty/1.a", "offer", "answer", "offer/A-1", "answer/G-1"];

fn assert_only_named_records_changed(before: &Value, after: &Value, text: &str) {
    for (index, reference) in REFERENCES.iter().enumerate() {
        let is_named = text.lines().any(|line| line.starts_with(&format!("{reference},")));
        assert!(is_named || before[0][index] == after[0][index], "{reference} changed:\n{text}");
    }
}

/// Random rows of a sheet. Without `has_faults`, most sheets are valid.
fn rows(has_faults: bool) -> impl Strategy<Value = Vec<String>> {
    let pick = |values: &[&'static str]| prop::sample::select(values.to_vec());
    let fault = |valid: &'static str, wrong: &'static str| {
        if has_faults {
            prop_oneof![9 => Just(valid), 1 => Just(wrong)].boxed()
        } else {
            Just(valid).boxed()
        }
    };
    let row = (
        pick(&REFERENCES),
        0..3_usize,
        1..28_u32,
        1..13_u32,
        pick(&["", "north", "South", "neutral"]),
        fault("Seen.", ""),
        fault("", "missing"),
        fault("2018", "18"),
        0..3_usize,
    );
    let row = row.prop_map(|(reference, status, day, month, holder, note, source, year, form)| {
        let statuses = match reference {
            "treaty/1" | "treaty/1.a" => ["partial", "COMPLETE", "not started"],
            "offer" | "answer" => ["tabled", "REJECTED", "under negotiation"],
            _ => ["countered", "ACCEPTED", "Lapsed"],
        };
        let date = match form {
            0 => format!("{year}-{month:02}-{day:02}"),
            1 => format!("{day}.{month}.{year}"),
            _ => format!("{year}-{month:02}"),
        };
        format!("{reference},{},{date},{note},{holder},,{source},", statuses[status])
    });
    prop::collection::vec(row, 1..6)
}
