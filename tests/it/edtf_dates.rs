//! Dates less precise than a day: recorded, read, sorted, imported, logged and checked.

use clausewatch::db::{Access, integrity};
use clausewatch::dossier::{ImportError, Summary};
use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import, import_text};
use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases};

/// Dates with their first and last days, ordered by last day.
const DATES: [(&str, &str, &str); 9] = [
    ("2016-02-10~", "2016-02-10", "2016-02-10"),
    ("2016-02", "2016-02-01", "2016-02-29"),
    ("2016-02-20/2016-03-02", "2016-02-20", "2016-03-02"),
    ("2016-02/2016-04-03", "2016-02-01", "2016-04-03"),
    ("2016-05-04", "2016-05-04", "2016-05-04"),
    ("2016-05~", "2016-05-01", "2016-05-31"),
    ("2016-05/2016-06", "2016-05-01", "2016-06-30"),
    ("2016", "2016-01-01", "2016-12-31"),
    ("2017~", "2017-01-01", "2017-12-31"),
];

/// Invalid dates, each with a part of the error message.
const INVALID: [(&str, &str); 7] = [
    (
        "2015-13",
        "“2015-13” is not a date: write 2015-02-14 (a day), 2015-02 (a month), 2015 (a year), 2015-02-14~",
    ),
    ("2015-02-30", "“2015-02-30” is not a date"),
    ("", "“” is not a date"),
    ("February 2015", "“February 2015” is not a date"),
    ("2015-02-01/..", "“2015-02-01/..” is not a date"),
    (
        "2015-02-14/2015-02-01",
        "“2015-02-14/2015-02-01” ends before it begins: write the earlier date first",
    ),
    ("2016/2015-12", "“2016/2015-12” ends before it begins"),
];

/// The input for a status of the clause `one` with this date.
fn status(w: &World<'_>, date: &Value) -> Value {
    let input = json!({ "status": "PARTIAL", "note": "So." });
    w.about("one", &with(input, date))
}

fn assess(w: &World<'_>, date: &Value) -> Value {
    let selection = "assessment { id effectiveOn effectiveDate }";
    w.apply("updateClauseStatus", &status(w, date), selection)["assessment"].take()
}

fn event(w: &mut World<'_>, name: &str, date: &Value) -> Value {
    let input =
        json!({ "kind": "OTHER", "title": name, "summary": "So.", "concernsIds": ["@one"] });
    w.create(name, "Event", with(input, date));
    days(w, name)
}

fn days(w: &World<'_>, name: &str) -> Value {
    w.read(name, "date happenedOn endedOn")
}

fn differences(app: &TestApp) -> Vec<String> {
    let mut session = app.db().session(Access::Read).unwrap();
    integrity::check(session.read().unwrap()).unwrap()
}

/// The dates of the clause's assessments and events, in the order of the API.
fn listed_dates(w: &World<'_>) -> [Vec<Value>; 2] {
    let lists = w.read("one", "assessments { nodes { effectiveDate } } events { nodes { date } }");
    ["assessments", "events"].map(|list| {
        let nodes = lists[list]["nodes"].as_array().unwrap().iter();
        nodes.flat_map(|node| node.as_object().unwrap().values().cloned()).collect()
    })
}

fn faults(app: &TestApp, text: &str) -> Vec<String> {
    match import(app, &[file("test.toml", text)]) {
        Err(ImportError::ValidationErrors(faults)) => {
            faults.iter().map(ToString::to_string).collect()
        }
        _ => panic!("the import should fail:\n{text}"),
    }
}

on_both_databases! {
    fn status_takes_effect_on_the_last_day_of_its_date(app: Empty) {
        let w = World::new(&app);
        for (date, _, last) in DATES {
            let assessment = assess(&w, &json!({ "effectiveDate": date }));
            assert_eq!(assessment["effectiveDate"], date);
            assert_eq!(assessment["effectiveOn"], last, "{date}");
        }
        let dates: Vec<Value> = DATES.iter().rev().map(|(date, ..)| json!(date)).collect();
        assert_eq!(listed_dates(&w)[0], dates);
        let at = |day: &str| w.read("one", &format!("assessment(asOf: \"{day}\") {{ effectiveDate }}"))["assessment"].take();
        assert_eq!(at("2016-02-09"), Value::Null);
        assert_eq!(at("2016-02-28")["effectiveDate"], "2016-02-10~");
        assert_eq!(at("2016-02-29")["effectiveDate"], "2016-02");
        assert_eq!(at("2016-12-30")["effectiveDate"], "2016-05/2016-06");
        assert_eq!(at("2016-12-31")["effectiveDate"], "2016");
        assert_eq!(w.read("one", "statusSince")["statusSince"], "2017-12-31");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn exact_day_is_equal_in_both_fields(app: Empty) {
        let w = World::new(&app);
        let day = assess(&w, &json!({ "effectiveOn": "2016-05-04" }));
        assert_eq!((&day["effectiveOn"], &day["effectiveDate"]), (&json!("2016-05-04"), &json!("2016-05-04")));
        let date = assess(&w, &json!({ "effectiveDate": "2016-05-04" }));
        assert_eq!((&date["effectiveOn"], &date["effectiveDate"]), (&json!("2016-05-04"), &json!("2016-05-04")));
    }

    fn events_return_their_date_and_days(app: Empty) {
        let mut w = World::new(&app);
        for (date, first, last) in DATES {
            let read = event(&mut w, date, &json!({ "date": date }));
            let (happened_on, ended_on) = if date.contains('/') { (first, json!(last)) } else { (last, Value::Null) };
            assert_eq!(read, json!({ "date": date, "happenedOn": happened_on, "endedOn": ended_on }));
        }
        let several = event(&mut w, "several", &json!({ "happenedOn": "2016-03-01", "endedOn": "2016-03-03" }));
        assert_eq!(several, json!({ "date": "2016-03-01/2016-03-03", "happenedOn": "2016-03-01", "endedOn": "2016-03-03" }));
        // Events are sorted by first day, except that a month or a year is sorted by its last day.
        let in_order = [
            "2016-02/2016-04-03", "2016-02-10~", "2016-02-20/2016-03-02", "2016-02", "2016-03-01/2016-03-03", "2016-05/2016-06",
            "2016-05-04", "2016-05~", "2016", "2017~",
        ];
        assert_eq!(listed_dates(&w)[1], in_order.map(Value::from));
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn update_of_an_event_keeps_its_date_unless_the_days_differ(app: Empty) {
        let mut w = World::new(&app);
        let month = json!({ "date": "2016-05", "happenedOn": "2016-05-31", "endedOn": null });
        assert_eq!(event(&mut w, "may", &json!({ "date": "2016-05" })), month);
        let position = app.log_position();
        w.change("update", "may", &json!({ "happenedOn": "2016-05-31", "endedOn": null }));
        assert_eq!((days(&w, "may"), app.log_position()), (month, position));
        for (patch, date) in [
            (json!({ "title": "May" }), "2016-05"),
            (json!({ "happenedOn": "2016-05-30" }), "2016-05-30"),
            (json!({ "endedOn": "2016-06-02" }), "2016-05-30/2016-06-02"),
            (json!({ "happenedOn": "2016-05-29" }), "2016-05-29/2016-06-02"),
            (json!({ "endedOn": null }), "2016-05-29"),
            (json!({ "date": "2016-05-29~" }), "2016-05-29~"),
            (json!({ "date": "2016-05" }), "2016-05"),
            (json!({ "date": "2016-05-31" }), "2016-05-31"),
        ] {
            w.change("update", "may", &patch);
            assert_eq!(days(&w, "may")["date"], date, "{patch}");
        }
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn change_log_contains_dates_that_are_not_exact_days(app: Empty) {
        let mut w = World::new(&app);
        let position = app.log_position();
        event(&mut w, "may", &json!({ "date": "2016-05" }));
        w.change("update", "may", &json!({ "date": "2016-05-31" }));
        assess(&w, &json!({ "effectiveDate": "2016-06" }));
        let entries = w.log_since(position);
        let texts = |entry: &Value, side: &str| -> Vec<String> {
            let fields = entry[side].as_array().unwrap().iter().map(|field| field.as_str().unwrap().to_owned());
            fields.filter(|field| ["date ", "effectiveDate ", "happenedOn ", "effectiveOn "].iter().any(|name| field.contains(&format!(" {name}")))).collect()
        };
        assert_eq!(texts(&entries[0], "after"), ["DATE happenedOn 2016-05-31", "TEXT date 2016-05"]);
        assert_eq!(texts(&entries[1], "before"), ["TEXT date 2016-05"]);
        assert_eq!(texts(&entries[1], "after"), Vec::<String>::new());
        assert_eq!(texts(&entries[2], "after"), ["DATE effectiveOn 2016-06-30", "TEXT effectiveDate 2016-06"]);
    }

    fn invalid_dates_are_rejected_and_nothing_is_written(app: Empty) {
        let mut w = World::new(&app);
        event(&mut w, "may", &json!({ "date": "2016-05" }));
        let refuse = |mutation: &str, input: &Value, path: &str, words: &str| {
            let errors = w.reject(mutation, input);
            let [(_, at, message)] = errors.as_slice() else { panic!("{errors:?}") };
            assert_eq!(at, path, "{input} {message}");
            assert!(message.contains(words), "{input}: “{message}” lacks “{words}”");
        };
        let new = |date: &Value| with(json!({ "kind": "OTHER", "title": "T", "summary": "S." }), date);
        for (text, words) in INVALID {
            refuse("updateClauseStatus", &status(&w, &json!({ "effectiveDate": text })), "effectiveDate", words);
            refuse("createEvent", &new(&json!({ "date": text })), "date", words);
            refuse("updateEvent", &w.about("may", &json!({ "date": text })), "date", words);
        }
        for (date, path, words) in [
            (json!({}), "effectiveOn", "is missing: give `effectiveOn` or `effectiveDate`"),
            (json!({ "effectiveOn": "2016-01-01", "effectiveDate": "2016" }), "effectiveDate", "cannot be combined with `effectiveOn`"),
            (json!({ "effectiveDate": "2015-01" }), "effectiveDate", "2015-01 (last day 2015-01-31) is before 2015-02-12, the day on which the record was agreed"),
            (json!({ "effectiveDate": "9998" }), "effectiveDate", "9998 (last day 9998-12-31) is in the future; the latest day is"),
        ] {
            refuse("updateClauseStatus", &status(&w, &date), path, words);
        }
        for (date, path, words) in [
            (json!({}), "happenedOn", "is missing: give `happenedOn` or `date`"),
            (json!({ "happenedOn": "2016-01-01", "date": "2016" }), "date", "cannot be combined with `happenedOn` and `endedOn`"),
            (json!({ "endedOn": "2016-01-01", "date": "2016" }), "date", "cannot be combined with `happenedOn` and `endedOn`"),
            (json!({ "happenedOn": "2016-01-02", "endedOn": "2016-01-01" }), "endedOn", "2016-01-01 is before 2016-01-02, the first day of the event"),
        ] {
            refuse("createEvent", &new(&date), path, words);
        }
        refuse("updateEvent", &w.about("may", &json!({ "endedOn": "2016-05-30" })), "endedOn", "2016-05-30 is before 2016-05-31");
        assert_eq!(days(&w, "may")["date"], "2016-05");
    }

    fn dossier_dates_of_all_forms_are_imported_once(app: Empty) {
        let dossier = BASE
            .replace("happened_on = 2020-02-01", "happened_on = \"2020-02\"")
            .replace("note = \"Shots.\"\n", "note = \"Shots.\"\n[[event.assessment]]\nof = \"truce/2\"\nstatus = \"PARTIAL\"\nnote = \"Some.\"\neffective_on = \"2020-03-01/2020-03-09\"\n");
        let read = |app: &TestApp| -> Value {
            let assessment = "assessment { effectiveDate effectiveOn }";
            let query = format!("{{ events {{ nodes {{ date happenedOn endedOn }} }} clauses {{ nodes {{ {assessment} }} }} }}");
            let data = app.data(&query, json!({}));
            json!([data["events"]["nodes"][0], data["clauses"]["nodes"][0]["assessment"], data["clauses"]["nodes"][1]["assessment"]])
        };
        let counts = |summary: Summary| (summary.events.updated, summary.assessments.recorded, summary.assessments.retracted);
        import_text(&app, &dossier);
        assert_eq!(
            read(&app),
            json!([
                { "date": "2020-02", "happenedOn": "2020-02-29", "endedOn": null },
                { "effectiveDate": "2020-02", "effectiveOn": "2020-02-29" },
                { "effectiveDate": "2020-03-01/2020-03-09", "effectiveOn": "2020-03-09" }
            ])
        );
        let position = app.log_position();
        import_text(&app, &dossier);
        assert_eq!(app.log_position(), position);
        // Changing only the precision is also a change. The assessment inherits the event's date.
        let exact = dossier.replace("happened_on = \"2020-02\"", "happened_on = 2020-02-29");
        assert_eq!(counts(import_text(&app, &exact)), (1, 1, 1));
        assert_eq!(read(&app)[0], json!({ "date": "2020-02-29", "happenedOn": "2020-02-29", "endedOn": null }));
        assert_eq!(read(&app)[1], json!({ "effectiveDate": "2020-02-29", "effectiveOn": "2020-02-29" }));
        // An assessment inside an event with `ended_on` takes effect on the first day. Inside an event with an interval,
        // it takes effect on the last day.
        let several = dossier.replace("happened_on = \"2020-02\"", "happened_on = 2020-02-01\nended_on = 2020-02-09");
        assert_eq!(counts(import_text(&app, &several)), (1, 1, 0));
        assert_eq!(read(&app)[0], json!({ "date": "2020-02-01/2020-02-09", "happenedOn": "2020-02-01", "endedOn": "2020-02-09" }));
        let interval = dossier.replace("happened_on = \"2020-02\"", "happened_on = \"2020-02-01/2020-02-09\"");
        assert_eq!(counts(import_text(&app, &interval)), (0, 1, 0));
        let of_first = app.data("{ clause(agreement: \"truce\", number: \"1\") { assessments { nodes { effectiveDate } } } }", json!({}));
        let dates = of_first.pointer("/clause/assessments/nodes").unwrap();
        assert_eq!(*dates, json!([{ "effectiveDate": "2020-02-29" }, { "effectiveDate": "2020-02-01/2020-02-09" }, { "effectiveDate": "2020-02-01" }]));
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn invalid_dates_in_dossiers_are_reported_with_file_and_line(app: Empty) {
        for (text, words) in INVALID {
            let event = BASE.replace("happened_on = 2020-02-01", &format!("happened_on = \"{text}\""));
            let [fault] = &faults(&app, &event)[..] else { panic!("{text}") };
            assert!(fault.starts_with(&format!("test.toml:48: happened_on: {words}")), "{fault}");
            let assessment = BASE.replace("note = \"Shots.\"\n", &format!("note = \"Shots.\"\neffective_on = \"{text}\"\n"));
            let [fault] = &faults(&app, &assessment)[..] else { panic!("{text}") };
            assert!(fault.starts_with(&format!("test.toml:59: effective_on: {words}")), "{fault}");
        }
        for (happened_on, expected) in [
            ("\"2020-02\"\nended_on = 2020-03-01", "test.toml:49: ended_on: is only valid if happened_on is a day, not “2020-02”; write an interval as happened_on = \"2015-02-01/2015-02-14\""),
            ("2020-02-02\nended_on = 2020-02-01", "test.toml:49: ended_on: 2020-02-01 is before 2020-02-02, the first day of the event"),
            ("\"2019-12\"", "test.toml:55: effective_on: 2019-12 (last day 2019-12-31) is before 2020-01-01, the day on which the record was agreed or proposed"),
            ("2020", "test.toml:48: happened_on: must be a date like 2015-02-12 or a string like \"2015-02\", not the number 2020"),
            ("2020-02-01T10:00:00", "test.toml:48: happened_on: must be a date like 2015-02-12, without a time, not 2020-02-01T10:00:00"),
        ] {
            let text = BASE.replace("happened_on = 2020-02-01", &format!("happened_on = {happened_on}"));
            assert_eq!(faults(&app, &text), [expected], "{happened_on}");
        }
        // Two assessments by one holder must not take effect on the same day.
        let twice = BASE.replace("note = \"Shots.\"\n", "note = \"Shots.\"\neffective_on = \"2020-02\"\n[[event.assessment]]\nof = \"truce/1\"\nstatus = \"PARTIAL\"\nnote = \"Some.\"\neffective_on = 2020-02-29\n");
        assert_eq!(faults(&app, &twice), ["test.toml:60: of: the same holder’s status for 2020-02-29 is already defined at test.toml:55"]);
        assert_eq!(app.log_position(), 0);
    }

    fn check_reports_days_that_contradict_the_date(app: Empty) {
        let mut w = World::new(&app);
        event(&mut w, "may", &json!({ "date": "2016-05" }));
        assess(&w, &json!({ "effectiveDate": "2016-06" }));
        app.execute_sql("UPDATE events SET edtf_date = '2016-04' WHERE edtf_date IS NOT NULL");
        app.execute_sql("UPDATE assessments SET edtf_date = '2016-06-30' WHERE edtf_date IS NOT NULL");
        let differences = differences(&app);
        let [assessment, event] = differences.as_slice() else { panic!("{differences:?}") };
        assert!(assessment.ends_with(": takes effect on 2016-06-30, but its date is 2016-06-30"), "{assessment}");
        assert!(event.ends_with(": happened on 2016-05-31, but its date is 2016-04"), "{event}");
    }

    fn deadline_is_counted_from_the_last_day_of_an_event(app: Empty) {
        let mut w = World::new(&app);
        event(&mut w, "may", &json!({ "date": "2016-05" }));
        let deadline = json!({ "deadlines": [{ "rule": "Ten days", "after": { "days": 10, "eventId": w.id("may") } }] });
        w.change("update", "one", &deadline);
        assert_eq!(w.read("one", "deadlines { dueOn }")["deadlines"][0]["dueOn"], "2016-06-10");
    }
}
