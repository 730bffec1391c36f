//! Positions of clauses in agreements and of caveats in proposals. They are always 1, 2, 3 and so on, even after
//! concurrent writes.

use std::thread;

use clausewatch::db::{Access, integrity};
use serde_json::{Value, json};

use crate::dossiers::{BASE, import_text};
use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases};

/// The kinds of records that have positions.
const KINDS: [&str; 2] = ["Clause", "Caveat"];

/// A world with an agreement without clauses and a proposal without caveats.
fn empty(app: &TestApp) -> World<'_> {
    let mut w = World::new(app);
    let agreement = with(w.input("treaty"), &json!({ "slug": "pact" }));
    w.create("pact", "Agreement", agreement);
    let proposal = with(w.input("offer"), &json!({ "slug": "plan" }));
    w.create("plan", "Proposal", proposal);
    w
}

/// The input that creates a clause of the pact or a caveat of the plan.
fn input(kind: &str, number: &str, patch: &Value) -> Value {
    let input = match kind {
        "Clause" => json!({ "agreementId": "@pact", "nature": "ONE_OFF" }),
        _ => json!({ "proposalId": "@plan", "kind": "DEMAND" }),
    };
    let stated =
        json!({ "number": number, "heading": "h", "summary": "s", "topicId": "@security" });
    with(with(input, &stated), patch)
}

/// Adds clauses to the pact or caveats to the plan, one by one.
fn add(w: &mut World<'_>, kind: &str, numbers: &[&str]) {
    for number in numbers {
        w.create(&format!("{kind} {number}"), kind, input(kind, number, &json!({})));
    }
}

/// The positions and numbers of the clauses of an agreement or the caveats of a proposal, in list order.
fn list_positions(app: &TestApp, kind: &str, slug: &str) -> Vec<String> {
    let (owner, list) =
        if kind == "Clause" { ("agreement", "clauses") } else { ("proposal", "caveats") };
    let query = format!(
        "query($slug: String!) {{ owner: {owner}(slug: $slug) {{ list: {list} {{ nodes {{ number position }} }} }} }}"
    );
    let data = app.data(&query, json!({ "slug": slug }));
    let nodes = data["owner"]["list"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| format!("{} {}", node["position"], node["number"].as_str().unwrap())).collect()
}

/// Like [`list_positions`], for the pact or the plan.
fn order(w: &World<'_>, kind: &str) -> Vec<String> {
    list_positions(w.app, kind, if kind == "Clause" { "pact" } else { "plan" })
}

/// The differences that `clausewatch check` reports.
fn differences(app: &TestApp) -> Vec<String> {
    let mut session = app.db().session(Access::Read).unwrap();
    session.read().and_then(integrity::check).unwrap()
}

on_both_databases! {
    fn new_record_moves_the_records_after_its_position(app: Empty) {
        let mut w = empty(&app);
        for kind in KINDS {
            add(&mut w, kind, &["A", "B"]);
            w.create(&format!("{kind} C"), kind, input(kind, "C", &json!({ "position": 1 })));
            assert_eq!(order(&w, kind), ["1 C", "2 A", "3 B"]);
            w.create(&format!("{kind} D"), kind, input(kind, "D", &json!({ "position": 2 })));
            assert_eq!(order(&w, kind), ["1 C", "2 D", "3 A", "4 B"]);
            let last = input(kind, "E", &json!({ "position": 100_000 }));
            assert_eq!(w.create(&format!("{kind} E"), kind, last)["position"], 5, "{kind}");
            add(&mut w, kind, &["F"]);
            assert_eq!(order(&w, kind), ["1 C", "2 D", "3 A", "4 B", "5 E", "6 F"]);
        }
        // Other positions do not change.
        assert_eq!(list_positions(&app, "Clause", "treaty"), ["1 1", "2 1.a"]);
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn moved_record_moves_the_records_between_both_positions(app: Empty) {
        let mut w = empty(&app);
        for kind in KINDS {
            add(&mut w, kind, &["A", "B", "C", "D"]);
            let moved = |number: &str, position: i32| {
                let record = w.change("update", &format!("{kind} {number}"), &json!({ "position": position }));
                (record["position"].as_i64().unwrap(), order(&w, kind))
            };
            assert_eq!(moved("C", 1), (1, ["1 C", "2 A", "3 B", "4 D"].map(str::to_owned).to_vec()));
            assert_eq!(moved("C", 3), (3, ["1 A", "2 B", "3 C", "4 D"].map(str::to_owned).to_vec()));
            assert_eq!(moved("A", 100_000), (4, ["1 B", "2 C", "3 D", "4 A"].map(str::to_owned).to_vec()));
            let before = app.log_position();
            assert_eq!(moved("A", 5), (4, ["1 B", "2 C", "3 D", "4 A"].map(str::to_owned).to_vec()));
            assert_eq!(app.log_position(), before, "moving the last {kind} to the end changes nothing");
        }
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn only_the_moved_record_gets_a_log_entry_and_a_new_version(app: Empty) {
        let mut w = empty(&app);
        for kind in KINDS {
            add(&mut w, kind, &["A", "B", "C"]);
            let before = app.log_position();
            w.change("update", &format!("{kind} C"), &json!({ "position": 1 }));
            let log = w.log_since(before);
            assert_eq!(log.len(), 1, "{log:?}");
            assert_eq!(log[0]["before"], json!(["INTEGER position 3"]));
            assert_eq!(log[0]["after"], json!(["INTEGER position 1"]));
            for (number, position, version) in [("A", 2, 1), ("B", 3, 1), ("C", 1, 2)] {
                let record = w.read(&format!("{kind} {number}"), "position version");
                assert_eq!(record, json!({ "position": position, "version": version }), "{kind} {number}");
            }
            // A client that read a moved record before the move can still update it with the old version.
            let patch = json!({ "heading": "H", "expectedVersion": 1 });
            assert_eq!(w.change("update", &format!("{kind} A"), &patch)["position"], 2);
        }
    }

    fn archived_record_keeps_its_position(app: Empty) {
        let mut w = empty(&app);
        for kind in KINDS {
            add(&mut w, kind, &["A", "B", "C"]);
            w.change("archive", &format!("{kind} B"), &json!({ "archived": true }));
            assert_eq!(order(&w, kind), ["1 A", "3 C"]);
            w.change("update", &format!("{kind} C"), &json!({ "position": 1 }));
            w.change("archive", &format!("{kind} B"), &json!({ "archived": false }));
            assert_eq!(order(&w, kind), ["1 C", "2 A", "3 B"]);
        }
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn concurrent_servers_assign_each_position_once(app: Empty) {
        const WRITES: usize = 6;
        let mut w = empty(&app);
        add(&mut w, "Clause", &["A"]);
        let other = app.another();
        let (w, first) = (&w, w.resolve(&json!("@Clause A")));
        thread::scope(|scope| {
            for (name, app) in [("x", &app), ("y", &other), ("z", &app)] {
                let first = &first;
                scope.spawn(move || {
                    for number in 0..WRITES {
                        let patch = if number % 2 == 0 { json!({ "position": 1 }) } else { json!({}) };
                        let input = w.resolve(&input("Clause", &format!("{name}{number}"), &patch));
                        let create = "mutation($input: CreateClauseInput!) { createClause(input: $input) { userErrors { message } } }";
                        let created = app.data(create, json!({ "input": input }));
                        assert_eq!(created["createClause"]["userErrors"], json!([]));
                        let input = json!({ "clauseId": first, "position": number + 1 });
                        let update = "mutation($input: UpdateClauseInput!) { updateClause(input: $input) { userErrors { message } } }";
                        let updated = app.data(update, json!({ "input": input }));
                        assert_eq!(updated["updateClause"]["userErrors"], json!([]));
                    }
                });
            }
        });
        let order = order(w, "Clause");
        assert_eq!(order.len(), 1 + 3 * WRITES);
        for (index, listed) in order.iter().enumerate() {
            assert!(listed.starts_with(&format!("{} ", index + 1)), "{order:?}");
        }
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn dossier_keeps_its_order_around_other_clauses(app: Empty) {
        let clause = |number: &str| {
            format!("[[agreement.clause]]\nnumber = \"{number}\"\nheading = \"h\"\nsummary = \"s\"\nnature = \"ONE_OFF\"\ntopic = \"security\"\n")
        };
        let (base, _) = BASE.split_once("[[agreement.clause]]").unwrap();
        let dossier = |numbers: &[&str]| {
            let clauses: Vec<String> = numbers.iter().map(|number| clause(number)).collect();
            format!("{base}\n{}", clauses.join("\n"))
        };
        import_text(&app, &dossier(&["A", "B", "C"]));
        let ids = app.data("{ agreement(slug: \"truce\") { id } topics { id } }", json!({}));
        let place = json!({ "agreementId": ids["agreement"]["id"], "topicId": ids["topics"][0]["id"], "position": 2 });
        let create = "mutation($input: CreateClauseInput!) { createClause(input: $input) { userErrors { message } } }";
        let created = app.data(create, json!({ "input": input("Clause", "X", &place) }));
        assert_eq!(created["createClause"]["userErrors"], json!([]));
        assert_eq!(list_positions(&app, "Clause", "truce"), ["1 A", "2 X", "3 B", "4 C"]);
        let before = app.log_position();
        import_text(&app, &dossier(&["A", "B", "C"]));
        assert_eq!(app.log_position(), before, "the repeated import must change nothing");
        // A new clause gets the position after the clause that precedes it in the dossier. Later clauses move without a
        // log entry.
        import_text(&app, &dossier(&["N", "A", "B", "M", "C"]));
        assert_eq!(list_positions(&app, "Clause", "truce"), ["1 N", "2 A", "3 X", "4 B", "5 M", "6 C"]);
        assert_eq!(app.log_position(), before + 2);
        // A clause that comes earlier in the changed dossier is moved.
        import_text(&app, &dossier(&["N", "C", "A", "B", "M"]));
        let order = list_positions(&app, "Clause", "truce");
        let of_dossier: Vec<&str> = order.iter().filter_map(|listed| listed.split(' ').nth(1)).filter(|number| *number != "X").collect();
        assert_eq!(of_dossier, ["N", "C", "A", "B", "M"]);
        let before = app.log_position();
        import_text(&app, &dossier(&["N", "C", "A", "B", "M"]));
        assert_eq!(app.log_position(), before, "{order:?}");
        assert_eq!(list_positions(&app, "Clause", "truce"), order);
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn migration_renumbers_duplicate_positions_in_list_order(app: Empty) {
        let mut w = empty(&app);
        for kind in KINDS {
            add(&mut w, kind, &["A", "B", "C", "D"]);
        }
        app.execute_sql("UPDATE clauses SET position = CASE number WHEN 'D' THEN 1 WHEN 'C' THEN 7 ELSE 2 END WHERE number IN ('A', 'B', 'C', 'D')");
        app.execute_sql("UPDATE caveats SET position = 1 WHERE number IN ('A', 'B', 'C', 'D')");
        let found = differences(&app);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(|difference| difference.contains("positions are not 1 to 4")), "{found:?}");
        let sqlite = include_str!("../../migrations/sqlite/2026-11-28-210000_positions/up.sql");
        let postgres = include_str!("../../migrations/postgres/2026-11-28-210000_positions/up.sql");
        assert_eq!(sqlite, postgres, "both migrations must be equal");
        app.execute_sql(sqlite);
        assert_eq!(order(&w, "Clause"), ["1 D", "2 A", "3 B", "4 C"]);
        assert_eq!(order(&w, "Caveat"), ["1 A", "2 B", "3 C", "4 D"]);
        assert_eq!(differences(&app), Vec::<String>::new());
    }
}
