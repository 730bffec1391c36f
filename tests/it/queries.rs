//! Typical queries and their complete answers. Both databases are compared with the same snapshots.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases, outline_without};

/// The whole answer to an operation, including `errors`.
fn answer(app: &TestApp, query: &str, variables: Value) -> Value {
    app.send(query, variables)
}

/// The data of an answer without errors.
fn answered(mut answer: Value) -> Value {
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].take()
}

/// Compares an answer with its snapshot, except for values that differ between imports.
macro_rules! assert_answer {
    ($name:literal, $answer:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            let names = ["id", "cursor", "startCursor", "endCursor", "recordedAt"];
            insta::assert_snapshot!($name, outline_without(&answered($answer), &names))
        })
    };
}

on_both_databases! {
    fn agreement_query_returns_parties_clauses_and_statuses(app: SharedSample) {
        let query = r"query Overview($slug: String!) {
            agreement(slug: $slug) {
                id slug title shortTitle kind adoption agreedOn place confidence note version archivedAt
                source { title kind publisher }
                externalIds { scheme value }
                relations { kind agreement { shortTitle } }
                parties { role capacity party { shortName represents { shortName } } heldBy { shortName } }
                clauses(first: 4) {
                    totalCount
                    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
                    edges { cursor node { number heading status statusSince topic { name } parent { number } } }
                }
                proposals { nodes { slug } }
            }
        }";
        assert_answer!("agreement_overview", answer(&app, query, json!({ "slug": "minsk-2" })));
    }

    fn clause_query_returns_duties_deadlines_and_history(app: SharedSample) {
        let query = r#"{
            clause(agreement: "minsk-2", number: "9") {
                id reference position summary text nature status statusSince confidence note version
                children { number } parent { number }
                obligations { role party { shortName } heldBy { shortName } }
                deadlines { rule dueOn heldBy { shortName } note clause { number } }
                preconditions { kind heldBy { shortName } step { reference } requires { reference } note source { title } }
                preconditionOf { kind heldBy { shortName } step { reference } }
                caveatLinks { kind note caveat { reference } }
                assessment { effectiveOn momentum note }
                assessments(first: 100) {
                    totalCount
                    nodes {
                        effectiveOn status previousStatus momentum confidence note recordedAt recordedBy
                        retractedAt retractedBy retractionReason
                        heldBy { shortName } event { title happenedOn } evidence { title kind }
                    }
                }
            }
        }"#;
        assert_answer!("clause_in_full", answer(&app, query, json!({})));
    }

    fn proposal_query_returns_caveats_exchanges_and_answers(app: SharedSample) {
        let query = r#"{
            proposal(slug: "us-reply-2022") {
                reference title standing isPackage madeOn status statusSince
                proposedBy { slug } addressedTo { slug }
                respondsTo { slug status } responses { slug }
                caveat(number: "UR-4") { heading inExchangeFor { reference } preconditions { requires { reference } } }
                caveats {
                    nodes {
                        number position kind heading status statusSince topic { slug }
                        owedBy { shortName } owedTo { shortName }
                        inExchangeFor { number } answers { reference } clauseLinks { kind clause { reference } note }
                        assessments { nodes { status previousStatus effectiveOn heldBy { shortName } } }
                    }
                }
            }
        }"#;
        assert_answer!("proposal_in_full", answer(&app, query, json!({})));
    }

    fn party_query_returns_roles_in_agreements_and_clauses(app: SharedSample) {
        let query = r#"{
            party(slug: "russia") {
                slug name shortName kind represents { slug }
                agreements { totalCount nodes { shortTitle parties { role party { slug } heldBy { slug } } } }
                obliged: clauses(role: OBLIGED, filter: { agreement: ["minsk-2"] }) {
                    totalCount nodes { reference obligations { role party { slug } heldBy { slug } } }
                }
                monitored: clauses(role: MONITOR) { totalCount }
            }
            person: party(slug: "leonid-kuchma") { shortName kind represents { slug kind } clauses { totalCount } }
        }"#;
        assert_answer!("party_with_roles", answer(&app, query, json!({})));
    }

    fn event_query_returns_actors_sources_and_concerned_records(app: SharedSample) {
        let query = r#"{
            events(filter: { agreement: ["minsk-2"], from: "2015-02-15", to: "2015-02-28" }) {
                totalCount
                nodes {
                    slug happenedOn endedOn kind title place confidence
                    actors { shortName } sources { title }
                    concerns { __typename reference ... on Clause { status agreement { slug } } }
                }
            }
        }"#;
        assert_answer!("events_of_two_weeks", answer(&app, query, json!({})));
    }

    fn interface_query_returns_the_fields_of_each_type(app: SharedSample) {
        let query = r#"{
            events(filter: { from: "2021-12-17", to: "2022-01-26", text: "written" }) {
                nodes {
                    title
                    concerns {
                        __typename id reference version
                        preconditions { kind } preconditionOf { kind }
                        ... on Clause { clauseStatus: status }
                        ... on Caveat { caveatStatus: status proposal { slug } }
                        ... on Proposal { proposalStatus: status slug }
                        ... on Node { node: __typename }
                    }
                }
            }
            clause(agreement: "minsk-2", number: "13") { assessments(first: 1) { nodes { ...Judgement ... on ClauseAssessment { status clause { number } } } } }
            proposal(slug: "neutral-ukraine-test") {
                assessments(first: 1) { nodes { ...Judgement proposal { slug } } }
                caveat(number: "C-1") { assessments(first: 2) { nodes { ...Judgement caveat { number } } } }
            }
        }
        fragment Judgement on Assessment {
            __typename effectiveOn momentum confidence note recordedAt recordedBy
            heldBy { shortName } evidence { title } event { slug } retractedAt
        }"#;
        assert_answer!("interfaces", answer(&app, query, json!({})));
    }

    fn operation_name_selects_the_operation(app: SharedSample) {
        let document = "query One { party(slug: \"ukraine\") { slug } } query Other { party(slug: \"russia\") { slug } }";
        for (name, slug) in [("One", "ukraine"), ("Other", "russia")] {
            let body = json!({ "query": document, "operationName": name });
            let sent = app.client().post(format!("{}/graphql", app.url)).json(&body).send();
            let answer: Value = sent.and_then(reqwest::blocking::Response::json).expect("the answer is JSON");
            assert_eq!(answer, json!({ "data": { "party": { "slug": slug } } }));
        }
    }

    fn aliases_fragments_and_typenames_use_their_response_names(app: SharedSample) {
        let query = r#"{
            __typename
            border: clause(agreement: "minsk-2", number: "9") { ...Short }
            elections: clause(agreement: "minsk-2", number: "12") { ...Short ... { kind: nature } ... on Trackable { label: reference } }
            nobody: party(slug: "nobody") { name }
        }
        fragment Short on Clause { __typename number topic { ...Name } }
        fragment Name on Topic { slug __typename }"#;
        let border = json!({ "__typename": "Clause", "number": "9", "topic": { "slug": "border", "__typename": "Topic" } });
        let elections = json!({
            "__typename": "Clause", "number": "12", "topic": { "slug": "elections", "__typename": "Topic" },
            "kind": "ONE_OFF", "label": "Minsk II, 12",
        });
        assert_eq!(
            answer(&app, query, json!({})),
            json!({ "data": { "__typename": "Query", "border": border, "elections": elections, "nobody": null } })
        );
    }

    fn skip_and_include_omit_fields(app: SharedSample) {
        let query = r#"query($yes: Boolean = true, $no: Boolean = false) {
            clause(agreement: "minsk-2", number: "9") {
                number
                heading @skip(if: $yes)
                status @skip(if: $no) @include(if: $no)
                nature @include(if: $yes)
                ...Source @include(if: $no)
                ... on Clause @skip(if: $no) { topic { slug } }
            }
            topics @include(if: $no) { slug }
        }
        fragment Source on Clause { source { title } }"#;
        let short = json!({ "number": "9", "nature": "ONE_OFF", "topic": { "slug": "border" } });
        assert_eq!(answer(&app, query, json!({})), json!({ "data": { "clause": short } }));
        let data = answer(&app, query, json!({ "yes": false, "no": true }))["data"].take();
        let clause = data["clause"].as_object().expect("a clause");
        assert_eq!(clause.keys().collect::<Vec<_>>(), ["heading", "number", "source"]);
        assert_eq!(data["topics"].as_array().map(Vec::len), Some(16));
    }

    fn omitted_variables_use_defaults_and_null_means_no_value(app: SharedSample) {
        let query = r#"query($slugs: [String!] = ["minsk-protocol"], $size: Int = 2, $order: ClauseOrder = { field: POSITION, direction: DESC }) {
            clauses(first: $size, filter: { agreement: $slugs }, orderBy: $order) { totalCount nodes { reference } }
        }"#;
        let ask = |variables: Value| answer(&app, query, variables)["data"]["clauses"].take();
        assert_eq!(
            ask(json!({})),
            json!({ "totalCount": 12, "nodes": [
                { "reference": "Minsk Protocol, 12" }, { "reference": "Minsk Protocol, 11" },
            ] })
        );
        // A single value is coerced to a list of one item, and the default direction of an order is ascending.
        assert_eq!(
            ask(json!({ "slugs": "minsk-2", "size": 1, "order": { "field": "POSITION" } })),
            json!({ "totalCount": 29, "nodes": [{ "reference": "Minsk II, 1" }] })
        );
        let all = ask(json!({ "slugs": null, "size": null, "order": null }));
        assert_eq!(all["totalCount"], 74);
        assert_eq!(all["nodes"].as_array().map(Vec::len), Some(50));
    }

    fn source_is_found_by_equivalent_addresses(app: SharedSample) {
        let of_clause = r#"{ clause(agreement: "minsk-2", number: "9") { source { id url } } }"#;
        let source = app.data(of_clause, json!({}))["clause"]["source"].take();
        let query = "query($url: String!) { source(url: $url) { id url } }";
        let find = |url: &str| app.data(query, json!({ "url": url }))["source"].take();
        let url = source["url"].as_str().unwrap();
        let rest = url.strip_prefix("https://").unwrap();
        for form in [url, &format!("http://{rest}"), &format!("https://www.{rest}/"), &format!("HTTPS://{rest}#top")] {
            assert_eq!(find(form), source, "{form}");
        }
        for other in ["https://example.org/", &format!("{url}/more"), &format!("{url}?page=2"), "no address", "", "\0"] {
            assert_eq!(find(other), Value::Null, "{other:?}");
        }
    }

    fn missing_records_are_null_without_an_error(app: SharedSample) {
        let query = r#"{
            agreement(slug: "no-such") { slug }
            clause(agreement: "minsk-2", number: "14") { number }
            elsewhere: clause(agreement: "no-such", number: "1") { number }
            party(slug: "no-such") { slug }
            source(url: "https://example.org/no-such") { slug }
            proposal(slug: "no-such") { slug }
            number: proposal(slug: "us-reply-2022") { caveat(number: "UR-99") { number } }
            outside: agreement(slug: "minsk-2") { clause(number: "4a") { number } }
        }"#;
        let nothing = json!({
            "agreement": null, "clause": null, "elsewhere": null, "party": null, "source": null, "proposal": null,
            "number": { "caveat": null }, "outside": { "clause": null },
        });
        assert_eq!(answer(&app, query, json!({})), json!({ "data": nothing }));
    }
}
