//! The cost of queries: one SQL statement for each kind of record on each level, for any number of rows.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases, wait_until};

/// The number of statements that begin and end a snapshot. An operation that sends only one statement needs no
/// snapshot.
const SNAPSHOT: u64 = 2;

/// The number of statements that an operation sends, without the statements of the snapshot.
pub fn cost(app: &TestApp, query: &str, variables: Value) -> u64 {
    let before = app.db().statements();
    app.data(query, variables);
    let sent = app.db().statements() - before;
    if sent <= 1 { sent } else { sent - SNAPSHOT }
}

/// Whether the server has recorded the use of the token `analyst`, which it does after the response.
fn token_use_is_recorded(app: &TestApp) -> bool {
    #[derive(QueryableByName)]
    struct Noted {
        #[diesel(sql_type = BigInt)]
        tokens: i64,
    }
    let query = sql_query(
        "SELECT count(*) AS tokens FROM tokens WHERE name = 'analyst' AND last_used_at IS NOT NULL",
    );
    let noted: Noted = match app.database_url.strip_prefix("sqlite:") {
        Some(path) => {
            query.get_result(&mut SqliteConnection::establish(path).expect("the database opens"))
        }
        None => query.get_result(
            &mut PgConnection::establish(&app.database_url).expect("PostgreSQL answers"),
        ),
    }
    .expect("the tokens can be counted");
    noted.tokens == 1
}

/// The number of kinds of records. Loading the records of each kind costs one statement.
pub fn number(kinds: &BTreeSet<String>) -> u64 {
    u64::try_from(kinds.len()).expect("the number fits")
}

/// Checks that an operation costs the same for pages of one, two and thirty records.
fn check(app: &TestApp, query: &str, expected: u64) {
    for size in [1, 2, 30] {
        let cost = cost(app, query, json!({ "size": size }));
        assert_eq!(cost, expected, "pages of {size}: {query}");
    }
}

on_both_databases! {
    fn agreements_to_evidence_cost_one_statement_per_level(app: Sample) {
        // One statement each for agreements, clauses, assessments and evidence.
        check(&app, "query($size: Int) { agreements(first: $size) { nodes { clauses(first: $size) { nodes { \
                     assessments(first: $size) { nodes { status evidence { title } } } } } } } }", 4);
        // One statement each for events, citations and their sources.
        check(&app, "query($size: Int) { events(first: $size) { nodes { citations { locator source { title } } } } }", 3);
    }

    fn clauses_to_represented_parties_cost_one_statement_per_level(app: Sample) {
        // One statement each for clauses, obligations and parties. The parties are states and bodies, which represent no
        // other party.
        check(&app, "query($size: Int) { clauses(first: $size) { nodes { obligations { role party { name \
                     represents { name } } } } } }", 3);
        // One statement each for events, actors and the parties that the actors represent.
        check(&app, "query($size: Int) { events(first: $size, filter: { actor: [\"vladimir-putin\"] }) { nodes { \
                     actors { name represents { name } } } } }", 3);
    }

    fn proposals_to_linked_clauses_cost_one_statement_per_level(app: Sample) {
        // One statement each for proposals, caveats, exchanges, answers, links and clauses.
        check(&app, "query($size: Int) { proposals(first: $size, filter: { text: \"Slate column Fred Kaplan\" }) { nodes { \
                     caveats(first: $size, filter: { kind: [DEMAND] }) { nodes { inExchangeFor { number } \
                     answers { number } clauseLinks { kind clause { number } } } } } } }", 6);
    }

    fn events_to_references_cost_one_statement_per_level(app: Sample) {
        // One statement each for events, concerned records, sources and clauses. The references come with the clauses.
        check(&app, "query($size: Int) { events(first: $size, filter: { to: \"2021-01-01\", agreement: [\"minsk-2\"] }) { \
                     nodes { concerns { __typename reference } sources { title } } } }", 4);
        // For all concerned records, one statement each for events, concerned records, clauses, caveats and proposals.
        let query = "{ events(first: 200, filter: { from: \"2021-12-01\" }) { nodes { concerns { __typename reference } } } }";
        assert_eq!(cost(&app, query, json!({})), 1 + 1 + 3);
    }

    fn sources_to_citations_cost_one_statement_per_level(app: Sample) {
        for size in [1, 2, 30, 200] {
            // One statement each for sources, lists of assessments, lists of events, assessments of each kind, and
            // actors.
            let query = "query($size: Int) { sources(first: $size, filter: { cited: true }, orderBy: { field: PUBLISHED_ON, \
                         direction: DESC }) { nodes { assessments(first: $size) { nodes { __typename note } } \
                         events(first: $size) { nodes { title actors { name } } } } } }";
            let variables = json!({ "size": size });
            let cost = cost(&app, query, variables.clone());
            let data = app.data(query, variables);
            let sources = data["sources"]["nodes"].as_array().expect("a list");
            let assessments = sources.iter().flat_map(|source| source["assessments"]["nodes"].as_array().expect("a list"));
            let kinds: BTreeSet<String> =
                assessments.map(|assessment| assessment["__typename"].as_str().expect("a name").to_owned()).collect();
            let has_events = sources.iter().any(|source| source["events"]["nodes"] != json!([]));
            assert_eq!(cost, 1 + 2 + number(&kinds) + u64::from(has_events), "pages of {size}: {kinds:?}");
            assert!(size < 30 || (kinds.len() > 1 && has_events), "pages of {size}: {kinds:?}");
        }
    }

    fn preconditions_to_references_cost_one_statement_per_level(app: Sample) {
        // One statement each for clauses, preconditions and the clauses in them. The preconditions contain the kinds of
        // the records, and the references come with the clauses.
        check(&app, "query($size: Int) { clauses(first: $size, filter: { agreement: [\"minsk-2\"], topic: [\"elections\"] }, \
                     orderBy: { field: POSITION, direction: DESC }) { nodes { preconditions { kind \
                     step { reference } requires { reference } } } } }", 3);
    }

    fn parties_to_agreements_and_clauses_cost_one_per_level(app: Sample) {
        // One statement each for parties, agreements, clauses and topics.
        check(&app, "query($size: Int) { parties(first: 200) { nodes { agreements(first: $size) { nodes { title } } \
                     clauses(first: $size) { nodes { topic { name } } } } } }", 4);
    }

    fn parties_to_views_and_breaches_cost_one_per_level(app: Sample) {
        // One statement each for parties, representatives, lists of viewpoints, lists of breaches, and the three kinds
        // of assessments.
        check(&app, "query($size: Int) { parties(first: 200) { nodes { representatives { name } \
                     viewpoints(first: $size, differsFromNeutral: true) { nodes { __typename } } breaches(first: $size) { nodes { __typename } } } } }", 7);
    }

    fn histories_cost_one_statement_per_level(app: Sample) {
        // One statement each for clauses, assessments in force, histories and events, and then for holders, events of
        // assessments, evidence and previous statuses.
        let query = "query($size: Int) { agreement(slug: \"minsk-2\") { clauses(first: $size) { nodes { \
                     assessment { status } events(first: $size) { nodes { title } } assessments(first: 200) { nodes { \
                     status previousStatus heldBy { name } event { title } evidence { title } } } } } } }";
        // One additional statement for the agreement.
        check(&app, query, 1 + 1 + 3 + 4);
        // One additional statement for the breakers.
        check(&app, &query.replace("evidence", "breachedBy { name } evidence"), 1 + 1 + 3 + 5);
    }

    fn overdue_clauses_and_deadlines_cost_one_per_level(app: Sample) {
        // One statement each for the agreement, the clauses, the deadlines, and the days from which clauses are
        // overdue. Then one each for the events, clauses and deadlines that due dates depend on. The last statement
        // reads the clauses of those deadlines.
        let query = "query($size: Int) { agreement(slug: \"minsk-2\") { clauses(first: $size) { nodes { isOverdue deadlines { dueOn basis { \
                     ... on DaysAfterEvent { event { title } } ... on DaysAfterCompletion { clause { heading } } \
                     ... on DaysAfterDeadline { deadline { key clause { number } } } } } } } } }";
        assert_eq!(cost(&app, query, json!({ "size": 200 })), 2 + 2 + 3 + 1);
        // With `asOf`, one additional statement for the assessments in force.
        check(&app, "query($size: Int) { clauses(first: $size) { nodes { isOverdue(asOf: \"2016-01-01\") } } }", 3);
        // With `knownAt`, additional statements for the deadlines that due dates depend on, and their events and completions.
        let known = "query($size: Int) { clauses(first: $size) { nodes { isOverdue(asOf: \"2016-01-01\", knownAt: \"2020-01-01T00:00:00Z\") } } }";
        for size in [1, 2, 200] {
            assert!(cost(&app, known, json!({ "size": size })) <= 5, "pages of {size}");
        }
        check(&app, "query($size: Int) { clauses(first: $size, filter: { overdue: true }) { nodes { number } } }", 1);
    }

    fn total_count_costs_one_statement_if_selected(app: Sample) {
        let query = |count: &str| format!("{{ clauses(first: 5) {{ {count} nodes {{ number }} }} }}");
        assert_eq!(cost(&app, &query(""), json!({})), 1);
        assert_eq!(cost(&app, &query("totalCount"), json!({})), 2);
        let query = |count: &str| format!("{{ agreements {{ nodes {{ clauses {{ {count} nodes {{ number }} }} }} }} }}");
        assert_eq!(cost(&app, &query(""), json!({})), 2);
        assert_eq!(cost(&app, &query("totalCount"), json!({})), 3, "one statement for all ten agreements");
        let skipped = "query($count: Boolean!) { clauses(first: 5) { totalCount @include(if: $count) nodes { number } } }";
        assert_eq!(cost(&app, skipped, json!({ "count": false })), 1);
    }

    fn page_info_and_cursors_cost_no_statements(app: Sample) {
        let page = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
        let first = format!("{{ clauses(first: 5) {{ {page} }} }}");
        assert_eq!(cost(&app, &first, json!({})), 1);
        let mut data = app.data(&first, json!({}));
        let cursor = data["clauses"]["pageInfo"]["endCursor"].take();
        let next = format!("query($after: String) {{ clauses(first: 5, after: $after) {{ {page} }} }}");
        assert_eq!(cost(&app, &next, json!({ "after": cursor })), 1);
    }

    fn introspection_costs_no_statements(app: Sample) {
        let before = app.db().statements();
        app.data("{ __typename __schema { types { name fields { name args { name } type { name } } } } }", json!({}));
        assert_eq!(app.db().statements(), before);
        // The counter does count the statements of a query.
        app.data("{ topics { name } }", json!({}));
        assert!(app.db().statements() > before);
    }

    fn same_record_is_loaded_once(app: Sample) {
        // One statement each for clauses and topics. Many clauses share a topic.
        assert_eq!(cost(&app, "{ clauses(first: 200) { nodes { topic { name } } } }", json!({})), 2);
        // Each level is read separately: clauses, agreements, clauses, agreements.
        let circle = "{ clauses(first: 200) { nodes { agreement { clauses { nodes { agreement { title } } } } } } }";
        assert_eq!(cost(&app, circle, json!({})), 4);
    }

    fn repeated_subtree_reads_referenced_records_once(app: Sample) {
        let subtree = "agreements { nodes { title clauses(first: 3) { totalCount nodes { topic { name } } } } }";
        let once = cost(&app, &format!("{{ {subtree} }}"), json!({}));
        // One statement each for agreements and clauses, and then for the clause counts and the topics.
        assert_eq!(once, 4);
        // Referenced records of one level are read together, even in different subtrees.
        assert_eq!(cost(&app, &format!("{{ one: {subtree} other: {subtree} }}"), json!({})), 2 * once - 1);
        let nested = "{ agreements { nodes { one: clauses { nodes { topic { name } } } other: clauses { nodes { topic { slug } } } } } }";
        assert_eq!(cost(&app, nested, json!({})), 4, "agreements, clauses twice, topics");
    }

    fn nodes_of_one_type_are_loaded_together(app: Sample) {
        let data = app.data("{ clauses(first: 200) { nodes { id } } }", json!({}));
        let ids: Vec<Value> = data["clauses"]["nodes"].as_array().expect("a list").iter().map(|node| node["id"].clone()).collect();
        assert_eq!(ids.len(), 74);
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Clause { number } } }";
        assert_eq!(cost(&app, query, json!({ "ids": ids })), 1);
    }

    fn clause_by_its_number_costs_one_statement(app: Sample) {
        let query = "{ one: clause(agreement: \"minsk-2\", number: \"1\") { heading } \
                     two: clause(agreement: \"minsk-2\", number: \"2\") { heading } \
                     none: clause(agreement: \"minsk-2\", number: \"99\") { heading } }";
        assert_eq!(cost(&app, query, json!({})), 3);
    }

    fn views_cost_one_statement_each_for_any_number_of_rows(app: Sample) {
        // One statement each for the clauses and the named party, and then for the statuses in force, their assessments,
        // the party's statuses, the disagreements, and the assessments of all holders.
        let query = r#"query($size: Int, $party: ID) { clauses(first: $size) { nodes {
            status(asOf: "2021-12-02") statusSince(asOf: "2021-12-02") assessment(asOf: "2021-12-02") { momentum }
            theirs: status(asOf: "2021-12-02", heldBy: $party) isContested(asOf: "2021-12-02")
            viewpoints(asOf: "2021-12-02") { status } } } }"#;
        let party = app.data("{ party(slug: \"ukraine\") { id } }", json!({}))["party"]["id"].take();
        for size in [1, 200] {
            assert_eq!(cost(&app, query, json!({ "size": size, "party": party })), 1 + 1 + 5, "{size}");
        }
        let filtered = "query($size: Int) { clauses(first: $size, filter: { contested: true, status: [BREACHED], \
                        asOf: \"2021-12-02\" }) { nodes { number } } }";
        check(&app, filtered, 1);
    }

    fn recorded_status_costs_at_most_twelve_statements(app: Sample) {
        let ids = app.data("{ party(slug: \"ukraine\") { id } other: party(slug: \"russia\") { id } events(first: 200) { nodes { id sources { id } } } }", json!({}));
        let events = ids["events"]["nodes"].as_array().expect("a list");
        let sources: BTreeSet<&str> = events.iter().flat_map(|event| event["sources"].as_array().expect("a list"))
            .filter_map(|source| source["id"].as_str()).collect();
        let mut evidence = sources.iter().map(|id| json!({ "sourceId": id }));
        let plain = json!({ "status": "PARTIAL", "effectiveOn": "2021-12-02", "note": "Begun." });
        let mut whole = plain.clone();
        whole["heldBy"] = ids["party"]["id"].clone();
        whole["eventId"] = events[0]["id"].clone();
        whole["evidence"] = json!([evidence.next(), evidence.next()]);
        let mut with_breakers = plain.clone();
        with_breakers["status"] = json!("BREACHED");
        with_breakers["breachedBy"] = json!([ids["party"]["id"], ids["other"]["id"]]);
        let mut with_key = plain.clone();
        with_key["idempotencyKey"] = json!("once");
        // One statement each for the token, begin, position, subject, assessment, status in force, change and commit.
        // Reading the clause for the payload uses a separate snapshot.
        let (minimal, typical) = ("userErrors { message }", "clause { id status }");
        let snapshot = |statements: u64| statements + SNAPSHOT;
        for (input, payload, expected) in [
            // The first mutation also makes the server record the use of the token, which it does only once an hour.
            (&plain, minimal, None),
            (&plain, minimal, Some(8)),
            (&plain, typical, Some(snapshot(8 + 1))),
            // One statement inserts both sources.
            (&whole, minimal, Some(8 + 1)),
            (&whole, typical, Some(snapshot(8 + 1 + 1))),
            // One statement inserts both breakers.
            (&with_breakers, minimal, Some(8 + 1)),
            // Two additional statements look up and insert the key.
            (&with_key, minimal, Some(8 + 2)),
        ] {
            let mut input = input.clone();
            input["clauseId"] = json!(app.clause_id("minsk-2", "9"));
            let mutation = format!("mutation($input: UpdateClauseStatusInput!) {{ updateClauseStatus(input: $input) {{ {payload} }} }}");
            let before = app.db().statements();
            let data = app.data(&mutation, json!({ "input": input }));
            let sent = app.db().statements() - before;
            let case = format!("{payload}: {input}: {data}");
            assert_ne!(data["updateClauseStatus"], Value::Null, "{case}");
            assert_eq!(data["updateClauseStatus"].get("userErrors").unwrap_or(&json!([])), &json!([]), "{case}");
            match expected {
                Some(expected) => assert_eq!((sent, sent <= 12), (expected, true), "{case}"),
                None => wait_until("the use of the token is recorded", || token_use_is_recorded(&app)),
            }
        }
    }

    fn scores_series_and_comparisons_cost_one_statement_each(app: Sample) {
        // One statement each for the agreements, the breakdowns, the histories, the changed statuses, and the changed
        // clauses.
        let query = "query($size: Int) { agreements(first: $size, orderBy: { field: AGREED_ON, direction: DESC }) { nodes { \
                     implementation(asOf: \"2021-12-02\") { score } \
                     implementationSeries(to: \"2022-01-01\") { asOf score breakdown { status count } } \
                     changesBetween(from: \"2014-01-01\", to: \"2022-03-01\") { clause { number } statusAfter } } } }";
        check(&app, query, 1 + 3 + 1);
        // One statement each for the breakdowns, the topics and the histories.
        let groups = |every: &str| format!("{{ implementation(groupBy: TOPIC) {{ subject {{ ... on Topic {{ name }} }} implementation {{ score }} \
                     series(from: \"2014-09-01\", every: {every}) {{ score }} }} }}");
        assert_eq!(cost(&app, &groups("YEAR"), json!({})), 3);
        assert_eq!(cost(&app, &groups("MONTH"), json!({})), 3);
        // The statement for the breakdowns also returns the breaches.
        let by_party = groups("YEAR").replace("groupBy: TOPIC", "groupBy: PARTY").replace("... on Topic", "... on Party");
        assert_eq!(cost(&app, &by_party, json!({})), 3);
        assert_eq!(cost(&app, &by_party.replace("implementation {", "breaches implementation {"), json!({})), 3);
    }
}
