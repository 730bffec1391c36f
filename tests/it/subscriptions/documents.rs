//! The documents and arguments that start a subscription, and those that are rejected.

use super::*;

on_both_databases! {
    fn arguments_that_match_no_record_are_rejected(app: Empty) {
        let w = World::new(&app);
        let mut socket = Socket::ready(&app.url);
        let absent = w.apply("updateClauseStatus", &w.about("one", &json!({ "status": "PARTIAL", "effectiveOn": "2016-07-01", "note": "n" })), "assessment { id }");
        for (arguments, message) in [
            (json!({ "agreement": "nope" }), "`agreement: “nope”` is not the slug of an agreement".to_owned()),
            (json!({ "proposal": "treaty" }), "`proposal: “treaty”` is not the slug of a proposal".to_owned()),
            (json!({ "agreement": "\u{0}" }), "is not the slug of an agreement".to_owned()),
            (json!({ "ids": [w.id("one"), "nonsense"] }), "`ids: “nonsense”` is neither the id".to_owned()),
            (json!({ "ids": [w.id("north")] }), "is an id of kind party".to_owned()),
            (json!({ "ids": [absent["assessment"]["id"]] }), "is an id of kind clause assessment".to_owned()),
            (json!({ "ids": vec!["x"; 201] }), "`ids` has 201 items; at most 200".to_owned()),
            (json!({ "after": "nonsense" }), "`after: “nonsense”` is not a cursor of the change log".to_owned()),
            (json!({ "after": "" }), "is not a cursor of the change log".to_owned()),
        ] {
            let (code, said) = socket.refused(STATUSES, arguments.clone());
            assert_eq!(code, "BAD_USER_INPUT", "{arguments}: {said}");
            assert!(said.contains(&message), "{arguments}: {said}");
        }
    }

    fn subscription_documents_are_validated_completely(app: Empty) {
        let mut socket = Socket::ready(&app.url);
        for (query, message) in [
            ("subscription { changes { nope } }", "type `Change` does not have a field `nope`"),
            ("subscription { nope }", "type `Subscription` does not have a field `nope`"),
            ("subscription { changes(before: 1) { cursor } }", "the argument `before` is not supported"),
            ("subscription { changes(after: 1) { cursor } }", "expected value of type String"),
            ("subscription { changes }", "must have a subselection set: “changes”"),
            ("subscription { a: changes { cursor } b: changes { cursor } }", "this one selects 2"),
            ("subscription { changes { cursor } __typename }", "can only have one root field"),
            ("subscription { ...F } fragment F on Subscription { changes { cursor } statusChanged { cursor } }", "this one selects 2"),
            ("subscription { __typename }", "can not have an introspection field"),
            ("subscription { changes @skip(if: true) { cursor } }", "can not specify @skip or @include"),
            ("subscription($after: String!) { changes(after: $after) { cursor } }", "the variable $after is missing"),
            ("subscription { changes { cursor } } fragment F on Party { id }", "must be used in an operation"),
        ] {
            let (code, said) = socket.refused(query, json!({}));
            assert_eq!(code, "GRAPHQL_VALIDATION_FAILED", "{query}: {said}");
            assert!(said.to_lowercase().contains(&message.to_lowercase()), "{query}: {said}");
        }
    }

    fn fragments_variables_and_names_work_like_in_queries(app: Empty) {
        add_party(&app, "first");
        let mut socket = Socket::ready(&app.url);
        let query = "query Other { parties { nodes { ...P } } } mutation Another { __typename } \
                     subscription Meant($start: String, $more: Boolean = false) { ...F } \
                     fragment F on Subscription { it: changes(after: $start) { subject { ...P } } ... on Subscription { it: changes(after: $start) { position actor @include(if: $more) } } } \
                     fragment P on Party { slug }";
        for (more, expected) in [
            (json!(null), json!({ "it": { "subject": { "slug": "first" }, "position": 1 } })),
            (json!(true), json!({ "it": { "subject": { "slug": "first" }, "position": 1, "actor": "analyst" } })),
        ] {
            let mut variables = json!({ "start": bare_cursor(0) });
            if !more.is_null() {
                variables["more"] = more;
            }
            let payload = json!({ "query": query, "operationName": "Meant", "variables": variables });
            socket.send_json(json!({ "type": "subscribe", "id": "m", "payload": payload }));
            assert_eq!(socket.event("m"), expected);
            socket.send_json(json!({ "type": "complete", "id": "m" }));
        }
    }
}
