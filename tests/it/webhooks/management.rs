//! Creating, changing and testing webhooks, and their secrets.

use tempfile::TempDir;

use crate::support::{clausewatch, on_both_databases};

use super::*;

const TEST: &str =
    "mutation($id: ID!) { sendTestWebhook(input: { webhookId: $id }) { userErrors { message } } }";
const ROTATE: &str = "mutation($id: ID!) { rotateWebhookSecret(input: { webhookId: $id }) { secret userErrors { message } } }";
const DELETE: &str = "mutation($id: ID!) { deleteWebhook(input: { webhookId: $id }) { userErrors { code message path } } }";

on_both_databases! {
    fn invalid_webhooks_are_rejected(app: Empty) {
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let long = format!("https://hooks.example/{}", "x".repeat(2000));
        for (url, code, part) in [
            ("http://hooks.example/", "INVALID", "is not an address that starts with https://"),
            ("hooks.example", "INVALID", "is not an address"),
            ("https://127.0.0.1/", "INVALID", "has a host that is not a public address"),
            ("https://[::ffff:10.0.0.1]/", "INVALID", "is not a public address"),
            ("https://2130706433/", "INVALID", "has a host that is not a public address"),
            ("https://169.254.169.254/latest/meta-data/", "INVALID", "is not a public address"),
            ("https://localhost:8080/", "INVALID", "is not a public address"),
            ("https://ada:hunter2@hooks.example/", "INVALID", "a user name or password"),
            (long.as_str(), "TOO_LONG", "at most 2000"),
        ] {
            let answer = app.send_by(&admin, CREATE, json!({ "input": { "url": url } }));
            let payload = &answer["data"]["createWebhook"];
            let error = &payload["userErrors"][0];
            assert_eq!((&error["code"], &error["path"]), (&json!(code), &json!(["input", "url"])), "{url}: {answer:#}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(part) && !message.contains("hunter2"), "{message}");
            assert!(payload["webhook"].is_null() && payload["secret"].is_null());
        }
        for (description, code) in [("", "INVALID"), ("a\nb", "INVALID"), (&*"x".repeat(301), "TOO_LONG")] {
            let input = json!({ "url": "https://hooks.example/", "description": description });
            let answer = app.send_by(&admin, CREATE, json!({ "input": input }));
            let error = &answer["data"]["createWebhook"]["userErrors"][0];
            assert_eq!((&error["code"], &error["path"]), (&json!(code), &json!(["input", "description"])), "{answer:#}");
        }
        for (fields, part) in [
            (json!({ "filter": { "about": ["x"] } }), "is not an id"),
            (json!({ "filter": { "from": "2020-01-02", "to": "2020-01-01" } }), "2020-01-01"),
        ] {
            let mut input = fields;
            input["url"] = json!("https://hooks.example/");
            let answer = app.send_by(&admin, CREATE, json!({ "input": input }));
            let message = answer["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("{answer:#}"));
            assert!(message.contains(part), "{message}");
        }
        let answer = app.send_by(&admin, "{ webhooks { totalCount } }", json!({}));
        assert_eq!(answer["data"]["webhooks"]["totalCount"], 0, "nothing is written");
    }

    fn webhook_can_be_changed(app: Empty) {
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let input = json!({ "url": "https://hooks.example/one", "description": "One", "filter": { "kind": ["PARTY"] } });
        let answer = app.send_by(&admin, CREATE, json!({ "input": input }));
        let webhook = &answer["data"]["createWebhook"]["webhook"];
        assert_eq!((&webhook["createdBy"], &webhook["position"]), (&json!("Ada"), &json!(0)), "{answer:#}");
        let id = &webhook["id"];
        let update = |change: Value| {
            let mut input = change;
            input["webhookId"] = id.clone();
            app.send_by(&admin, UPDATE, json!({ "input": input }))["data"]["updateWebhook"].take()
        };
        for (change, field, expected) in [
            (json!({ "url": "https://hooks.example/two" }), "url", json!("https://hooks.example/two")),
            (json!({ "description": null }), "description", Value::Null),
            (json!({ "filter": null }), "filter", json!("{}")),
            (json!({ "filter": { "agreement": ["truce"] } }), "filter", json!(r#"{"agreement":["truce"]}"#)),
            (json!({ "format": "CHAT" }), "format", json!("CHAT")),
            (json!({ "enabled": false }), "disabledReason", json!("disabled by Ada")),
            (json!({ "enabled": true }), "disabledReason", Value::Null),
            (json!({}), "url", json!("https://hooks.example/two")),
        ] {
            let payload = update(change.clone());
            assert_eq!(payload["userErrors"], json!([]), "{change}");
            assert_eq!(payload["webhook"][field], expected, "{change}: {payload:#}");
        }
        let refused = update(json!({ "url": "https://10.0.0.1/", "enabled": false }));
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", "url"]), "{refused:#}");
        let state = app.send_by(&admin, READ, json!({ "id": id }));
        let webhook = &state["data"]["node"];
        assert_eq!((&webhook["url"], &webhook["disabledAt"]), (&json!("https://hooks.example/two"), &Value::Null));
        // The address is private, and this server no longer allows it.
        app.execute_sql("UPDATE webhooks SET url = 'https://10.0.0.1/'");
        assert_eq!(update(json!({ "enabled": false }))["webhook"]["disabledReason"], "disabled by Ada");
    }

    fn private_address_is_refused_at_delivery_too(app: Empty) {
        // This server allows private addresses, but the server that delivers the messages does not.
        let lenient = app.another_with(|config| config.webhooks.webhook_private_addresses = true);
        let admin = client(Some(&lenient.token("Ada", Role::Admin)));
        let receiver = Receiver::start();
        let https = receiver.url.replace("http://127.0.0.1", "https://localhost");
        let mut ids = Vec::new();
        for url in [&receiver.url, &https] {
            let answer = lenient.send_by(&admin, CREATE, json!({ "input": { "url": url } }));
            ids.push(answer["data"]["createWebhook"]["webhook"]["id"].as_str().unwrap().to_owned());
        }
        create_party(&app, "first");
        let strict = app.another_with(|config| {
            config.webhooks = Webhooks { webhook_private_addresses: false, ..settings("1h") };
        });
        for (id, part) in ids.iter().zip(["starts with https://", "the address has a host that is not a public address"]) {
            let read = || strict.send_by(&admin, READ, json!({ "id": id }))["data"]["node"].take();
            wait_until("the attempt is stored", || read()["failures"] == 1);
            let error = read()["deliveries"][0]["error"].as_str().unwrap().to_owned();
            assert!(error.contains(part), "{error}");
        }
        assert!(receiver.received().is_empty());
    }

    fn test_message_is_sent_even_if_the_webhook_is_disabled(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({ "description": "The desk <1>" }));
        desk.update(json!({ "enabled": false }));
        assert_eq!(desk.webhook()["disabledReason"], "disabled by Ada");
        create_party(&desk.app, "first");
        let answer = desk.app.send_by(&desk.admin, TEST, json!({ "id": desk.id }));
        assert_eq!(answer["data"]["sendTestWebhook"]["userErrors"], json!([]), "{answer:#}");
        let messages = desk.verified(&desk.receiver.wait_for(1));
        assert_eq!(messages[0]["type"], "webhook.test");
        assert_eq!(messages[0]["text"], "Test of a Clausewatch webhook (The desk ‹1›)");
        wait_until("the test is stored", || desk.webhook()["deliveries"][0]["status"] == 200);
        let webhook = desk.webhook();
        assert_eq!(webhook["deliveries"][0]["position"], Value::Null);
        assert_eq!(webhook["position"], 0, "the change waits until the webhook is enabled");
        assert_eq!(desk.receiver.received().len(), 1);
    }

    fn messages_are_signed_with_both_secrets_after_a_rotation(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({}));
        let answer = desk.app.send_by(&desk.admin, ROTATE, json!({ "id": desk.id }));
        let new = answer["data"]["rotateWebhookSecret"]["secret"].as_str().unwrap_or_else(|| panic!("{answer:#}"));
        assert_ne!(new, desk.secret);
        create_party(&desk.app, "first");
        let received = desk.receiver.wait_for(1);
        assert_eq!(received[0].headers["webhook-signature"].split(' ').count(), 2);
        assert_eq!(verify(new, &received), desk.verified(&received));
        desk.app.execute_sql("UPDATE webhooks SET rotated_at = '2026-01-01 00:00:00'");
        create_party(&desk.app, "second");
        let received = desk.receiver.wait_for(2);
        assert_eq!(received[1].headers["webhook-signature"].split(' ').count(), 1);
        assert_eq!(verify(new, &received[1..]).len(), 1);
    }

    fn deleted_webhook_receives_nothing(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({}));
        let other = Receiver::start();
        let answer = desk.app.send_by(&desk.admin, CREATE, json!({ "input": { "url": other.url } }));
        assert_eq!(answer["data"]["createWebhook"]["userErrors"], json!([]), "{answer:#}");
        create_party(&desk.app, "first");
        desk.wait_until_delivered();
        let answer = desk.app.send_by(&desk.admin, DELETE, json!({ "id": desk.id }));
        assert_eq!(answer["data"]["deleteWebhook"]["userErrors"], json!([]), "{answer:#}");
        let answer = desk.app.send_by(&desk.admin, DELETE, json!({ "id": desk.id }));
        let error = &answer["data"]["deleteWebhook"]["userErrors"][0];
        assert_eq!((&error["code"], &error["path"]), (&json!("NOT_FOUND"), &json!(["input", "webhookId"])), "{answer:#}");
        assert_eq!(desk.webhook(), Value::Null);
        create_party(&desk.app, "second");
        other.wait_for(2);
        // A delivery to the deleted webhook would have started at the same time as the delivery to the other one.
        create_party(&desk.app, "third");
        other.wait_for(3);
        assert_eq!(desk.receiver.received().len(), 1);
    }

    fn only_the_latest_deliveries_are_kept(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({}));
        for number in 0..110 {
            create_party(&desk.app, &format!("party-{number}"));
        }
        desk.wait_until_delivered();
        let webhook = desk.webhook();
        let deliveries = webhook["deliveries"].as_array().unwrap();
        assert_eq!(deliveries.len(), 100);
        assert_eq!((&deliveries[0]["position"], &deliveries[99]["position"]), (&json!(110), &json!(11)));
    }

    fn secrets_are_only_in_complete_dumps(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({}));
        let hidden = "{ webhooks { nodes { id url description filter disabledReason createdBy deliveries { error } } } }";
        let list = desk.app.send_by(&desk.admin, hidden, json!({})).to_string();
        assert!(list.contains(&desk.id) && !list.contains("whsec_"), "{list}");
        let folder = TempDir::new().unwrap();
        for (flags, is_complete) in [(vec![], true), (vec!["--without-tokens"], false)] {
            let arguments = [vec!["dump", "--database-url", &app.database_url], flags].concat();
            let dump = text(&clausewatch(&arguments, folder.path()).stdout);
            assert_eq!(dump.contains(&desk.secret), is_complete, "{dump}");
            assert_eq!(dump.contains(&desk.receiver.url), is_complete, "{dump}");
        }
        // Clients that are not admins cannot see that the webhook exists.
        for viewer in [desk.app.client(), desk.app.analyst()] {
            let answer = desk.app.send_by(viewer, READ, json!({ "id": desk.id }));
            assert_eq!(answer["data"], json!({ "node": null }), "{answer:#}");
        }
    }
}
