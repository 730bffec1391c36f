//! Archiving records together, and setting the topics of clauses.

use super::*;

on_both_databases! {
    fn records_of_every_kind_are_archived_and_restored_together(app: Empty) {
        let w = World::new(&app);
        let names = ["reading", "order", "talks", "give", "two", "annex", "answer", "envoy", "borders", "gazette"];
        let version = |name: &str| w.read(name, "version")["version"].as_i64().unwrap();
        let before = names.map(version);
        let records = |offset: i64| -> Value {
            names.iter().zip(before).map(|(name, version)| json!({ "id": w.id(name), "expectedVersion": version + offset })).collect()
        };
        let stale = w.mutate("archiveRecords", &json!({ "records": [{ "id": "@one" }, { "id": "@two", "expectedVersion": 99 }, { "id": "@one" }] }), "records { id }");
        assert_eq!(paths(&stale), ["DUPLICATE records.2"]);
        let stale = w.mutate("archiveRecords", &json!({ "records": [{ "id": "@one" }, { "id": "@two", "expectedVersion": 99 }] }), "records { id }");
        assert_eq!(paths(&stale), ["CONFLICT records.1.expectedVersion"]);
        assert_eq!(w.read("one", "archivedAt")["archivedAt"], Value::Null);
        let wrong = w.mutate("archiveRecords", &json!({ "records": [{ "id": "x" }] }), "records { id }");
        assert_eq!(paths(&wrong), ["INVALID records.0.id"]);
        let position = app.log_position();
        let key = json!({ "records": records(0), "idempotencyKey": "k" });
        let archived = w.apply("archiveRecords", &key, "records { __typename id }");
        assert_eq!(archived["records"].as_array().unwrap().len(), names.len());
        assert_eq!(w.apply("archiveRecords", &key, "records { __typename id }"), archived);
        assert_eq!(app.log_position(), position + 10);
        for name in names {
            assert!(w.read(name, "archivedAt")["archivedAt"].is_string(), "{name}");
        }
        w.apply("archiveRecords", &json!({ "records": records(1), "archived": false }), "records { id }");
        for (name, version_before) in names.iter().zip(before) {
            assert_eq!(w.read(name, "archivedAt")["archivedAt"], Value::Null, "{name}");
            assert_eq!(version(name), version_before + 2, "{name}");
        }
        app.assert_no_differences();
    }

    fn topics_of_several_clauses_are_set_and_restored(app: Empty) {
        let w = World::new(&app);
        let topics = || ["one", "two"].map(|name| w.read(name, "topic { slug }")["topic"]["slug"].take());
        let set = |items: Value| w.mutate("setClauseTopics", &json!({ "items": items }), "clauses { id version }");
        assert_eq!(topics(), ["security", "borders"]);
        let wrong = set(json!([
            { "clauseId": "@one", "topicId": "@borders" }, { "clauseId": "@two", "topicId": "@borders", "expectedVersion": 9 },
        ]));
        assert_eq!(paths(&wrong), ["CONFLICT items.1.expectedVersion"]);
        let wrong = set(json!([{ "clauseId": "@ask", "topicId": "x" }]));
        assert_eq!(paths(&wrong), ["INVALID items.0.clauseId", "INVALID items.0.topicId"]);
        assert_eq!(topics(), ["security", "borders"]);
        let position = app.log_position();
        let payload = set(json!([{ "clauseId": "@one", "topicId": "@borders" }, { "clauseId": "@two", "topicId": "@borders" }]));
        assert_eq!(payload["clauses"][0]["id"], w.id("one"));
        assert_eq!(topics(), ["borders", "borders"]);
        // The second clause already has the topic.
        assert_eq!(app.log_position(), position + 1);
        set(json!([{ "clauseId": "@one", "topicId": "@security" }, { "clauseId": "@two", "topicId": "@borders" }]));
        assert_eq!(topics(), ["security", "borders"]);
    }
}
