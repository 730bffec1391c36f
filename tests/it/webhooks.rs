//! Webhooks: signed messages about changes. One server at a time delivers the messages of a webhook in order, and repeats
//! failed deliveries.

mod commands;
mod delivery;
mod management;
mod receiver;
mod servers;

use clausewatch::config::Webhooks;
use clausewatch::domain::viewer::Role;
use clausewatch::domain::webhook::RetrySchedule;
use serde_json::{Value, json};

use crate::other_clients::run_python;
use crate::support::{TestApp, client, text, wait_until};

use receiver::{Answer, Received, Receiver};

const CREATE: &str = "mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { \
                      webhook { id url filter position createdBy disabledAt } secret userErrors { code message path } } }";
const UPDATE: &str = "mutation($input: UpdateWebhookInput!) { updateWebhook(input: $input) { \
                      webhook { id url description filter format failures disabledAt disabledReason } userErrors { code message path } } }";
const READ: &str = "query($id: ID!) { node(id: $id) { ... on Webhook { id url description filter format position failures \
                    failingSince nextAttemptAt disabledAt disabledReason \
                    deliveries { position attempt milliseconds status error } } } }";

/// A server that delivers webhook messages, with an admin and one webhook.
struct Desk {
    app: TestApp,
    admin: reqwest::blocking::Client,
    receiver: Receiver,
    id: String,
    secret: String,
}

/// The settings of a server that delivers webhook messages to receivers on this machine.
fn settings(retry: &str) -> Webhooks {
    Webhooks {
        no_webhooks: false,
        webhook_private_addresses: true,
        webhook_retry: RetrySchedule::parse(retry).expect("a schedule"),
    }
}

/// Starts another server on the database of `app`, which delivers webhook messages.
fn delivering(app: &TestApp, retry: &str) -> TestApp {
    app.another_with(|config| config.webhooks = settings(retry))
}

impl Desk {
    /// Starts a server that delivers webhook messages, and creates a webhook with these fields.
    fn start(app: &TestApp, retry: &str, fields: Value) -> Self {
        Self::on(delivering(app, retry), fields)
    }

    /// Creates a webhook with these fields on a server that delivers webhook messages.
    fn on(app: TestApp, fields: Value) -> Self {
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let receiver = Receiver::start();
        let mut input = fields;
        input["url"] = json!(receiver.url);
        let mut answer = app.send_by(&admin, CREATE, json!({ "input": input }));
        let payload = answer["data"]["createWebhook"].take();
        assert_eq!(payload["userErrors"], json!([]), "{answer:#}");
        let string = |value: &Value| value.as_str().expect("a string").to_owned();
        let (id, secret) = (string(&payload["webhook"]["id"]), string(&payload["secret"]));
        Self { app, admin, receiver, id, secret }
    }

    /// The webhook with its deliveries.
    fn webhook(&self) -> Value {
        let mut answer = self.app.send_by(&self.admin, READ, json!({ "id": self.id }));
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"]["node"].take()
    }

    fn update(&self, change: Value) -> Value {
        let mut input = change;
        input["webhookId"] = json!(self.id);
        let mut answer = self.app.send_by(&self.admin, UPDATE, json!({ "input": input }));
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"]["updateWebhook"].take()
    }

    /// Waits until every change was delivered.
    fn wait_until_delivered(&self) {
        let end = self.app.log_position();
        wait_until("every change is delivered", || self.webhook()["position"] == end);
    }

    /// Verifies messages with the secret of the webhook, and returns their bodies.
    fn verified(&self, messages: &[Received]) -> Vec<Value> {
        verify(&self.secret, messages)
    }
}

/// Creates a party, which is one change.
fn create_party(app: &TestApp, name: &str) {
    let query = "mutation($name: String!) { createParty(input: { slug: $name, name: $name, shortName: $name, kind: STATE }) \
                 { party { id } userErrors { message } } }";
    let data = app.data(query, json!({ "name": name }));
    assert_eq!(data["createParty"]["userErrors"], json!([]));
}

/// Creates an event, which is one change.
fn create_event(app: &TestApp, title: &str) {
    let query = "mutation($title: String!) { createEvent(input: { title: $title, happenedOn: \"2015-02-12\", kind: STATEMENT, \
                 summary: \"Something was said.\" }) { event { id } userErrors { message } } }";
    let data = app.data(query, json!({ "title": title }));
    assert_eq!(data["createEvent"]["userErrors"], json!([]));
}

/// Verifies messages with the reference library of Standard Webhooks, and returns their bodies.
fn verify(secret: &str, messages: &[Received]) -> Vec<Value> {
    let input: Vec<Value> = messages
        .iter()
        .map(
            |message| json!({ "secret": secret, "headers": message.headers, "body": message.body }),
        )
        .collect();
    run_python("verify_webhooks.py", &[], Value::from(input).to_string().as_bytes())
}

/// The ids of messages, in the order in which they were received.
fn ids(messages: &[Received]) -> Vec<&str> {
    messages.iter().map(Received::id).collect()
}
