//! The conditions under which a step is done, begun or ended, and the effects on other steps.

use super::*;

/// A record of the test world: its name, its reference, and its possible statuses. Each status has a flag that states
/// whether it satisfies the precondition.
type Scale = (&'static str, &'static str, &'static [(&'static str, bool)]);

/// Records the status of a clause, caveat or proposal of the test world.
fn assess(w: &World, name: &str, status: &str, on: &str) -> Value {
    let kind = w.kind(name);
    let input = w.about(name, &json!({ "status": status, "effectiveOn": on, "note": "So it is." }));
    w.apply(&format!("update{kind}Status"), &input, "assessment { id recordedAt }")["assessment"]
        .take()
}

on_both_databases! {
    fn steps_of_an_ended_agreement_are_not_ready_or_blocked(app: Empty) {
        let mut w = World::new(&app);
        // The two clauses of the treaty require each other. In the South's reading, clause 1.a also requires the caveat
        // of the offer. The answer requires clause 1.
        require(&mut w, "a", "@one", "@two", None);
        require(&mut w, "b", "@two", "@one", None);
        require(&mut w, "c", "@answer", "@one", None);
        let ask = |arguments: &str| whole(&w, &format!("readings: [] {arguments}"));
        assert_eq!(cycles(&ask("")), [["Treaty, 1", "Treaty, 1.a"]]);
        assess(&w, "two", "PARTIAL", "2016-03-01");
        let endings = json!([
            { "endedOn": "2016-05-01", "kind": "COLLAPSED" }, { "endedOn": "2016-04-01", "kind": "TERMINATED", "heldById": "@south" }
        ]);
        w.change("update", "treaty", &json!({ "endings": endings }));
        let before = ask("asOf: \"2016-04-30\"");
        assert_eq!((cycles(&before).len(), &before["ended"]), (1, &json!([])), "the ending in a party's view does not count");
        let after = ask("asOf: \"2016-05-01\"");
        assert_eq!(cycles(&after), Vec::<Vec<&str>>::new());
        assert_eq!(references(&after["ended"]), ["Treaty, 1", "Treaty, 1.a"]);
        assert_eq!(blocked(&after), ["Answer: Treaty, 1"], "the answer waits for a step that ended");
        assert!(!references(&after["ready"]).iter().any(|step| step.starts_with("Treaty")));
        assert_eq!(references(&after["keystones"]), ["Treaty, 1"]);
        // A completed step stays done.
        assess(&w, "one", "COMPLETE", "2016-03-02");
        let after = ask("asOf: \"2016-05-01\"");
        assert_eq!(references(&after["ended"]), ["Treaty, 1.a"]);
        assert!(blocked(&after).is_empty());

        // After the end of the agreement, a clause that had begun no longer counts as begun.
        let begun = json!({ "kind": "BEFORE_START", "stepId": "@give", "requiresId": "@two", "needs": "BEGUN" });
        w.apply("createPrecondition", &begun, "precondition { id }");
        assert!(blocked(&ask("asOf: \"2016-04-30\"")).is_empty());
        assert_eq!(blocked(&ask("asOf: \"2016-05-01\"")), ["Answer, G-1: Treaty, 1.a"]);

        // The filter `blocked` returns the same clauses. In the view of a party, it uses the ending that this party
        // states.
        let clauses = |filter: &str| {
            let query = format!("{{ clauses(filter: {{ blocked: true {filter} }}) {{ nodes {{ reference }} }} }}");
            references(&app.data(&query, json!({}))["clauses"]["nodes"]).join(", ")
        };
        assert_eq!(clauses("asOf: \"2016-03-01\""), "Treaty, 1, Treaty, 1.a");
        assert_eq!(clauses("asOf: \"2016-05-01\""), "");
        let south = w.id("south");
        assert_eq!(clauses(&format!("asOf: \"2016-03-31\", heldBy: \"{south}\"")), "Treaty, 1, Treaty, 1.a");
        assert_eq!(clauses(&format!("asOf: \"2016-04-01\", heldBy: \"{south}\"")), "");

        // The caveats of a proposal end with it.
        assess(&w, "offer", "WITHDRAWN", "2016-07-01");
        let ended = |day: &str| {
            let sequence = ask(&format!("asOf: \"{day}\""));
            references(&sequence["ended"]).iter().filter(|step| step.starts_with("Offer")).map(|step| (*step).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ended("2016-06-30"), Vec::<String>::new());
        assert_eq!(ended("2016-07-01"), ["Offer", "Offer, A-1"]);
    }

    fn each_kind_has_its_own_statuses_that_count_as_done(app: Empty) {
        let mut w = World::new(&app);
        require(&mut w, "a", "@two", "@one", None);
        require(&mut w, "b", "@two", "@offer", None);
        let scales: [Scale; 3] = [
            ("one", "Treaty, 1", &[
                ("NOT_STARTED", false), ("MINIMAL", false), ("PARTIAL", false), ("COMPLETE", true), ("BREACHED", false),
                ("NOT_APPLICABLE", true), ("SUSPENDED", false), ("VOID", false), ("OVERTAKEN", false), ("LAPSED", false), ("UNASSESSED", false),
            ]),
            ("ask", "Offer, A-1", &[
                ("UNDER_NEGOTIATION", false), ("ACCEPTED", false), ("SATISFIED", true), ("COUNTERED", false), ("REJECTED", false),
                ("BREACHED", false), ("WITHDRAWN", false), ("LAPSED", false), ("OPEN", false),
            ]),
            ("offer", "Offer", &[
                ("TABLED", false), ("UNDER_NEGOTIATION", false), ("ACCEPTED", true), ("PARTLY_ACCEPTED", false),
                ("COUNTERED", false), ("REJECTED", false), ("WITHDRAWN", false), ("LAPSED", false), ("FLOATED", false),
            ]),
        ];
        assert_eq!(blocked(&whole(&w, "")), ["Treaty, 1.a: Treaty, 1, Offer, Offer, A-1"]);
        for (name, reference, statuses) in scales {
            for (day, (status, is_done)) in (1..).zip(statuses) {
                assess(&w, name, status, &format!("2016-07-{day:02}"));
                let sequence = whole(&w, "");
                let waited_for = references(&sequence["blocked"][0]["waitingFor"]);
                assert_eq!(waited_for.contains(&reference), !is_done, "{name} {status}");
                let is_ended = ["VOID", "OVERTAKEN", "LAPSED", "WITHDRAWN"].contains(status);
                assert_eq!(references(&sequence["ready"]).contains(&reference), !is_done && !is_ended, "{name} {status}");
                assert_eq!(references(&sequence["ended"]).contains(&reference), is_ended, "{name} {status}");
            }
        }
        // A step that is done waits for nothing, even if its preconditions are not met.
        assess(&w, "two", "COMPLETE", "2016-07-01");
        let sequence = whole(&w, "");
        assert_eq!(sequence["blocked"], json!([]));
        assert!(!references(&sequence["ready"]).contains(&"Treaty, 1.a"));
        assert!(stages(&sequence)[0].contains(&"Treaty, 1.a"));
    }

    fn done_depends_on_the_day_and_the_time_of_knowledge(app: Empty) {
        let mut w = World::new(&app);
        require(&mut w, "a", "@two", "@one", None);
        let ready = |arguments: &str| {
            let sequence = whole(&w, &format!("readings: [], {arguments}"));
            references(&sequence["ready"]).contains(&"Treaty, 1.a")
        };
        let first = assess(&w, "one", "COMPLETE", "2016-03-02");
        assert!(ready("") && ready("asOf: \"2016-03-02\"") && !ready("asOf: \"2016-03-01\""));
        let second = assess(&w, "one", "BREACHED", "2016-03-05");
        assert!(!ready("") && ready("asOf: \"2016-03-04\""));
        w.apply("retractAssessment", &json!({ "assessmentId": second["id"], "reason": "A mistake." }), "");
        assert!(ready(""));
        let known = |assessment: &Value| format!("knownAt: {}", assessment["recordedAt"]);
        assert!(ready(&known(&first)) && !ready(&known(&second)));
        assert!(ready(&format!("asOf: \"2016-03-04\", {}", known(&second))));
        assert!(!ready("knownAt: \"2016-03-03T00:00:00Z\""), "no assessment was recorded then");
        assert!(!ready("asOf: \"0001-01-01\""), "no step was done then");
        // The filter accepts a holder.
        let blocked = |filter: &str| {
            let query = format!("{{ clauses(filter: {{ blocked: true {filter} }}) {{ nodes {{ reference }} }} }}");
            !app.data(&query, json!({}))["clauses"]["nodes"].as_array().unwrap().is_empty()
        };
        w.change("archive", "order", &json!({}));
        assert!(!blocked("") && !blocked("asOf: \"2016-03-02\"") && blocked("asOf: \"2016-03-01\""));
        assert!(blocked(&format!("heldBy: \"{}\"", w.id("north"))));
    }

    fn precondition_with_needs_begun_is_met_by_a_begun_step(app: Empty) {
        let w = World::new(&app);
        let scales: [Scale; 3] = [
            ("two", "Treaty, 1.a", &[
                ("NOT_STARTED", false), ("MINIMAL", true), ("BREACHED", false), ("PARTIAL", true), ("SUSPENDED", false),
                ("COMPLETE", true), ("VOID", false), ("NOT_APPLICABLE", true),
            ]),
            ("ask", "Offer, A-1", &[
                ("UNDER_NEGOTIATION", true), ("OPEN", false), ("ACCEPTED", true), ("REJECTED", false), ("SATISFIED", true), ("LAPSED", false),
            ]),
            ("offer", "Offer", &[
                ("TABLED", false), ("UNDER_NEGOTIATION", true), ("COUNTERED", false), ("PARTLY_ACCEPTED", true), ("WITHDRAWN", false), ("ACCEPTED", true),
            ]),
        ];
        for (name, reference, statuses) in scales {
            let input = json!({ "kind": "BEFORE_START", "stepId": "@one", "requiresId": format!("@{name}"), "needs": "BEGUN" });
            let made = w.apply("createPrecondition", &input, "precondition { id needs }")["precondition"].take();
            assert_eq!(made["needs"], "BEGUN");
            let waits = format!("Treaty, 1: {reference}");
            for (day, (status, is_begun)) in (1..).zip(statuses) {
                assess(&w, name, status, &format!("2016-06-{day:02}"));
                let sequence = whole(&w, "");
                assert_eq!(blocked(&sequence).contains(&waits), !is_begun, "{name} {status}: {:?}", blocked(&sequence));
                assert_eq!(references(&sequence["ready"]).contains(&"Treaty, 1"), *is_begun, "{name} {status}");
                let filtered = app.data("{ clauses(filter: { blocked: true }) { nodes { number } } }", json!({}));
                assert_eq!(texts(&filtered["clauses"]["nodes"], "/number").contains(&"1"), !is_begun, "{name} {status}");
            }
            let archive = json!({ "preconditionId": made["id"] });
            w.apply("archivePrecondition", &archive, "");
        }
    }
}
