//! Messages, their order, and what happens if a receiver fails.

use crate::support::on_both_databases;
use crate::support::world::World;

use super::*;

on_both_databases! {
    fn messages_are_signed_and_in_the_order_of_the_log(app: Empty) {
        create_party(&app, "before");
        let desk = Desk::start(&app, "1s", json!({}));
        for number in 0..5 {
            create_party(&desk.app, &format!("party-{number}"));
        }
        desk.wait_until_delivered();
        let received = desk.receiver.received();
        let messages = desk.verified(&received);
        assert_eq!(messages.len(), 5, "{messages:#?}");
        for (number, (message, received)) in messages.iter().zip(&received).enumerate() {
            let name = format!("party-{number}");
            assert_eq!(message["type"], "record.created");
            assert_eq!(message["timestamp"], message["data"]["recordedAt"]);
            assert_eq!(message["text"], format!("analyst created {name}"));
            let subject = &message["data"]["subject"];
            assert_eq!((&subject["type"], &subject["name"]), (&json!("Party"), &json!(name)));
            assert_eq!(message["data"]["position"], number + 2);
            let field = message["data"]["after"].as_array().unwrap().iter().find(|field| field["name"] == "slug");
            assert_eq!(field.unwrap()["value"], name);
            assert!(received.id().starts_with("msg_") && received.id().contains(&format!("_{}_", number + 2)));
            assert_eq!(received.headers["content-type"], "application/json");
            assert!(received.headers["user-agent"].starts_with("Clausewatch/"));
        }
        let webhook = desk.webhook();
        let deliveries = webhook["deliveries"].as_array().unwrap();
        assert_eq!(deliveries.len(), 5);
        let newest = &deliveries[0];
        assert_eq!((&newest["position"], &newest["attempt"]), (&json!(6), &json!(1)));
        assert_eq!((&newest["status"], &newest["error"]), (&json!(200), &Value::Null));
    }

    fn message_about_an_assessment_names_the_status_and_the_page(app: Empty) {
        let public = app.another_with(|config| {
            config.webhooks = settings("1s");
            config.public_url = Some("https://treaties.example/track/".parse().unwrap());
        });
        let desk = Desk::on(public, json!({ "filter": { "action": ["ASSESSED", "RETRACTED"] } }));
        let w = World::new(&app);
        let update = json!({ "clauseId": w.id("one"), "status": "BREACHED", "effectiveOn": "2016-03-01", "note": "x".repeat(600) });
        let payload = w.apply("updateClauseStatus", &update, "assessment { id }");
        let retraction = json!({ "assessmentId": payload["assessment"]["id"], "reason": "Wrong day." });
        w.apply("retractAssessment", &retraction, "assessment { id }");
        wait_until("the retraction is received", || {
            desk.receiver.received().iter().any(|message| message.json()["type"] == "assessment.retracted")
        });
        let messages = desk.verified(&desk.receiver.received());
        let breached = messages.iter().find(|message| message["text"].as_str().unwrap().contains("Breached since 2016-03-01"));
        let breached = breached.expect("the assessment is received");
        assert_eq!(breached["type"], "assessment.recorded");
        let address = breached["data"]["subject"]["address"].as_str().unwrap();
        assert!(address.starts_with("https://treaties.example/track/agreements/"), "{address}");
        assert!(breached["text"].as_str().unwrap().ends_with(address), "{breached}");
        let body = breached.to_string();
        assert!(body.contains(&format!("{}…", "x".repeat(500))) && !body.contains(&"x".repeat(501)), "{body}");
    }

    fn filter_selects_changes(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({ "filter": { "kind": ["PARTY"], "exceptActor": ["Ada"] } }));
        assert_eq!(desk.webhook()["filter"], r#"{"exceptActor":["Ada"],"kind":["PARTY"]}"#);
        for number in 0..3 {
            create_event(&desk.app, &format!("event {number}"));
            create_party(&desk.app, &format!("party-{number}"));
        }
        let received = desk.receiver.wait_for(3);
        let positions: Vec<Value> = received.iter().map(|message| message.json()["data"]["position"].clone()).collect();
        assert_eq!(positions, [json!(2), json!(4), json!(6)]);
        desk.update(json!({ "filter": { "kind": ["EVENT"] } }));
        create_party(&desk.app, "last");
        create_event(&desk.app, "last");
        let received = desk.receiver.wait_for(4);
        assert_eq!(received[3].json()["data"]["subject"]["type"], "Event");
    }

    fn failed_message_is_sent_again_with_the_same_id_before_the_next(app: Empty) {
        let desk = Desk::start(&app, "1s,1s,1s", json!({}));
        let unavailable = Answer::Status(503, "retry-after: 1".to_owned());
        desk.receiver.answer(vec![Answer::Status(500, String::new()), unavailable, Answer::ok()]);
        create_party(&desk.app, "first");
        create_party(&desk.app, "second");
        desk.wait_until_delivered();
        let received = desk.receiver.received();
        assert_eq!(desk.verified(&received).len(), 4);
        let ids = ids(&received);
        assert_eq!((ids[0], ids[0]), (ids[1], ids[2]));
        assert_ne!(ids[2], ids[3]);
        let bodies: Vec<&str> = received.iter().map(|message| message.body.as_str()).collect();
        assert_eq!((bodies[0], bodies[0]), (bodies[1], bodies[2]));
        let webhook = desk.webhook();
        assert_eq!((&webhook["failures"], &webhook["failingSince"]), (&json!(0), &Value::Null));
        let attempts: Vec<Value> = webhook["deliveries"].as_array().unwrap().iter().rev()
            .map(|delivery| json!([delivery["position"], delivery["attempt"], delivery["status"], delivery["error"]])).collect();
        assert_eq!(attempts, [
            json!([1, 1, 500, "500 Internal Server Error"]),
            json!([1, 2, 503, "503 Service Unavailable"]),
            json!([1, 3, 200, null]),
            json!([2, 1, 200, null]),
        ]);
    }

    fn webhook_is_disabled_after_the_last_attempt_and_continues_when_enabled(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({}));
        desk.receiver.answer(vec![Answer::Status(404, String::new())]);
        create_party(&desk.app, "first");
        create_party(&desk.app, "second");
        wait_until("the webhook is disabled", || desk.webhook()["disabledAt"].is_string());
        let webhook = desk.webhook();
        assert_eq!(webhook["disabledReason"], "2 attempts have failed, the last with: 404 Not Found");
        assert_eq!((&webhook["position"], &webhook["failures"]), (&json!(0), &json!(2)));
        assert!(webhook["nextAttemptAt"].is_null() && webhook["failingSince"].is_string(), "{webhook:#}");
        assert_eq!(desk.receiver.received().len(), 2);

        desk.receiver.answer(vec![Answer::ok()]);
        let updated = desk.update(json!({ "enabled": true }));
        assert_eq!(updated["webhook"]["disabledAt"], Value::Null);
        assert_eq!(updated["webhook"]["failures"], 0);
        desk.wait_until_delivered();
        let received = desk.receiver.received();
        let received_ids = ids(&received);
        assert_eq!(received_ids.len(), 4, "no message is lost or repeated");
        assert_eq!((received_ids[0], received_ids[0]), (received_ids[1], received_ids[2]));
    }

    fn receiver_that_is_gone_disables_its_webhook_at_once(app: Empty) {
        let desk = Desk::start(&app, "1h", json!({}));
        desk.receiver.answer(vec![Answer::Status(410, String::new())]);
        create_party(&desk.app, "first");
        wait_until("the webhook is disabled", || desk.webhook()["disabledAt"].is_string());
        let reason = desk.webhook()["disabledReason"].as_str().unwrap().to_owned();
        assert!(reason.contains("410 Gone"), "{reason}");
        assert_eq!(desk.receiver.received().len(), 1);
    }

    fn late_failure_does_not_overwrite_what_an_admin_has_changed(app: Empty) {
        let desk = Desk::start(&app, "1h", json!({}));
        desk.receiver.answer(vec![Answer::HeldGone]);
        create_party(&desk.app, "first");
        desk.receiver.wait_for(1);
        let repaired = Receiver::start();
        desk.update(json!({ "url": repaired.url }));
        desk.receiver.answer(vec![Answer::ok()]);
        desk.wait_until_delivered();
        assert_eq!(ids(&repaired.wait_for(1)), ids(&desk.receiver.received()));
        let webhook = desk.webhook();
        assert_eq!((&webhook["disabledAt"], &webhook["failures"]), (&Value::Null, &json!(0)), "{webhook:#}");
        let statuses: Vec<&Value> =
            webhook["deliveries"].as_array().unwrap().iter().map(|delivery| &delivery["status"]).collect();
        assert_eq!(statuses, [&json!(200), &json!(410)], "{webhook:#}");
    }

    fn redirects_are_failures(app: Empty) {
        let elsewhere = Receiver::start();
        let desk = Desk::start(&app, "1h", json!({}));
        for status in [301, 302, 307, 308] {
            let seen = desk.receiver.received().len();
            desk.receiver.answer(vec![Answer::Status(status, format!("location: {}", elsewhere.url))]);
            if seen == 0 {
                create_party(&desk.app, "first");
            } else {
                // Enabling the webhook resets the failed attempts, so the server tries again at once.
                desk.update(json!({ "enabled": false }));
                desk.update(json!({ "enabled": true }));
            }
            wait_until("the attempt is stored", || {
                desk.webhook()["deliveries"].as_array().unwrap().len() > seen
            });
            let newest = desk.webhook()["deliveries"][0].clone();
            assert_eq!(newest["status"], status);
            assert!(newest["error"].as_str().unwrap().contains("redirects are not followed"), "{newest}");
        }
        assert!(elsewhere.received().is_empty());
    }

    fn slow_receiver_holds_no_connection_and_a_large_body_is_not_read(app: Empty) {
        const LARGE: usize = 100 * 1024 * 1024;
        // The server has one connection for reading and one for writing.
        let server = app.another_with(|config| {
            config.webhooks = settings("1s");
            config.connections = Some(1);
        });
        let desk = Desk::on(server, json!({}));
        desk.receiver.answer(vec![Answer::Held]);
        create_party(&desk.app, "first");
        desk.receiver.wait_for(1);
        for number in 0..4 {
            create_party(&desk.app, &format!("meanwhile-{number}"));
        }
        assert_eq!(desk.receiver.received().len(), 1, "one message at a time");
        desk.receiver.answer(vec![Answer::LargeBody(LARGE)]);
        desk.wait_until_delivered();
        // The buffers of the connections accept some megabytes, although the server reads only the start of each body.
        let large = desk.receiver.received().len() - 1;
        let written = desk.receiver.written();
        assert!(written < large * LARGE / 2, "{written} bytes of {large} bodies");
        let received = desk.receiver.received();
        let distinct: std::collections::HashSet<&str> = ids(&received).into_iter().collect();
        assert_eq!(distinct.len(), 5);
    }

    fn chat_format_has_one_line_of_text(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({ "format": "CHAT" }));
        create_party(&desk.app, "first");
        let messages = desk.verified(&desk.receiver.wait_for(1));
        assert_eq!(messages, [json!({ "text": "analyst created first" })]);
        assert_eq!(desk.webhook()["format"], "CHAT");
    }

    fn private_server_delivers_what_readers_can_read(app: Empty) {
        let private = app.another_with(|config| {
            config.webhooks = settings("1s");
            config.private = true;
        });
        let desk = Desk::on(private, json!({}));
        create_party(&app, "first");
        let messages = desk.verified(&desk.receiver.wait_for(1));
        assert_eq!(messages[0]["data"]["subject"]["name"], "first");
    }
}
