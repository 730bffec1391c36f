//! The tools of the Model Context Protocol, called by the client of the official SDK, over HTTP and over standard streams.

mod client;
mod http;
mod program;
mod questions;
mod rights;

use clausewatch::config::Config;
use clausewatch::http::origin::parse_public_url;
use serde_json::{Value, json};

use crate::support::on_both_databases;
use crate::support::world::with;
use client::{Answer, ToolClient};

/// The public address in answers.
const PUBLIC_URL: &str = "https://treaties.example/";

/// The names of the tools that only read.
const READING: [&str; 6] =
    ["search", "get_record", "clause_status", "compare_days", "deadlocks", "overdue_clauses"];

/// The settings of a server with this public address.
fn with_public_url(config: &mut Config) {
    config.public_url = Some(parse_public_url(PUBLIC_URL).expect("an address"));
}

on_both_databases! {
    fn tools_describe_themselves(app: SharedSample) {
        let client = ToolClient::over_http(&app.url, None);
        let info = client.server();
        assert_eq!(info["serverInfo"]["name"], "clausewatch");
        assert_eq!(info["serverInfo"]["version"], env!("CARGO_PKG_VERSION"));
        assert!(info["instructions"].as_str().unwrap().contains("minsk-2/9"), "{info}");
        let tools = client.tools();
        let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
        assert_eq!(names, READING);
        for tool in &tools {
            let (name, schema) = (&tool["name"], &tool["inputSchema"]);
            assert_eq!(tool["annotations"]["readOnlyHint"], true, "{name}");
            assert!(tool["description"].as_str().unwrap().len() > 50, "{name}");
            assert_eq!(schema["type"], "object", "{name}");
            assert_eq!(schema["additionalProperties"], false, "{name}");
            for (argument, schema) in schema["properties"].as_object().unwrap() {
                assert!(schema["description"].is_string(), "{name} {argument} has no description");
            }
        }
        let status = tools.iter().find(|tool| tool["name"] == "clause_status").unwrap();
        assert_eq!(status["inputSchema"]["required"], json!(["clause"]));
        assert_eq!(status["inputSchema"]["properties"]["asOf"]["format"], "date");
    }

    fn unknown_tools_and_invalid_arguments_are_protocol_errors(app: SharedSample) {
        let client = ToolClient::over_http(&app.url, None);
        for (tool, arguments, words) in [
            ("clause_staus", json!({}), "there is no tool “clause_staus” (did you mean “clause_status”?); valid values: search, get_record"),
            ("clause_status", json!({}), "the arguments of the tool clause_status are invalid: missing field `clause`"),
            ("clause_status", json!({ "clause": 9 }), "invalid type: integer `9`"),
            ("clause_status", json!({ "clause": "minsk-2/9", "asof": "2021-12-02" }), "the tool clause_status has no argument “asof” (did you mean “asOf”?); valid arguments: "),
            ("clause_status", json!({ "clause": "minsk-2" }), "“minsk-2” is not the name of a clause"),
            ("search", json!({ "query": "minsk", "kinds": ["TREATY"] }), "unknown variant `TREATY`, expected one of `AGREEMENT`"),
            ("compare_days", json!({ "from": "2021-12-02" }), "missing field `to`"),
        ] {
            let (code, message) = client.call(tool, &arguments).expect_err(tool);
            assert_eq!(code, -32602, "{tool}: {message}");
            assert!(message.contains(words), "{tool}: {message}");
        }
    }

    fn errors_of_the_api_are_errors_of_the_tool(app: SharedSample) {
        let client = ToolClient::over_http(&app.url, None);
        for (tool, arguments, code, words) in [
            ("clause_status", json!({ "clause": "minsk-2/99" }), "NOT_FOUND", "there is no clause “minsk-2/99”"),
            ("clause_status", json!({ "clause": "minsk-2/9", "asOf": "2021-02-30" }), "BAD_USER_INPUT", "2021-02-30"),
            ("clause_status", json!({ "clause": "minsk-2/9", "heldBy": "atlantis" }), "BAD_USER_INPUT", "atlantis"),
            ("get_record", json!({ "record": "minsk-3" }), "NOT_FOUND", "there is no record “minsk-3”"),
            ("compare_days", json!({ "from": "2022-01-01", "to": "2021-01-01" }), "BAD_USER_INPUT", "2021-01-01"),
            ("compare_days", json!({ "from": "2021-01-01", "to": "2022-01-01", "agreement": "minsk-3" }), "NOT_FOUND", "there is no agreement with the slug “minsk-3”"),
            ("deadlocks", json!({}), "BAD_USER_INPUT", "name at least one agreement in `agreements`"),
            ("overdue_clauses", json!({ "agreement": "minsk-3" }), "NOT_FOUND", "there is no agreement with the slug “minsk-3”"),
            ("overdue_clauses", json!({ "agreement": "minsk-2", "party": "atlantis" }), "NOT_FOUND", "there is no party with the slug “atlantis”"),
            ("overdue_clauses", json!({ "first": 201 }), "BAD_USER_INPUT", "201"),
            ("search", json!({ "query": "minsk", "after": "x" }), "BAD_USER_INPUT", "cursor"),
        ] {
            let answer = client.call(tool, &arguments).expect(tool);
            assert!(answer.is_error, "{tool}: {}", answer.text);
            assert_eq!(answer.content["errors"][0]["code"], code, "{tool}: {}", answer.text);
            assert!(answer.text.contains(words), "{tool}: {}", answer.text);
        }
    }

    fn ids_and_cursors_of_answers_lead_on(app: SharedSample) {
        let client = ToolClient::over_http(&app.url, None);
        let call = |tool: &str, arguments: Value| client.call(tool, &arguments).expect(tool);
        let Answer { content, .. } = call("search", json!({ "query": "ceasefire", "kinds": ["EVENT"], "first": 2 }));
        let page = &content["search"]["nodes"];
        for result in page.as_array().unwrap() {
            let record = call("get_record", json!({ "record": result["item"]["id"] })).content;
            assert_eq!(record["record"]["title"], result["item"]["title"]);
            assert!(record["record"]["citations"].is_array(), "{record}");
        }
        let after = &content["search"]["pageInfo"]["endCursor"];
        let next = call("search", json!({ "query": "ceasefire", "kinds": ["EVENT"], "first": 2, "after": after })).content;
        assert_ne!(next["search"]["nodes"][0]["item"]["id"], page[0]["item"]["id"]);
        assert_ne!(next["search"]["nodes"][0]["item"]["id"], page[1]["item"]["id"]);
        // The comparison of all agreements is short, and tells how to get the assessments of one agreement.
        let days = json!({ "from": "2015-02-12", "to": "2015-12-31" });
        let all = call("compare_days", days.clone());
        let changed = all.content["agreements"]["nodes"].as_array().unwrap().iter().find(|node| node["slug"] == "minsk-2").unwrap();
        assert_eq!(changed["changesBetween"][0].get("assessments"), None);
        assert!(all.text.contains("Set `agreement` to get the assessments"), "{}", all.text);
        let first = call("compare_days", with(days.clone(), &json!({ "first": 1 })));
        let scope = format!(", in these 1 of {} agreements: ", all.content["agreements"]["totalCount"]);
        assert!(first.text.contains(&scope), "{}", first.text);
        assert!(!all.text.contains("in these"), "{}", all.text);
        let one = call("compare_days", with(days, &json!({ "agreement": "minsk-2" }))).content;
        assert!(one["agreements"]["nodes"][0]["changesBetween"][0]["assessments"].is_array(), "{one}");
        // The other tools accept the id of a clause in place of its name.
        let id = app.clause_id("minsk-2", "9");
        let by_id = call("clause_status", json!({ "clause": id, "asOf": "2021-12-02" }));
        let by_name = call("clause_status", json!({ "clause": "minsk-2/9", "asOf": "2021-12-02" }));
        assert_eq!((by_id.content, by_id.text), (by_name.content, by_name.text));
        let assessment = app.data("query($id: ID!) { node(id: $id) { ... on Clause { assessment { id } } } }", json!({ "id": id }));
        let refused = call("get_record", json!({ "record": assessment["node"]["assessment"]["id"] }));
        assert!(refused.is_error && refused.text.contains("of the kind ClauseAssessment"), "{}", refused.text);
    }
}
