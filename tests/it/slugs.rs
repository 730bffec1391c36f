//! Slugs: each belongs to one record, and former slugs still find it.

use clausewatch::db::{Access, integrity};
use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import, import_text};
use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases};

/// The names of the world's records that can be found by slug, with the queries that find them.
const NAMED: [(&str, &str); 3] =
    [("treaty", "agreement"), ("offer", "proposal"), ("north", "party")];

/// The differences that `clausewatch check` reports.
fn differences(app: &TestApp) -> Vec<String> {
    let mut session = app.db().session(Access::Read).unwrap();
    session.read().and_then(integrity::check).unwrap()
}

/// The record with a slug.
fn found(app: &TestApp, query: &str, slug: &str) -> Value {
    let query = format!("query($slug: String!) {{ record: {query}(slug: $slug) {{ id slug }} }}");
    app.data(&query, json!({ "slug": slug }))["record"].take()
}

/// The code, path and message of the only error of a rejected mutation.
fn rejection(w: &World<'_>, name: &str, input: &Value) -> (String, String, String) {
    let faults = w.reject(name, input);
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.into_iter().next().unwrap()
}

#[track_caller]
fn assert_slug_is_taken(fault: (String, String, String), words: &str) {
    let (code, path, message) = fault;
    assert_eq!((code.as_str(), path.as_str()), ("DUPLICATE", "slug"));
    assert!(message.contains(words), "{message}");
}

on_both_databases! {
    fn agreement_and_proposal_cannot_have_the_same_slug(app: Empty) {
        let w = World::new(&app);
        let words = "agreements and proposals share one set of slugs";
        let create = |name: &str, slug: &str| with(w.input(name), &json!({ "slug": slug }));
        assert_slug_is_taken(rejection(&w, "createAgreement", &create("treaty", "offer")), words);
        assert_slug_is_taken(rejection(&w, "createProposal", &create("offer", "treaty")), "“treaty”");
        let rename = |name: &str, slug: &str| w.about(name, &json!({ "slug": slug }));
        assert_slug_is_taken(rejection(&w, "updateAgreement", &rename("treaty", "offer")), words);
        assert_slug_is_taken(rejection(&w, "updateProposal", &rename("offer", "treaty")), words);
        // An archived record keeps its slug. Other kinds of records have their own sets of slugs.
        w.change("archive", "offer", &json!({ "archived": true }));
        assert_slug_is_taken(rejection(&w, "createAgreement", &create("treaty", "offer")), words);
        w.apply("updateParty", &rename("north", "treaty"), "");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn database_rejects_one_slug_for_two_records(app: Empty) {
        let w = World::new(&app);
        w.change("update", "annex", &json!({ "slug": "attachment" }));
        for sql in [
            "UPDATE proposals SET slug = 'treaty' WHERE slug = 'offer'",
            "UPDATE agreements SET slug = 'offer' WHERE slug = 'treaty'",
            "UPDATE agreements SET slug = 'annex' WHERE slug = 'treaty'",
        ] {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| app.execute_sql(sql)));
            assert!(outcome.is_err(), "{sql}");
        }
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn former_slug_finds_the_renamed_record(app: Empty) {
        let w = World::new(&app);
        for (name, query) in NAMED {
            let new = format!("new-{name}");
            w.change("update", name, &json!({ "slug": new }));
            for slug in [name, &new] {
                assert_eq!(found(&app, query, slug), json!({ "id": w.id(name), "slug": new }), "{slug}");
            }
            w.change("archive", name, &json!({ "archived": true }));
            assert_eq!(found(&app, query, name), Value::Null, "{name} is archived");
            w.change("archive", name, &json!({ "archived": false }));
        }
        w.change("update", "security", &json!({ "slug": "new-security" }));
        // Former slugs are valid in all arguments that take slugs.
        let counts = |prefix: &str| {
            let query = format!(
                r#"{{
                    clauses(filter: {{ agreement: ["{prefix}treaty"], topic: ["{prefix}security"] }}) {{ totalCount }}
                    obliged: clauses(filter: {{ party: ["{prefix}north", "south"] }}) {{ totalCount }}
                    caveats(filter: {{ proposal: ["{prefix}offer"], topic: ["{prefix}security"] }}) {{ totalCount }}
                    owed: caveats(filter: {{ party: ["{prefix}north"] }}) {{ totalCount }}
                    agreements(filter: {{ party: ["{prefix}north"] }}) {{ totalCount }}
                    proposals(filter: {{ party: ["{prefix}north"], agreement: ["annex"] }}) {{ totalCount }}
                    events(filter: {{ agreement: ["{prefix}treaty"], actor: ["south"] }}) {{ totalCount }}
                    clause(agreement: "{prefix}treaty", number: "1") {{ number status(heldBy: "{prefix}north") }}
                    sequence(agreements: ["{prefix}treaty"], readings: ["{prefix}north"]) {{ stages {{ rank }} }}
                }}"#
            );
            app.data(&query, json!({}))
        };
        let (old, new) = (counts(""), counts("new-"));
        assert_eq!(old, new);
        for name in ["clauses", "obliged", "caveats", "owed", "agreements", "proposals", "events"] {
            assert!(old[name]["totalCount"].as_i64().unwrap() > 0, "{name}: {old}");
        }
        assert_eq!(old["clause"]["number"], "1");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn former_slug_is_reserved_and_can_be_restored(app: Empty) {
        let w = World::new(&app);
        for (name, _) in NAMED {
            w.change("update", name, &json!({ "slug": format!("new-{name}") }));
        }
        let words = "(archived and renamed records keep their slugs)";
        assert_slug_is_taken(rejection(&w, "updateAgreement", &w.about("annex", &json!({ "slug": "treaty" }))), words);
        assert_slug_is_taken(rejection(&w, "updateParty", &w.about("south", &json!({ "slug": "north" }))), words);
        assert_slug_is_taken(rejection(&w, "createProposal", &with(w.input("answer"), &json!({ "slug": "offer" }))), words);
        assert_slug_is_taken(rejection(&w, "createAgreement", &with(w.input("annex"), &json!({ "slug": "offer" }))), "proposal");
        for (name, query) in NAMED {
            assert_eq!(w.change("update", name, &json!({ "slug": name }))["slug"], name);
            assert_eq!(found(&app, query, &format!("new-{name}"))["slug"], name);
        }
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn dossier_finds_a_renamed_record_by_its_former_slug(app: Empty) {
        import_text(&app, BASE);
        let agreement = found(&app, "agreement", "truce");
        let rename = "mutation($input: UpdateAgreementInput!) { updateAgreement(input: $input) { userErrors { message } } }";
        let renamed = app.data(rename, json!({ "input": { "agreementId": agreement["id"], "slug": "ceasefire" } }));
        assert_eq!(renamed["updateAgreement"]["userErrors"], json!([]));
        let before = app.log_position();
        import_text(&app, BASE);
        assert_eq!(app.log_position(), before, "the import finds the record with its new slug");
        assert_eq!(found(&app, "agreement", "truce"), json!({ "id": agreement["id"], "slug": "ceasefire" }));
        // A dossier can also use the new slug, but one import cannot use both.
        import_text(&app, &BASE.replace("\"truce\"", "\"ceasefire\"").replace("\"truce/", "\"ceasefire/"));
        assert_eq!(app.log_position(), before);
        let both = [
            file("one.toml", BASE),
            file("two.toml", "[[agreement]]\nslug = \"ceasefire\"\ntitle = \"t\"\nshort_title = \"t\"\nkind = \"TREATY\"\nadoption = \"a\"\nagreed_on = 2020-01-01\nsummary = \"s\"\n"),
        ];
        let faults = import(&app, &both).unwrap_err().to_string();
        assert!(faults.contains("“truce” and “ceasefire” are slugs of the same agreement"), "{faults}");
        let proposal = "[[proposal]]\nslug = \"truce\"\ntitle = \"t\"\nsummary = \"s\"\nmade_on = 2020-01-01\nproposed_by = [\"north\"]\naddressed_to = [\"south\"]\n";
        let faults = import(&app, &[file("three.toml", proposal)]).unwrap_err().to_string();
        assert!(faults.contains("agreements and proposals share one set of slugs"), "{faults}");
    }

    fn duplicate_slug_in_an_old_database_is_reported_and_usable(app: Empty) {
        let w = World::new(&app);
        let (up, down) = if app.database_url.starts_with("sqlite:") {
            (
                include_str!("../../migrations/sqlite/2026-11-28-210100_slugs/up.sql"),
                include_str!("../../migrations/sqlite/2026-11-28-210100_slugs/down.sql"),
            )
        } else {
            (
                include_str!("../../migrations/postgres/2026-11-28-210100_slugs/up.sql"),
                include_str!("../../migrations/postgres/2026-11-28-210100_slugs/down.sql"),
            )
        };
        app.execute_sql(down);
        app.execute_sql("UPDATE proposals SET slug = 'treaty' WHERE slug = 'offer'");
        app.execute_sql(up);
        let found_differences = differences(&app);
        assert_eq!(found_differences.len(), 2, "the search index lacks the new slug: {found_differences:?}");
        assert!(found_differences[0].contains("shares the slug “treaty” with an agreement"), "{found_differences:?}");
        assert_eq!(found(&app, "agreement", "treaty")["id"], w.id("treaty"));
        assert_eq!(found(&app, "proposal", "treaty")["id"], w.id("offer"));
        // Both records can be updated, and either can be renamed.
        w.change("update", "offer", &json!({ "title": "Another" }));
        w.change("update", "treaty", &json!({ "title": "Another" }));
        w.change("update", "offer", &json!({ "slug": "offer" }));
        assert_eq!(differences(&app), Vec::<String>::new());
        assert_eq!(found(&app, "proposal", "treaty")["slug"], "offer");
        assert_eq!(found(&app, "agreement", "treaty")["slug"], "treaty");
    }
}
