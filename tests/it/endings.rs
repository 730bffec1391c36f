//! The endings of agreements. Dossiers and mutations state them, and queries return them for the neutral record or for
//! the view of a party.

use clausewatch::domain::day;
use serde_json::{Value, json};

use crate::dossier_faults::faults_of;
use crate::dossiers::{BASE, file, import_text};
use crate::support::on_both_databases;
use crate::support::world::World;

/// Two endings for the agreement in [`BASE`].
const ENDINGS: &str = r#"
[[agreement.ending]]
ended_on = 2020-03-01
kind = "COLLAPSED"

[[agreement.ending]]
ended_on = 2020-02-20
kind = "TERMINATED"
held_by = "south"
source = "gazette"
source_locator = "p. 4"
confidence = "HIGH"
note = "By letter."
"#;

/// The dossier [`BASE`] with these endings.
fn with_endings(endings: &str) -> String {
    BASE.replacen("\n[[agreement.clause]]", &format!("{endings}\n[[agreement.clause]]"), 1)
}

on_both_databases! {
    fn ending_depends_on_the_requested_view_and_day(app: Empty) {
        import_text(&app, &with_endings(ENDINGS));
        let query = "query($day: Date, $party: ID) { agreement(slug: \"truce\") {
            endedOn(asOf: $day, heldBy: $party)
            ending(asOf: $day, heldBy: $party) { endedOn kind heldBy { slug } source { slug } sourceLocator confidence note } } }";
        let read = |day: Option<&str>, party: Option<&str>| {
            let agreement = app.data(query, json!({ "day": day, "party": party }))["agreement"].take();
            assert_eq!(agreement["endedOn"], agreement["ending"]["endedOn"], "{day:?} {party:?}");
            agreement["ending"].clone()
        };
        let neutral = json!({
            "endedOn": "2020-03-01", "kind": "COLLAPSED", "heldBy": null, "source": null, "sourceLocator": null,
            "confidence": "MEDIUM", "note": null
        });
        let of_south = json!({
            "endedOn": "2020-02-20", "kind": "TERMINATED", "heldBy": { "slug": "south" }, "source": { "slug": "gazette" },
            "sourceLocator": "p. 4", "confidence": "HIGH", "note": "By letter."
        });
        for (day, party, expected) in [
            (None, None, &neutral),
            (Some("2020-03-01"), None, &neutral),
            (Some("2020-02-29"), None, &Value::Null),
            (None, Some("south"), &of_south),
            (Some("2020-02-20"), Some("south"), &of_south),
            (Some("2020-02-19"), Some("south"), &Value::Null),
            (None, Some("north"), &Value::Null),
        ] {
            assert_eq!(read(day, party), *expected, "{day:?} {party:?}");
        }
        let endings = "{ agreement(slug: \"truce\") { endings { endedOn kind heldBy { slug } source { slug } sourceLocator confidence note } } }";
        assert_eq!(app.data(endings, json!({}))["agreement"]["endings"], json!([neutral, of_south]));
        let (code, message) = app.error(query, json!({ "party": "nobody" }));
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains("`heldBy: “nobody”` is neither the id nor the slug of a party"), "{message}");
    }

    fn invalid_endings_are_reported_with_file_and_line(app: Empty) {
        let line_of = |text: &str, start: &str| 1 + text.lines().position(|line| line.starts_with(start)).unwrap();
        let tomorrow = (day::latest_today() + chrono::Days::new(1)).to_string();
        let today = day::latest_today();
        for (old, new, at, message) in [
            (
                "ended_on = 2020-02-20", "ended_on = 2019-12-31".to_owned(), "ended_on = 2019",
                "ending.1.ended_on: 2019-12-31 is before 2020-01-01, the day of the agreement".to_owned(),
            ),
            (
                "ended_on = 2020-02-20", format!("ended_on = {tomorrow}"), "ended_on = 2",
                format!("ending.1.ended_on: {tomorrow} is in the future; the latest day is {today}"),
            ),
            (
                "ended_on = 2020-03-01\n", "ended_on = 2020-03-01\nheld_by = \"south\"\n".to_owned(), "held_by",
                "ending.1.held_by: is a second ending in the view of this party; the first is item 0 of endings, and only one is allowed".to_owned(),
            ),
            (
                "held_by = \"south\"\n", String::new(), "[[agreement.ending]]",
                "ending.1.held_by: is a second ending in the neutral record; the first is item 0 of endings, and only one is allowed".to_owned(),
            ),
            (
                "kind = \"COLLAPSED\"", "kind = \"DEAD\"".to_owned(), "kind = \"DEAD\"",
                "ending.0.kind: “DEAD” must be TERMINATED, EXPIRED, FULFILLED, SUPERSEDED or COLLAPSED".to_owned(),
            ),
        ] {
            let text = with_endings(&ENDINGS.replacen(old, &new, 1));
            let faults = faults_of(&app, &[file("test.toml", &text)]);
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].ends_with(&message), "{faults:?}, expected {message}");
            let lines: Vec<usize> = text.lines().enumerate().filter(|(_, line)| line.starts_with(at)).map(|(index, _)| index + 1).collect();
            let line: usize = faults[0].split(':').nth(1).unwrap().parse().unwrap();
            assert!(lines.contains(&line), "{faults:?}, expected one of the lines {lines:?}, from {}", line_of(&text, at));
        }
    }

    fn invalid_endings_are_rejected_and_nothing_is_written(app: Empty) {
        let w = World::new(&app);
        let before = app.log_position();
        for (endings, code, path) in [
            (json!([{ "endedOn": "2015-02-19", "kind": "EXPIRED" }]), "OUT_OF_RANGE", "endings.0.endedOn"),
            (json!([{ "endedOn": "9999-12-31", "kind": "EXPIRED" }]), "OUT_OF_RANGE", "endings.0.endedOn"),
            (json!([{ "endedOn": "2016-01-01", "kind": "EXPIRED" }, { "endedOn": "2016-01-02", "kind": "EXPIRED" }]), "DUPLICATE", "endings.1.heldById"),
            (json!([{ "endedOn": "2016-01-01", "kind": "EXPIRED", "sourceLocator": "p. 1" }]), "INVALID", "endings.0.sourceLocator"),
        ] {
            let faults = w.reject("updateAgreement", &w.about("annex", &json!({ "endings": endings })));
            let faults: Vec<(&str, &str)> = faults.iter().map(|(code, path, _)| (code.as_str(), path.as_str())).collect();
            assert_eq!(faults, [(code, path)], "{endings}");
        }
        // `agreedOn` cannot move to a day after an ending either.
        let faults = w.reject("updateAgreement", &w.about("annex", &json!({ "agreedOn": "2017-02-25" })));
        assert_eq!((faults[0].0.as_str(), faults[0].1.as_str()), ("OUT_OF_RANGE", "endings.0.endedOn"), "{faults:?}");
        assert_eq!(app.log_position(), before);
    }
}
