//! Importing the tables of research datasets. The files in `research` contain invented data in the shapes of the
//! datasets.

mod links;

use std::fmt::Write as _;
use std::fs;

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dossiers::{BASE, import_text};
use crate::dumps::{dump, engine_of, load, other};
use crate::support::world::World;
use crate::support::{Database, TestApp, clausewatch, on_both_databases, text};

const PA_X: &str = include_str!("research/pa-x.csv");
const PAM: &str = include_str!("research/pam.csv");

/// The dossier [`BASE`], whose agreement and clauses are linked to the datasets.
fn linked() -> String {
    let mut dossier = BASE.to_owned();
    for (line, identifiers) in [
        (
            "slug = \"truce\"",
            "{ scheme = \"PA-X\", value = \"900\" }, { scheme = \"PAM\", value = \"7\" }",
        ),
        ("number = \"1\"", "{ scheme = \"PAM\", value = \"7/cease\" }"),
        ("number = \"2\"", "{ scheme = \"PAM\", value = \"7/disarm\" }"),
    ] {
        assert!(dossier.contains(line));
        dossier = dossier.replacen(line, &format!("{line}\nexternal_ids = [{identifiers}]"), 1);
    }
    dossier
}

/// Whether a command succeeded, and the lines of its standard output and standard error.
type CommandOutput = (bool, Vec<String>, Vec<String>);

/// Imports a file with this name and content.
fn import(
    app: &TestApp,
    dataset: &str,
    name: &str,
    content: &[u8],
    options: &[&str],
) -> CommandOutput {
    let directory = TempDir::new().expect("a temporary folder");
    fs::write(directory.path().join(name), content).expect("the file is written");
    let arguments = ["import", "--from", dataset, name, "--database-url", &app.database_url];
    let output = clausewatch(&[&arguments, options].concat(), directory.path());
    let lines = |bytes: &[u8]| text(bytes).lines().map(str::to_owned).collect();
    (output.status.success(), lines(&output.stdout), lines(&output.stderr))
}

/// Imports a table that must be accepted. Returns the lines of its summary.
fn accept(app: &TestApp, dataset: &str, content: &str, options: &[&str]) -> Vec<String> {
    let (is_success, summary, errors) =
        import(app, dataset, "table.csv", content.as_bytes(), options);
    assert!(is_success, "{errors:#?}");
    summary
}

/// Imports a table that must be rejected, and checks that nothing is written. Returns its faults.
fn reject(app: &TestApp, dataset: &str, content: &str, options: &[&str]) -> Vec<String> {
    let position = app.log_position();
    let dry_run = [options, &["--dry-run"]].concat();
    let (is_success, _, checked) = import(app, dataset, "table.csv", content.as_bytes(), &dry_run);
    assert!(!is_success, "{checked:#?}");
    let (is_success, summary, mut errors) =
        import(app, dataset, "table.csv", content.as_bytes(), options);
    assert!(!is_success && summary.is_empty(), "{summary:?}");
    assert_eq!(checked, errors, "a dry run finds the same faults");
    assert_eq!(app.log_position(), position);
    let end = errors.pop().expect("an error");
    errors.retain(|line| !line.contains(": note: "));
    let plural = if errors.len() == 1 { "" } else { "s" };
    let count = errors.len();
    assert_eq!(end, format!("clausewatch: nothing was imported because of {count} fault{plural}"));
    errors.iter().map(|line| line.trim_start_matches("table.csv:").to_owned()).collect()
}

/// The number of assessments, and the neutral statuses of the two clauses.
fn statuses(app: &TestApp) -> Value {
    let query = "{ assessments { totalCount } one: clause(agreement: \"truce\", number: \"1\") { status } \
                 two: clause(agreement: \"truce\", number: \"2\") { status } }";
    app.data(query, json!({}))
}

on_both_databases! {
    fn pa_x_rows_become_agreements_with_topics_and_never_statuses(app: Empty) {
        import_text(&app, &linked());
        let before = statuses(&app);
        let position = app.log_position();
        let dry_run = accept(&app, "pa-x", PA_X, &["--dry-run"]);
        assert_eq!(dry_run, ["sources: 1 created", "agreements: 2 created, 1 updated", "Nothing was written."]);
        assert_eq!(app.log_position(), position);

        let (is_success, summary, notes) = import(&app, "pa-x", "table.csv", PA_X.as_bytes(), &[]);
        assert!(is_success, "{notes:#?}");
        assert_eq!(summary, ["sources: 1 created", "agreements: 2 created, 1 updated"]);
        assert_eq!(notes, [
            "table.csv:1: note: the column “NewCode” is imported as a topic, because all its cells are codes; Clausewatch has no label for it",
            "table.csv:1: note: the column “Remark” is ignored: it is not a known topic, and its cells are not codes from 0 to 3",
            "table.csv:3: note: Agt: “Truce of the Harbour” differs from the title of truce, “Truce”, which is kept",
            "table.csv:3: note: Dat: 2020-01-02 differs from the day of truce, 2020-01-01, which is kept",
            "table.csv:4: note: repeats row 2: AgtId 901 is imported only once",
            "table.csv:5: note: UcdpAgr: “n/a” does not consist of digits, and is not recorded",
        ]);
        let fields = "title agreedOn externalIds { scheme value } topicTreatments { scheme code label extent }";
        let truce = app.data(&format!("{{ agreement(slug: \"truce\") {{ {fields} }} }}"), json!({}))["agreement"].take();
        assert_eq!(truce, json!({
            "title": "Truce", "agreedOn": "2020-01-01",
            "externalIds": [{ "scheme": "PA-X", "value": "900" }, { "scheme": "PAM", "value": "7" }, { "scheme": "UCDP", "value": "2042" }],
            "topicTreatments": [
                { "scheme": "PA-X", "code": "HrGen", "label": "Human rights and rule of law", "extent": 2 },
                { "scheme": "PA-X", "code": "Ce", "label": "Ceasefire", "extent": 3 }
            ]
        }));
        let fields = "slug shortTitle kind adoption agreedOn summary notCovered confidence source { slug } sourceLocator \
                      topicTreatments { code label extent }";
        let query = format!("{{ byExternalId(scheme: \"PA-X\", value: \"901\") {{ ... on Agreement {{ {fields} }} }} }}");
        let protocol = app.data(&query, json!({}))["byExternalId"].take();
        assert_eq!(protocol, json!([{
            "slug": "protocol-on-the-ceasefire-in-aland-harbour-protocol-2001",
            "shortTitle": "Protocol on the Ceasefire in Åland (“Harbour Protocol”)",
            "kind": "PROTOCOL", "adoption": "According to PA-X: Multiparty signed/agreed.", "agreedOn": "2001-05-17",
            "summary": "Imported from PA-X (country: Northland; peace process: Harbour talks; type: Intra; stage: Cea). Only what PA-X states about the agreement is recorded.",
            "notCovered": "Parties, clauses, events and statuses.", "confidence": "MEDIUM", "source": { "slug": "pa-x" }, "sourceLocator": "AgtId 901",
            "topicTreatments": [
                { "code": "HrGen", "label": "Human rights and rule of law", "extent": 1 },
                { "code": "Ce", "label": "Ceasefire", "extent": 3 },
                { "code": "NewCode", "label": null, "extent": 1 }
            ]
        }]));
        let declaration = app.data("{ agreement(slug: \"pa-x-902\") { title kind adoption topicTreatments { code } externalIds { scheme } } }", json!({}));
        assert_eq!(declaration["agreement"], json!({
            "title": "Декларация", "kind": "OTHER", "adoption": "PA-X does not state how the agreement was adopted.",
            "topicTreatments": [], "externalIds": [{ "scheme": "PA-X" }]
        }));
        assert_eq!(statuses(&app), before, "codes of topics are not statuses");
        let changes = app.data("{ changes(last: 1) { nodes { actor } } }", json!({}));
        assert_eq!(changes["changes"]["nodes"][0]["actor"], "operator");

        let position = app.log_position();
        assert_eq!(accept(&app, "pa-x", PA_X, &[]), ["agreements: 3 unchanged"]);
        assert_eq!(app.log_position(), position);
        app.assert_no_differences();
    }

    fn pa_x_replaces_only_the_topics_that_have_a_column(app: Empty) {
        import_text(&app, &linked());
        accept(&app, "pa-x", PA_X, &[]);
        let extents = |slug: &str| -> Vec<(String, i64)> {
            let query = format!("{{ agreement(slug: \"{slug}\") {{ topicTreatments {{ code extent }} }} }}");
            let treatments = app.data(&query, json!({}))["agreement"]["topicTreatments"].take();
            let treatments = treatments.as_array().unwrap().iter();
            treatments.map(|item| (item["code"].as_str().unwrap().to_owned(), item["extent"].as_i64().unwrap())).collect()
        };
        // The table is in Windows-1252, with semicolons and the line endings of Windows.
        let table = "AgtId;Agt;Dat;HrGen;TjVic\r\n900;Truce in \u{c5}land;01/01/2020;0;1\r\n";
        let latin: Vec<u8> = table.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let (is_success, summary, notes) = import(&app, "pa-x", "latin.csv", &latin, &[]);
        assert!(is_success && summary == ["agreements: 1 updated"], "{summary:?} {notes:?}");
        assert!(notes[0].contains("“Truce in Åland” differs"), "{notes:?}");
        assert_eq!(extents("truce"), [("Ce".to_owned(), 3), ("TjVic".to_owned(), 1)]);

        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip([["AgtId", "Agt", "Dat", "Ce"], ["900", "Truce", "2020-01-01", "1"]]) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write(row, column, cell).unwrap();
            }
        }
        let (is_success, summary, _) = import(&app, "pa-x", "table.xlsx", &book.save_to_buffer().unwrap(), &[]);
        assert!(is_success && summary == ["agreements: 1 updated"], "{summary:?}");
        assert_eq!(extents("truce"), [("TjVic".to_owned(), 1), ("Ce".to_owned(), 1)]);
    }

    fn every_fault_of_pa_x_is_listed_and_nothing_is_written(app: Empty) {
        let table = "AgtId,Agt,Dat,Ce\nx1,,13/13/2001,4\n905,Pact,2001-01-01,1\n905,Treaty,2001-01-01,1\n906,Old pact,0000-01-01,1\n";
        assert_eq!(reject(&app, "pa-x", table, &[]), [
            "2: Agt: the cell is empty: the title is required",
            "2: AgtId: “x1” is not an AgtId; valid: digits, such as 556",
            "2: Ce: “4” is not a code; valid values: 0, 1, 2 or 3",
            "2: Dat: “13/13/2001” is not a day: write 1998-04-10 or 10/04/1998 (the day first)",
            "4: AgtId: AgtId 905 is already in row 3, with different values in: Agt",
            "5: Dat: 0000-01-01 is out of range: years from 0001 to 9999",
        ]);
        assert_eq!(reject(&app, "pa-x", "AgtId,Title,Dat\n1,Pact,2001-01-01\n", &[]), ["1: Agt: the first row does not name this column"]);
        assert_eq!(reject(&app, "pa-x", "", &[]), [
            "1: the file has no rows below the names of the columns",
            "1: Agt: the first row does not name this column",
            "1: AgtId: the first row does not name this column",
            "1: Dat: the first row does not name this column",
        ]);
        // Two agreements have the same identifier.
        let second = "[[agreement]]\nslug = \"other\"\ntitle = \"Other\"\nshort_title = \"Other\"\nkind = \"OTHER\"\nadoption = \"Signed.\"\n\
                      agreed_on = 2020-01-01\nsummary = \"Other.\"\nexternal_ids = [{ scheme = \"PA-X\", value = \"900\" }]\n";
        import_text(&app, &format!("{}\n{second}", linked()));
        assert_eq!(reject(&app, "pa-x", "AgtId,Agt,Dat\n900,Truce,2020-01-01\n", &[]), [
            "2: AgtId: several agreements have the identifier PA-X 900: other, truce; keep it in only one of them"
        ]);
        // A wrong column can have thousands of faults.
        let many = format!("AgtId,Agt,Dat,Ce\n{}", "1,Pact,2001-01-01,9\n".repeat(130));
        let (is_success, _, errors) = import(&app, "pa-x", "table.csv", many.as_bytes(), &[]);
        assert!(!is_success);
        assert_eq!(errors.len(), 102);
        assert_eq!(errors[100..], ["… and 30 more faults", "clausewatch: nothing was imported because of 130 faults"]);
    }

    fn files_that_cannot_be_read_are_rejected(app: Empty) {
        for (name, content, options, words) in [
            ("table.xlsx", Workbook::new().save_to_buffer().unwrap(), &[][..], "the workbook has no worksheet with cells"),
            ("table.pdf", b"x".to_vec(), &[], "the format of table.pdf is unknown"),
            ("table.csv", b"AgtId,Agt\n\"1".to_vec(), &[], "is not closed"),
            ("table.csv", PA_X.into(), &["other.csv"], "--from imports one file at a time, not 2"),
            ("table.csv", PA_X.into(), &["--linked-only"], "--agreement and --linked-only are only for --from pam"),
            ("table.csv", PA_X.into(), &["--agreement", "7"], "write ACCORD=SLUG: the accord and the slug of its agreement"),
        ] {
            let (is_success, _, errors) = import(&app, "pa-x", name, &content, options);
            assert!(!is_success && errors.join("\n").contains(words), "{errors:?}");
        }
    }

    fn pam_codes_become_yearly_assessments_of_the_kroc_institute(app: Empty) {
        import_text(&app, &linked());
        let before = statuses(&app);
        let position = app.log_position();
        let created = ["parties: 1 created", "sources: 1 created", "assessments: 6 recorded"];
        let dry_run = accept(&app, "pam", PAM, &["--dry-run"]);
        assert_eq!(dry_run, [&created[..], &["Nothing was written."]].concat());
        assert_eq!((app.log_position(), statuses(&app)), (position, before.clone()));

        assert_eq!(accept(&app, "pam", PAM, &[]), created);
        let days = ["2020-12-30", "2020-12-31", "2021-12-30", "2021-12-31", "2022-12-31", "2026-11-30"];
        let held = |number: &str| -> Vec<String> {
            let statuses = days.iter().enumerate().map(|(index, day)| format!("d{index}: status(asOf: \"{day}\", heldBy: \"kroc-institute\")"));
            let query = format!("{{ clause(agreement: \"truce\", number: \"{number}\") {{ {} }} }}", statuses.collect::<Vec<_>>().join(" "));
            let clause = app.data(&query, json!({}))["clause"].take();
            (0..days.len()).map(|index| clause[format!("d{index}")].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(held("1"), ["UNASSESSED", "MINIMAL", "MINIMAL", "PARTIAL", "PARTIAL", "PARTIAL"]);
        assert_eq!(held("2"), ["UNASSESSED", "NOT_STARTED", "NOT_STARTED", "NOT_STARTED", "COMPLETE", "COMPLETE"]);
        let after = statuses(&app);
        assert_eq!((&after["one"], &after["two"]), (&before["one"], &before["two"]), "the neutral record is unchanged");

        let fields = "status effectiveOn effectiveDate note confidence momentum recordedBy heldBy { slug kind } citations { locator source { slug } }";
        let query = format!("{{ clause(agreement: \"truce\", number: \"2\") {{ assessments {{ nodes {{ {fields} }} }} }} }}");
        let assessments = app.data(&query, json!({}))["clause"]["assessments"]["nodes"].take();
        let of_2022 = assessments.as_array().unwrap().iter().find(|item| item["effectiveDate"] == "2022");
        assert_eq!(of_2022, Some(&json!({
            "status": "COMPLETE", "effectiveOn": "2022-12-31", "effectiveDate": "2022", "confidence": "MEDIUM", "momentum": "STEADY",
            "note": "The Peace Accords Matrix codes the implementation of the provision “disarm” in 2022 as 3 (full).", "recordedBy": "operator",
            "heldBy": { "slug": "kroc-institute", "kind": "MEDIATING_BODY" },
            "citations": [{ "locator": "accord 7, disarm, 2022", "source": { "slug": "pam-implementation-dataset" } }]
        })));

        // The table in the long shape has the same codes, so it changes nothing. Then a new version of it corrects one
        // code.
        let position = app.log_position();
        let mut long = "Accord,Provision,Year,Implementation code\n".to_owned();
        for (provision, codes) in [("cease", ["1", "2", "2"]), ("disarm", ["0", "0", "3"])] {
            for (year, code) in (2020..).zip(codes) {
                writeln!(long, "7,{provision},{year},{code}").unwrap();
            }
        }
        for table in [PAM, &long, &long.replace("cease", "Cease ")] {
            assert_eq!(accept(&app, "pam", table, &[]), ["assessments: 6 unchanged"]);
        }
        assert_eq!(app.log_position(), position);
        let corrected = long.replace("7,cease,2022,2", "7,cease,2022,3");
        assert_eq!(accept(&app, "pam", &corrected, &[]), ["assessments: 1 recorded, 1 retracted, 5 unchanged"]);
        assert_eq!(held("1")[4], "COMPLETE");
        let query = "{ clause(agreement: \"truce\", number: \"1\") { assessments(includeRetracted: true) { nodes { status retractionReason } } } }";
        let retracted = app.data(query, json!({}))["clause"]["assessments"]["nodes"].take();
        let retracted = retracted.as_array().unwrap().iter().filter(|item| !item["retractionReason"].is_null()).cloned().collect::<Value>();
        assert_eq!(retracted, json!([{ "status": "PARTIAL", "retractionReason": "Corrected in the table table.csv" }]));
        assert_eq!(accept(&app, "pam", &corrected, &[]), ["assessments: 6 unchanged"]);
        // The exported dossiers contain the imported assessments, so importing them changes nothing.
        let directory = TempDir::new().unwrap();
        for arguments in [["export", "dossiers"], ["import", "dossiers"]] {
            let output = clausewatch(&[&arguments[..], &["--database-url", &app.database_url]].concat(), directory.path());
            assert!(output.status.success(), "{}", text(&output.stderr));
        }
        assert_eq!(accept(&app, "pam", &corrected, &[]), ["assessments: 6 unchanged"]);
        app.assert_no_differences();
    }

    fn every_fault_of_pam_is_listed_and_nothing_is_written(app: Empty) {
        import_text(&app, &linked());
        let header = "accord,provision,year,implementation\n";
        let table = format!("{header}7,cease,2020,5\n7,cease,2021,1\n7,cease,2021,1\n7,cease,2021,2\n8,cease,2020,1\n8,disarm,2020,1\n7,women,2020,0\n7,women,2021,0\n7,disarm,2019,1\n7,disarm,9999,1\n");
        let linking = "add external_ids = [{ scheme = \"PAM\", value =";
        // The last message ends with the current day, so the test compares only the start of each message.
        let expected = [
            "2: implementation: “5” is not a code; valid values: 0, 1, 2 or 3".to_owned(),
            "5: provision: cease of accord 7 in 2021 is 2 (intermediate) here and 1 (minimum) in row 3".to_owned(),
            format!("6: accord: no agreement has the identifier “8”: {linking} \"8\" }}] to the agreement, use --agreement 8=SLUG, or skip such accords with --linked-only"),
            format!("8: provision: no clause of truce has the identifier PAM 7/women: {linking} \"7/women\" }}] to the clause, or skip such provisions with --linked-only"),
            "10: year: 2019 (last day 2019-12-31) is before 2020-01-01, the day on which the record was agreed or proposed".to_owned(),
            "11: year: 9999 (last day 9999-12-31) is in the future; the latest day is ".to_owned(),
        ];
        let faults = reject(&app, "pam", &table, &[]);
        assert_eq!(faults.len(), expected.len(), "{faults:#?}");
        for (fault, expected) in faults.iter().zip(&expected) {
            assert!(fault.starts_with(expected), "{fault}\n{expected}");
        }

        let table = format!("{header}7,cease,2020,1\n8,cease,2020,1\n7,women,2020,0\n");
        let (is_success, summary, notes) = import(&app, "pam", "table.csv", table.as_bytes(), &["--linked-only", "--dry-run"]);
        assert!(is_success && summary.contains(&"assessments: 1 recorded".to_owned()), "{summary:?} {notes:?}");
        assert_eq!(notes, ["table.csv:2: note: skipped, because no record is linked: 7/women, 8"]);
        let faults = reject(&app, "pam", &table, &["--linked-only", "--agreement", "8=treaty"]);
        assert_eq!(faults, ["1: --agreement: “treaty” is not the slug of an agreement"]);
        // The accord is matched, but its provisions are not.
        let faults = reject(&app, "pam", &format!("{header}8,cease,2020,1\n"), &["--agreement", "8=truce"]);
        assert!(faults.len() == 1 && faults[0].starts_with("2: provision: no clause of truce has the identifier PAM 8/cease"), "{faults:?}");
    }

    fn clause_of_two_provisions_is_a_fault_and_two_clauses_of_one_get_its_code(app: Empty) {
        import_text(&app, &linked().replace("7/disarm", "7/cease"));
        let header = "accord,provision,year,code\n";
        assert_eq!(accept(&app, "pam", &format!("{header}7,cease,2020,3\n"), &[])[2], "assessments: 2 recorded");
        let both = "{ scheme = \"PAM\", value = \"7/cease\" }, { scheme = \"PAM\", value = \"7/arms\" }";
        import_text(&app, &linked().replacen("{ scheme = \"PAM\", value = \"7/cease\" }", both, 1));
        assert_eq!(reject(&app, "pam", &format!("{header}7,cease,2021,3\n7,arms,2021,1\n"), &[]), [
            "3: provision: clause 1 is linked to the provisions 7/cease and 7/arms, which PAM codes separately: keep one of the identifiers"
        ]);
    }

    fn topics_are_created_changed_cleared_and_found(app: Empty) {
        let w = World::new(&app);
        let treatments = |items: &[(&str, i32)]| -> Value {
            items.iter().map(|(code, extent)| json!({ "scheme": "PA-X", "code": code, "extent": extent })).collect()
        };
        let read = || w.read("treaty", "topicTreatments { scheme code extent }")["topicTreatments"].take();
        for items in [&[("HrGen", 3), ("Ce", 1)][..], &[("Ce", 2)], &[]] {
            w.change("update", "treaty", &json!({ "topicTreatments": treatments(items) }));
            assert_eq!(read(), treatments(items));
        }
        w.change("update", "treaty", &json!({ "topicTreatments": treatments(&[("HrGen", 2)]) }));
        w.change("update", "treaty", &json!({ "title": "Renamed" }));
        assert_eq!(read(), treatments(&[("HrGen", 2)]), "an omitted field is unchanged");
        for (items, code, path, words) in [
            (json!([{ "scheme": "PAX", "code": "Ce", "extent": 1 }]), "INVALID", "topicTreatments.0.scheme", "“PAX” is not a scheme of topics; valid values: PA-X"),
            (json!([{ "scheme": "PA-X", "code": "C e", "extent": 1 }]), "INVALID", "topicTreatments.0.code", "“C e” is not a code of a topic"),
            (json!([{ "scheme": "PA-X", "code": "Ce", "extent": 4 }]), "OUT_OF_RANGE", "topicTreatments.0.extent", "4 is not an extent"),
            (json!([{ "scheme": "PA-X", "code": "Ce", "extent": 0 }]), "OUT_OF_RANGE", "topicTreatments.0.extent", "0 is not an extent"),
            (treatments(&[("Ce", 1), ("Ce", 2)]), "DUPLICATE", "topicTreatments.1.code", "item 0 of topic_treatments already has the code Ce"),
        ] {
            let errors = w.reject("updateAgreement", &w.about("treaty", &json!({ "topicTreatments": items })));
            let [(actual, at, message)] = errors.as_slice() else { panic!("{errors:?}") };
            assert_eq!((actual.as_str(), at.as_str()), (code, path), "{message}");
            assert!(message.contains(words), "{message}");
        }
        let matching_slugs = |filter: Value| -> Vec<String> {
            let query = "query($filter: AgreementFilter) { agreements(filter: $filter) { nodes { slug } } }";
            let nodes = app.data(query, json!({ "filter": { "topicTreatment": filter } }))["agreements"]["nodes"].take();
            let mut slugs: Vec<String> = nodes.as_array().unwrap().iter().map(|node| node["slug"].as_str().unwrap().to_owned()).collect();
            slugs.sort_unstable();
            slugs
        };
        assert_eq!(matching_slugs(json!({ "scheme": "PA-X", "code": "HrGen" })), ["annex", "treaty"]);
        assert_eq!(matching_slugs(json!({ "scheme": "PA-X", "code": "HrGen", "extentAtLeast": 3 })), ["annex"]);
        assert!(matching_slugs(json!({ "scheme": "PA-X", "code": "TjAm" })).is_empty());
        for (filter, words) in [
            (json!({ "scheme": "PAX", "code": "Ce" }), "“PAX” is not a scheme of topics"),
            (json!({ "scheme": "PA-X", "code": "C\u{0}e" }), "is not a code of a topic"),
            (json!({ "scheme": "PA-X", "code": "Ce", "extentAtLeast": 9 }), "9 is not an extent"),
        ] {
            let query = "query($filter: AgreementFilter) { agreements(filter: $filter) { nodes { slug } } }";
            let (code, message) = app.error(query, json!({ "filter": { "topicTreatment": filter } }));
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.contains(words), "{message}");
        }
    }

    fn topics_survive_export_and_dump(app: Empty) {
        let line = "slug = \"truce\"";
        let dossier = |treatments: &str| BASE.replacen(line, &format!("{line}\ntopic_treatments = [{treatments}]"), 1);
        import_text(&app, &dossier("{ scheme = \"PA-X\", code = \"HrGen\", extent = 3 }, { scheme = \"PA-X\", code = \"Ce\", extent = 1 }"));
        let query = "{ agreement(slug: \"truce\") { topicTreatments { code extent } } }";
        let stored = json!([{ "code": "HrGen", "extent": 3 }, { "code": "Ce", "extent": 1 }]);
        assert_eq!(app.data(query, json!({}))["agreement"]["topicTreatments"], stored);
        let directory = TempDir::new().unwrap();
        let directory = directory.path();
        let output = clausewatch(&["export", "dossiers", "--database-url", &app.database_url], directory);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let file = fs::read_to_string(directory.join("dossiers/agreements/truce.toml")).unwrap();
        assert!(file.contains("topic_treatments = [\n  { scheme = \"PA-X\", code = \"HrGen\", extent = 3 },\n"), "{file}");

        let original = dump(&app.database_url, directory, "original");
        let there = Database::fresh(other(engine_of(&app)));
        load(&there.url, directory, "original").unwrap();
        assert_eq!(dump(&there.url, directory, "there"), original);
        assert!(original.contains("\"PA-X\",\"HrGen\""), "{original}");

        import_text(&app, &dossier(""));
        assert_eq!(app.data(query, json!({}))["agreement"]["topicTreatments"], json!([]));
    }
}
