//! Creating, updating, archiving and restoring records of every kind, and the resulting entries in the change log.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::world::{World, fields, with};
use crate::support::{on_both_databases, outline};

/// For each kind, a record with all fields.
const FULL: [&str; 10] =
    ["annex", "two", "answer", "give", "envoy", "borders", "gazette", "talks", "order", "reading"];

/// For each kind, the fields that can be updated. Each new value differs from the value that it replaces. Lists of
/// parts are tested separately.
fn updates() -> Value {
    json!({
        "annex": [
            ["slug", "annex-b"], ["title", "T"], ["shortTitle", "S"], ["aliases", ["B", "C"]], ["aliases", []], ["kind", "LAW"], ["adoption", "A"], ["agreedOn", "2015-03-01"], ["place", null],
            ["place", "Geneva"], ["summary", "S"], ["confidence", "LOW"], ["note", null], ["note", "N"], ["sourceLocator", null], ["sourceId", null], ["sourceId", "@gazette"], ["sourceLocator", "p. 9"],
            ["topicTreatments", [{ "scheme": "PA-X", "code": "TjGen", "extent": 2 }, { "scheme": "PA-X", "code": "Ce", "extent": 1 }]], ["topicTreatments", []]
        ],
        "two": [
            ["number", "1.b"], ["position", 1], ["heading", "H"], ["aliases", ["Guns", "Важке озброєння"]], ["summary", "S"], ["text", null], ["text", "T"], ["nature", "CONTINUING"],
            ["topicId", "@security"], ["sourceLocator", "p. 9"], ["sourceLocator", null], ["sourceId", null], ["confidence", "HIGH"], ["note", null], ["parentId", null], ["parentId", "@one"],
            ["criteria", [{ "status": "COMPLETE", "text": "All left." }, { "status": "PARTIAL", "text": "Half of them left." }]], ["criteria", []]
        ],
        "answer": [
            ["slug", "answer-b"], ["title", "T"], ["aliases", []], ["summary", "S"], ["standing", "UNOFFICIAL"], ["isPackage", false], ["madeOn", "2016-06-02"],
            ["confidence", "LOW"], ["note", null], ["proposedByIds", ["@north", "@south"]], ["addressedToIds", []], ["agreementIds", ["@treaty"]],
            ["respondsToId", null], ["sourceLocator", null], ["sourceId", null]
        ],
        "give": [
            ["number", "G-2"], ["position", 2], ["kind", "CONSEQUENCE"], ["heading", "H"], ["aliases", ["Дати", "Take"]], ["summary", "S"], ["text", null], ["topicId", "@security"],
            ["sourceLocator", null], ["sourceId", null], ["confidence", "HIGH"], ["note", null], ["owedByIds", ["@north", "@south"]], ["owedToIds", []],
            ["inExchangeForIds", []], ["answersIds", []]
        ],
        "envoy": [["slug", "envoy-b"], ["name", "N"], ["shortName", "S"], ["aliases", ["Анна"]], ["representsId", "@south"], ["representsId", null], ["kind", "ARMED_GROUP"], ["kind", "POLITICAL_PARTY"], ["kind", "COMMISSION"]],
        "borders": [["slug", "borders-b"], ["name", "N"], ["description", null], ["description", "D"], ["parentId", null]],
        "gazette": [
            ["slug", null], ["slug", "gazette-b"], ["title", "T"], ["kind", "LEAK"], ["publisher", null], ["url", null], ["archivedUrl", null],
            ["publishedOn", null], ["publishedOn", "2015-02-14"], ["language", null], ["language", "uk"]
        ],
        "talks": [
            ["slug", null], ["happenedOn", "2016-07-02"], ["endedOn", null], ["kind", "VOTE"], ["title", "T"], ["aliases", []], ["summary", "S"], ["place", null],
            ["confidence", "HIGH"], ["actorIds", ["@envoy", "@south"]], ["concernsIds", ["@one", "@ask"]], ["sourceIds", []]
        ],
        "order": [
            ["kind", "BEFORE_EFFECT"], ["needs", "BEGUN"], ["note", null], ["heldById", null], ["sourceLocator", null], ["sourceId", null], ["confidence", "LOW"], ["stepId", "@give"], ["requiresId", "@offer"]
        ],
        "reading": [
            ["term", null], ["term", "T"], ["meaning", "M"], ["statedOn", "2016-07-03"], ["heldById", "@north"], ["subjectId", "@ask"],
            ["sourceLocator", "p. 9"], ["sourceLocator", null], ["sourceId", null], ["confidence", "HIGH"], ["note", null]
        ]
    })
}

/// The fields of the record after an update with this input field. For an id, such as `sourceId`, the record has an object
/// with that id, such as `source { id }`.
fn stated(field: &str, value: &Value) -> Value {
    let object = |id: &Value| if id.is_null() { Value::Null } else { json!({ "id": id }) };
    if let Some(name) = field.strip_suffix("Ids") {
        let plural = if matches!(name, "actor" | "source" | "agreement") { "s" } else { "" };
        let items: Value = value.as_array().unwrap().iter().map(object).collect();
        json!({ format!("{name}{plural}"): items })
    } else if let Some(name) = field.strip_suffix("Id") {
        json!({ name: object(value) })
    } else {
        json!({ field: value })
    }
}

/// The fields that an entry of the change log contains. For lists, the names of the lists instead of their items.
fn fields_of(entry: &Value) -> BTreeSet<String> {
    let sides = ["before", "after"].into_iter().flat_map(|side| entry[side].as_array().unwrap());
    let name = |value: &Value| value.as_str().unwrap().split([' ', '.']).nth(1).unwrap().to_owned();
    sides.map(name).collect()
}

/// The results of lists, slug look-ups and references in the world. They exclude archived records.
fn shown(w: &World<'_>) -> Value {
    let mut shown = w.app.data(
        r#"{
            agreements { totalCount nodes { id } } clauses { totalCount nodes { id } } proposals { totalCount nodes { id } }
            caveats { totalCount nodes { id } } parties { totalCount nodes { id } } events { totalCount nodes { id } }
            sources { totalCount nodes { id } } interpretations { totalCount nodes { id } }
            topics { id } agreement(slug: "annex") { id } party(slug: "envoy") { id } proposal(slug: "answer") { id caveat(number: "G-1") { id } }
            clause(agreement: "treaty", number: "1.a") { id }
        }"#,
        json!({}),
    );
    shown["one"] =
        w.read("one", "children { id } caveatLinks { id } agreement { clauses { totalCount } }");
    shown["two"] = w.read("two", "preconditions { id } events { totalCount nodes { id } } interpretations { totalCount nodes { id } }");
    shown["ask"] =
        w.read("ask", "inExchangeFor { id } preconditionOf { id } proposal { responses { id } }");
    shown
}

on_both_databases! {
    fn created_records_with_all_fields_read_back_the_same(app: Empty) {
        let w = World::new(&app);
        let mut created = BTreeMap::new();
        for name in FULL {
            let record = w.read(name, fields(w.kind(name)));
            assert_eq!(record, *w.created(name), "{name}");
            created.insert(name, w.named(&record));
        }
        insta::assert_snapshot!("created_records", outline(&json!(created)));
    }

    fn created_records_with_required_fields_get_the_defaults(app: Empty) {
        let w = World::new(&app);
        let plain = ["treaty", "one", "offer", "ask", "north", "security"];
        let records = plain.map(|name| (name, w.named(&w.read(name, fields(w.kind(name))))));
        insta::assert_snapshot!("created_with_defaults", outline(&json!(BTreeMap::from(records))));
    }

    fn update_of_a_field_changes_only_field_version_and_log(app: Empty) {
        let mut w = World::new(&app);
        // Creates another caveat, because the position of a proposal's only caveat cannot change.
        let other = with(w.input("ask"), &json!({ "number": "A-2", "proposalId": "@answer" }));
        w.create("other", "Caveat", other);
        for (name, changes) in updates().as_object().unwrap() {
            for change in changes.as_array().unwrap() {
                let (field, value) = (change[0].as_str().unwrap(), w.resolve(&change[1]));
                let before = w.read(name, fields(w.kind(name)));
                let position = app.log_position();
                let after = w.change("update", name, &json!({ field: value }));
                let version = before["version"].as_i64().unwrap() + 1;
                let expected = with(with(before, &stated(field, &value)), &json!({ "version": version }));
                assert_eq!(after, expected, "{name} {field}");
                assert_eq!(w.read(name, fields(w.kind(name))), expected, "{name} {field}");
                assert_eq!(app.log_position(), position + 1, "{name} {field}");
                let [entry] = &w.log_since(position)[..] else { panic!("{name} {field}: the log must have one new entry") };
                let changed = fields_of(entry);
                let stated = stated(field, &value);
                assert!(changed.iter().eq(stated.as_object().unwrap().keys()), "{name} {field}: {entry}");
            }
        }
    }

    fn update_with_current_values_changes_nothing(app: Empty) {
        let w = World::new(&app);
        for name in FULL {
            let mut same = w.input(name);
            same.as_object_mut().unwrap().retain(|field, _| field != "proposalId" && field != "agreementId");
            let position = app.log_position();
            assert_eq!(w.change("update", name, &same), *w.created(name), "{name}");
            assert_eq!(w.change("update", name, &json!({})), *w.created(name), "{name}");
            assert_eq!(app.log_position(), position, "{name}");
        }
    }

    fn update_and_archive_with_a_stale_version_conflict(app: Empty) {
        let w = World::new(&app);
        for name in FULL {
            let kind = w.kind(name);
            let field = updates()[name][0].clone();
            let change = json!({ field[0].as_str().unwrap(): field[1], "expectedVersion": 1 });
            assert_eq!(w.change("update", name, &change)["version"], 2);
            for (verb, patch) in [("update", change), ("archive", json!({ "expectedVersion": 1 }))] {
                let faults = w.reject(&format!("{verb}{kind}"), &w.about(name, &patch));
                let message = "version 1 is stale: the current version is 2; read the record again";
                assert_eq!(faults, [("CONFLICT".to_owned(), "expectedVersion".to_owned(), message.to_owned())], "{name}");
            }
            assert_eq!(w.change("archive", name, &json!({ "expectedVersion": 2 }))["version"], 3);
        }
    }

    fn update_of_a_list_keeps_the_ids_of_unchanged_items(app: Empty) {
        let w = World::new(&app);
        // For each list, a new item. The update puts it before the first existing item, and removes the second existing
        // item.
        let lists = [
            ("annex", "externalIds", json!({ "scheme": "PAM", "value": "9" })),
            ("envoy", "externalIds", json!({ "scheme": "PAM", "value": "9" })),
            ("annex", "parties", json!({ "partyId": "@envoy", "role": "MONITOR" })),
            ("annex", "relations", json!({ "kind": "EXTENDS", "agreementId": "@treaty" })),
            ("annex", "endings", json!({ "endedOn": "2017-04-01", "kind": "EXPIRED", "heldById": "@north" })),
            ("two", "obligations", json!({ "partyId": "@envoy", "role": "FACILITATOR" })),
            ("two", "deadlines", json!({ "rule": "Soon" })),
            ("give", "clauseLinks", json!({ "clauseId": "@one", "kind": "IMPLEMENTS" })),
        ];
        for (name, field, new) in lists {
            let before = w.read(name, fields(w.kind(name)));
            let after = w.change("update", name, &json!({ field: [new, w.input(name)[field][0]] }));
            assert_eq!(after[field].as_array().unwrap().len(), 2, "{field}");
            assert_eq!(after[field][1], before[field][0], "{field}");
            assert!(!before[field].as_array().unwrap().contains(&after[field][0]), "{field}");
            let kept = app.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [before[field][0]["id"], before[field][1]["id"]] }));
            assert_eq!(kept["nodes"], json!([{ "id": before[field][0]["id"] }, null]), "{field}");
            assert_eq!(w.change("update", name, &json!({ field: [] }))[field], json!([]));
        }
    }

    fn record_without_position_is_created_after_the_last_one(app: Empty) {
        let mut w = World::new(&app);
        assert_eq!(w.read("one", "position"), json!({ "position": 1 }));
        assert_eq!(w.read("ask", "position"), json!({ "position": 1 }));
        let three = with(w.input("one"), &json!({ "number": "3" }));
        assert_eq!(w.create("three", "Clause", three)["position"], 3);
        let first = with(w.input("one"), &json!({ "agreementId": "@annex" }));
        assert_eq!(w.create("first", "Clause", first)["position"], 1);
        let next = with(w.input("ask"), &json!({ "number": "A-2", "proposalId": "@answer" }));
        assert_eq!(w.create("next", "Caveat", next)["position"], 2);
    }

    fn archived_record_is_hidden_from_lists_until_restored(app: Empty) {
        let w = World::new(&app);
        let everything = shown(&w);
        let mut hidden = BTreeMap::new();
        for name in FULL {
            let position = app.log_position();
            let archived = w.change("archive", name, &json!({}));
            assert_eq!(archived["version"], 2, "{name}");
            assert!(archived["archivedAt"].is_string(), "{name}");
            assert_eq!(w.read(name, "id archivedAt"), json!({ "id": w.id(name), "archivedAt": archived["archivedAt"] }));
            assert_eq!(w.change("archive", name, &json!({ "archived": true })), archived, "{name}: repeated archiving changes nothing");
            let now = shown(&w);
            let (before, after) = (everything.as_object().unwrap(), now.as_object().unwrap());
            let changed: BTreeMap<_, _> = after.iter().filter(|(key, value)| before[*key] != **value).collect();
            hidden.insert(name, w.named(&json!(changed)));
            let restored = w.change("archive", name, &json!({ "archived": false }));
            assert_eq!(restored, with(archived, &json!({ "version": 3, "archivedAt": null })), "{name}");
            assert_eq!(shown(&w), everything, "{name}");
            let entry = |action: &str| {
                json!({ "change": format!("analyst {action} {} @{name}", w.kind(name)), "before": [], "after": [] })
            };
            assert_eq!(w.log_since(position), [entry("ARCHIVED"), entry("RESTORED")]);
        }
        insta::assert_snapshot!("hidden_by_archival", outline(&json!(hidden)));
    }

    fn archiving_an_agreement_or_proposal_hides_its_parts(app: Empty) {
        let w = World::new(&app);
        w.change("archive", "treaty", &json!({}));
        w.change("archive", "offer", &json!({}));
        let data = app.data(r#"{ clauses { totalCount } caveats { nodes { number } } clause(agreement: "treaty", number: "1") { id } }"#, json!({}));
        assert_eq!(data, json!({ "clauses": { "totalCount": 0 }, "caveats": { "nodes": [{ "number": "G-1" }] }, "clause": null }));
        assert_eq!(w.read("one", "archivedAt agreement { slug }"), json!({ "archivedAt": null, "agreement": { "slug": "treaty" } }));
        w.change("archive", "treaty", &json!({ "archived": false }));
        assert_eq!(app.data("{ clauses { totalCount } }", json!({})), json!({ "clauses": { "totalCount": 2 } }));
    }

    fn exchange_is_symmetric(app: Empty) {
        let mut w = World::new(&app);
        let given = |w: &World<'_>, name: &str| w.read(name, "inExchangeFor { number }")["inExchangeFor"].clone();
        assert_eq!(given(&w, "ask"), json!([{ "number": "G-1" }]));
        w.create("more", "Caveat", with(w.input("ask"), &json!({ "number": "A-2", "inExchangeForIds": ["@give"] })));
        assert_eq!(given(&w, "give"), json!([{ "number": "A-1" }, { "number": "A-2" }]));
        // The order of the ids does not matter.
        let version = w.read("give", "version");
        for list in [json!(["@ask", "@more"]), json!(["@more", "@ask"])] {
            w.change("update", "give", &json!({ "inExchangeForIds": list }));
        }
        assert_eq!(w.read("give", "version"), version);
        w.change("update", "ask", &json!({ "inExchangeForIds": [] }));
        assert_eq!(given(&w, "give"), json!([{ "number": "A-2" }]));
    }
}
