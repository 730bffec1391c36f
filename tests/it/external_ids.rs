//! Identifiers of records in other collections: recorded, read, looked up, searched, imported and migrated.

use std::fs;
use std::path::Path;

use clausewatch::db::{Access, integrity};
use clausewatch::dossier::ImportError;
use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import, import_text};
use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases};

/// One record of each kind, in the order in which look-ups return them. Searches cover all of them except the topic.
const RECORDS: [&str; 8] =
    ["annex", "two", "answer", "give", "talks", "envoy", "borders", "gazette"];

/// The records with an identifier, each as type and id.
fn with_id(app: &TestApp, scheme: &str, value: &str) -> Vec<(String, String)> {
    let query = "query($scheme: String!, $value: String!) { byExternalId(scheme: $scheme, value: $value) { __typename id } }";
    let answer = app.data(query, json!({ "scheme": scheme, "value": value }));
    let text = |node: &Value, key: &str| node[key].as_str().unwrap().to_owned();
    let nodes = answer["byExternalId"].as_array().unwrap().iter();
    nodes.map(|node| (text(node, "__typename"), text(node, "id"))).collect()
}

fn differences(app: &TestApp) -> Vec<String> {
    let mut session = app.db().session(Access::Read).unwrap();
    integrity::check(session.read().unwrap()).unwrap()
}

on_both_databases! {
    fn records_of_all_kinds_are_found_by_identifier_and_by_search(app: Empty) {
        let w = World::new(&app);
        for name in RECORDS {
            let record = w.change("update", name, &json!({ "externalIds": [{ "scheme": "UN", "value": "S/RES/2202 (2015)" }] }));
            assert_eq!(record["externalIds"][0]["value"], "S/RES/2202 (2015)", "{name}");
        }
        let expected: Vec<_> = RECORDS.iter().map(|name| (w.kind(name).to_owned(), w.id(name).to_owned())).collect();
        assert_eq!(with_id(&app, "UN", "S/RES/2202 (2015)"), expected);
        assert_eq!(with_id(&app, "UN", "s/res/2202(2015)"), expected);
        for (scheme, value) in [("UN", "S/RES/2202"), ("OSCE", "S/RES/2202 (2015)"), ("UN", "S/RES/2202\u{0}"), ("UN", "")] {
            assert_eq!(with_id(&app, scheme, value), [], "{scheme} {value:?}");
        }
        let search = app.data("{ search(query: \"S/RES/2202\", first: 50) { nodes { item { __typename } } } }", json!({}));
        let mut found: Vec<&str> = search["search"]["nodes"].as_array().unwrap().iter().map(|node| node["item"]["__typename"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found, ["Agreement", "Caveat", "Clause", "Event", "Party", "Proposal", "Source"]);
        for name in ["borders", "talks"] {
            w.change("update", name, &json!({ "externalIds": [] }));
        }
        assert_eq!(with_id(&app, "UN", "S/RES/2202 (2015)").len(), RECORDS.len() - 2);
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn look_up_excludes_archived_records_and_their_parts(app: Empty) {
        let w = World::new(&app);
        let identifier = json!({ "externalIds": [{ "scheme": "REPORT", "value": "A/1" }] });
        for name in ["treaty", "two", "answer", "give", "envoy"] {
            w.change("update", name, &identifier);
        }
        let kinds = || -> Vec<String> { with_id(&app, "REPORT", "a/1").into_iter().map(|(kind, _)| kind).collect() };
        assert_eq!(kinds(), ["Agreement", "Clause", "Proposal", "Caveat", "Party"]);
        w.change("archive", "envoy", &json!({}));
        assert_eq!(kinds(), ["Agreement", "Clause", "Proposal", "Caveat"]);
        w.change("archive", "treaty", &json!({}));
        assert_eq!(kinds(), ["Proposal", "Caveat"]);
        w.change("archive", "answer", &json!({}));
        assert_eq!(kinds(), Vec::<String>::new());
        w.change("archive", "answer", &json!({ "archived": false }));
        w.change("archive", "give", &json!({}));
        assert_eq!(kinds(), ["Proposal"]);
    }

    fn look_up_with_an_unknown_scheme_lists_the_schemes(app: Empty) {
        let answer = app.send("{ byExternalId(scheme: \"PAX\", value: \"1\") { id } }", json!({}));
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("“PAX” is not a scheme (did you mean “PA-X”?); valid: WIKIDATA, ISO-3166, PA-X,"), "{message}");
    }

    fn identifiers_have_addresses_if_the_scheme_has_them(app: Empty) {
        let w = World::new(&app);
        let schemes = [
            ("WIKIDATA", "Q212", json!("https://www.wikidata.org/wiki/Q212")),
            ("PA-X", "1364", json!("https://pax.peaceagreements.org/agreements/1364")),
            ("UN", "S/RES/2202 (2015), annex I", json!("https://undocs.org/S/RES/2202(2015)")),
            ("DOI", "10.1177/0022343318798242", json!("https://doi.org/10.1177/0022343318798242")),
            ("ISO-3166", "UA", Value::Null),
        ];
        let external_ids: Value = schemes.iter().map(|(scheme, value, _)| json!({ "scheme": scheme, "value": value })).collect();
        w.change("update", "north", &json!({ "externalIds": external_ids }));
        let addresses: Value = schemes.iter().map(|(.., url)| json!({ "url": url })).collect();
        assert_eq!(w.read("north", "externalIds { url }")["externalIds"], addresses);
    }

    fn invalid_identifiers_are_rejected_and_nothing_is_written(app: Empty) {
        let w = World::new(&app);
        for name in RECORDS {
            for (external_ids, code, path, words) in [
                (json!([{ "scheme": "UNO", "value": "S/1" }]), "INVALID", "externalIds.0.scheme", "“UNO” is not a scheme (did you mean “UN”?)"),
                (json!([{ "scheme": "PAM", "value": "1" }, { "scheme": "WIKIDATA", "value": "212" }]), "INVALID", "externalIds.1.value", "“212” is not an identifier of the scheme WIKIDATA; valid: Q and a number, such as Q212"),
                (json!([{ "scheme": "PAM", "value": "1" }, { "scheme": "PAM", "value": "1" }]), "DUPLICATE", "externalIds.1", "repeats item 0"),
                (json!([{ "scheme": "OSCE", "value": "x".repeat(301) }]), "TOO_LONG", "externalIds.0.value", "301"),
                (json!([{ "scheme": "ISBN", "value": "" }]), "INVALID", "externalIds.0.value", "must not be empty"),
            ] {
                let kind = w.kind(name);
                let errors = w.reject(&format!("update{kind}"), &w.about(name, &json!({ "externalIds": external_ids })));
                let [(actual, at, message)] = errors.as_slice() else { panic!("{errors:?}") };
                assert_eq!((actual.as_str(), at.as_str()), (code, path), "{name} {message}");
                assert!(message.contains(words), "{name} {message}");
            }
        }
        let source = json!({ "title": "T", "kind": "PRESS", "externalIds": [{ "scheme": "DOI", "value": "1" }] });
        let input = json!({ "status": "PARTIAL", "effectiveOn": "2016-06-01", "note": "So.", "evidence": [{ "source": source }] });
        let errors = w.reject("updateClauseStatus", &w.about("one", &input));
        assert_eq!((errors.len(), errors[0].1.as_str()), (1, "evidence.0.source.externalIds.0.value"), "{errors:?}");
    }

    fn new_source_of_an_assessment_can_have_identifiers(app: Empty) {
        let w = World::new(&app);
        let source = json!({ "title": "T", "kind": "PRESS", "externalIds": [{ "scheme": "DOI", "value": "10.1/x" }] });
        let input = json!({ "status": "PARTIAL", "effectiveOn": "2016-06-01", "note": "So.", "evidence": [{ "source": source }] });
        w.apply("updateClauseStatus", &w.about("one", &input), "assessment { id }");
        assert_eq!(with_id(&app, "DOI", "10.1/X").len(), 1);
    }

    fn migrated_identifiers_remain_and_do_not_prevent_changes(app: Empty) {
        let w = World::new(&app);
        w.change("update", "annex", &json!({ "externalIds": [{ "scheme": "PAM", "value": "1" }, { "scheme": "UNTS", "value": "I-2" }] }));
        let engine = if app.database_url.starts_with("sqlite:") { "sqlite" } else { "postgres" };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine).join("2026-11-30-010000_external_ids");
        let before = w.read("annex", "externalIds { id scheme value }");
        app.execute_sql(&fs::read_to_string(folder.join("down.sql")).unwrap());
        app.execute_sql("UPDATE external_ids SET scheme = 'Archive of the Envoy' WHERE scheme = 'PAM'");
        app.execute_sql(&fs::read_to_string(folder.join("up.sql")).unwrap());
        let after = w.read("annex", "version externalIds { id scheme value url }");
        assert_eq!(after["externalIds"][0], json!({ "id": before["externalIds"][0]["id"], "scheme": "Archive of the Envoy", "value": "1", "url": null }));
        assert_eq!(after["externalIds"][1]["id"], before["externalIds"][1]["id"]);
        w.change("update", "annex", &json!({ "summary": "Other details.", "expectedVersion": after["version"] }));
        let kept = json!([{ "scheme": "UNTS", "value": "I-3" }, { "scheme": "Archive of the Envoy", "value": "1" }]);
        let changed = w.change("update", "annex", &json!({ "externalIds": kept }));
        assert_eq!(changed["externalIds"][1]["id"], before["externalIds"][0]["id"]);
        let new = with(json!({ "externalIds": [] }), &json!({ "externalIds": [{ "scheme": "Archive of the Envoy", "value": "2" }] }));
        assert_eq!(w.reject("updateAgreement", &w.about("annex", &new))[0].1, "externalIds.0.scheme");
    }

    fn dossier_identifiers_of_all_kinds_are_imported_once(app: Empty) {
        let key = "external_ids = [{ scheme = \"UN\", value = \"S/2015/135\" }]\n";
        let mut dossier = BASE.to_owned();
        for block in ["[[topic]]", "[[party]]", "[[source]]", "[[agreement]]", "[[agreement.clause]]", "[[event]]"] {
            dossier = dossier.replacen(&format!("{block}\n"), &format!("{block}\n{key}"), 1);
        }
        let proposal = format!(
            "[[proposal]]\n{key}slug = \"offer\"\ntitle = \"Offer\"\nsummary = \"So.\"\nstanding = \"OFFICIAL\"\nmade_on = 2020-01-02\n\
             proposed_by = [\"north\"]\naddressed_to = [\"south\"]\n[[proposal.caveat]]\n{key}number = \"1\"\nkind = \"DEMAND\"\n\
             heading = \"Ask\"\nsummary = \"Some.\"\ntopic = \"security\"\n"
        );
        dossier.push_str(&proposal);
        import_text(&app, &dossier);
        let kinds: Vec<String> = with_id(&app, "UN", "S/2015/135").into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["Agreement", "Clause", "Proposal", "Caveat", "Event", "Party", "Topic", "Source"]);
        let position = app.log_position();
        import_text(&app, &dossier);
        assert_eq!(app.log_position(), position);
        import_text(&app, &dossier.replace("S/2015/135", "S/2015/136"));
        assert_eq!((with_id(&app, "UN", "S/2015/135").len(), with_id(&app, "UN", "S/2015/136").len()), (0, 8));
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn invalid_dossier_identifiers_are_reported_with_file_and_line(app: Empty) {
        let dossier = BASE
            .replacen("[[party]]\n", "[[party]]\nexternal_ids = [{ scheme = \"ISO\", value = \"UA\" }]\n", 1)
            .replacen("[[source]]\n", "[[source]]\nexternal_ids = [\n  { scheme = \"DOI\", value = \"10.1/x\" },\n  { scheme = \"DOI\", value = \"x\" },\n]\n", 1);
        let Err(ImportError::ValidationErrors(faults)) = import(&app, &[file("test.toml", &dossier)]) else { panic!("the import should fail") };
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let [party, source] = faults.as_slice() else { panic!("{faults:?}") };
        assert!(party.starts_with("test.toml:7: external_ids.0.scheme: “ISO” is not a scheme"), "{party}");
        assert_eq!(
            source,
            "test.toml:22: external_ids.1.value: “x” is not an identifier of the scheme DOI; valid: “10.”, a number, a slash and a suffix, \
             such as 10.1177/0022343318798242"
        );
        assert_eq!(app.log_position(), 0);
    }

    fn check_reports_an_identifier_without_a_record(app: Empty) {
        let w = World::new(&app);
        app.execute_sql("UPDATE external_ids SET kind = 'topic' WHERE value = 'Q1'");
        let differences = differences(&app);
        assert!(matches!(differences.as_slice(), [one] if one.starts_with("topic ") && one.contains("“WIKIDATA Q1”")), "{differences:?}");
        assert_eq!(w.kind("envoy"), "Party");
    }
}
