//! Event streams: each event has an id, from which a client can resume the stream.

use std::io::{BufRead, BufReader};

use reqwest::blocking::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::changes::cursor;
use crate::support::{TestApp, client, on_both_databases};

const FOLLOW: &str = "subscription($after: String) { changes(after: $after) { position } }";
const FOLLOW_STATUSES: &str =
    "subscription { statusChanged(agreement: \"minsk-2\") { position: cursor } }";

/// An event of a stream.
#[derive(Debug)]
struct Event {
    id: Option<String>,
    data: Value,
}

/// A stream that is read incrementally.
struct Stream(BufReader<Response>);

impl Stream {
    fn open(request: RequestBuilder, last_event: Option<&str>) -> Self {
        let request = request.header("accept", "text/event-stream");
        let request =
            last_event.into_iter().fold(request, |request, id| request.header("last-event-id", id));
        let response = request.send().unwrap();
        assert_eq!(response.status(), 200);
        Self(BufReader::new(response))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream has ended");
        line.trim_end_matches('\n').to_owned()
    }

    /// The next event. Skips comments.
    fn event(&mut self) -> Event {
        let (mut id, mut data) = (None, None);
        loop {
            let line = self.line();
            if line.is_empty()
                && let Some(data) = data.take()
            {
                return Event { id, data };
            }
            match line.split_once(": ") {
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("data", value)) => data = Some(serde_json::from_str(value).unwrap()),
                Some(("event", kind)) => assert_eq!(kind, "next"),
                _ => {}
            }
        }
    }
}

fn by_get(app: &TestApp, query: &str, variables: &Value) -> RequestBuilder {
    let parameters = [("query", query), ("variables", &variables.to_string())];
    let address = format!("{}/graphql", app.url);
    client(None).get(url::Url::parse_with_params(&address, parameters).unwrap())
}

fn by_post(app: &TestApp, query: &str, variables: &Value) -> RequestBuilder {
    let body = json!({ "query": query, "variables": variables });
    client(None).post(format!("{}/graphql", app.url)).json(&body)
}

fn create_topic(app: &TestApp, slug: &str) {
    let mutation = "mutation($slug: String!) { createTopic(input: { slug: $slug, name: $slug }) { userErrors { code } } }";
    let data = app.data(mutation, json!({ "slug": slug }));
    assert_eq!(data["createTopic"]["userErrors"], json!([]));
}

on_both_databases! {
    fn stream_resumes_after_the_last_event_id(app: Sample) {
        let before = app.log_position();
        // The request has a cursor, because the response may arrive before the subscription starts.
        let mut stream = Stream::open(by_get(&app, FOLLOW, &json!({ "after": cursor(&app, before) })), None);
        let mut ids = Vec::new();
        for number in 1..=3 {
            create_topic(&app, &format!("topic-{number}"));
            let event = stream.event();
            assert_eq!(event.data, json!({ "data": { "changes": { "position": before + number } } }));
            assert_eq!(event.id, Some(cursor(&app, before + number)));
            ids.extend(event.id);
        }
        drop(stream);
        create_topic(&app, "topic-4");
        // A browser reconnects to the same address, so `Last-Event-ID` takes precedence over the argument.
        let variables = json!({ "after": cursor(&app, 0) });
        for request in [by_get, by_post] {
            let mut stream = Stream::open(request(&app, FOLLOW, &variables), Some(&ids[1]));
            let positions: Vec<_> = (0..2).map(|_| stream.event().data["data"]["changes"]["position"].take()).collect();
            assert_eq!(positions, [json!(before + 3), json!(before + 4)]);
        }
        // An empty id is ignored.
        let mut stream = Stream::open(by_get(&app, FOLLOW, &variables), Some(""));
        assert_eq!(stream.event().data["data"]["changes"]["position"], 1);
    }

    fn status_events_have_the_cursor_as_id(app: Sample) {
        let start = cursor(&app, app.log_position());
        let record = |note: &str| {
            let mutation = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { userErrors { code } } }";
            let input = json!({ "clauseId": app.clause_id("minsk-2", "9"), "status": "PARTIAL", "effectiveOn": "2022-03-05", "note": note });
            assert_eq!(app.data(mutation, json!({ "input": input }))["updateClauseStatus"]["userErrors"], json!([]));
        };
        record("One.");
        create_topic(&app, "between");
        record("Two.");
        let mut stream = Stream::open(by_get(&app, FOLLOW_STATUSES, &json!({})), Some(&start));
        let first = stream.event();
        assert_eq!(first.data["data"]["statusChanged"]["position"], json!(first.id));
        let mut stream = Stream::open(by_get(&app, FOLLOW_STATUSES, &json!({})), first.id.as_deref());
        let second = stream.event();
        assert_eq!(second.data["data"]["statusChanged"]["position"], cursor(&app, app.log_position()));
        assert_eq!(second.id, Some(cursor(&app, app.log_position())));
    }

    fn invalid_last_event_id_is_rejected(app: SharedSample) {
        for id in ["7", "x", "\u{e4}"] {
            let mut stream = Stream::open(by_get(&app, FOLLOW, &json!({})), Some(id));
            let event = stream.event();
            assert_eq!(event.id, None, "{event:?}");
            let error = &event.data["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{event:?}");
            assert!(error["message"].as_str().unwrap().contains("Last-Event-ID"), "{event:?}");
        }
    }

    fn query_result_in_a_stream_has_no_id(app: SharedSample) {
        let mut stream = Stream::open(by_post(&app, "{ __typename }", &json!({})), None);
        let event = stream.event();
        assert_eq!((event.id, event.data), (None, json!({ "data": { "__typename": "Query" } })));
    }
}
