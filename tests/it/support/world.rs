//! A small test world, created through the API, and functions that change it.

use std::collections::BTreeMap;

use clausewatch::domain::GlobalId;
use serde_json::{Value, json};

use super::TestApp;

/// `value` with the fields of `patch`, which replace existing fields.
pub fn with(mut value: Value, patch: &Value) -> Value {
    value.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    value
}

/// The name with a lower-case first letter: the field name for a type name.
pub fn lower(name: &str) -> String {
    format!("{}{}", name[..1].to_lowercase(), &name[1..])
}

/// The fields of a record that its author states, and its `id`, `version` and `archivedAt`.
pub fn fields(kind: &str) -> &'static str {
    match kind {
        "Agreement" => {
            "id version archivedAt slug title shortTitle aliases kind adoption agreedOn place summary confidence note \
             coveredFrom coveredTo notCovered \
             source { id } sourceLocator externalIds { id scheme value } relations { id kind agreement { id } } \
             parties { id party { id } role capacity heldBy { id } source { id } sourceLocator confidence note } \
             endings { id endedOn kind heldBy { id } source { id } sourceLocator confidence note } \
             topicTreatments { scheme code extent }"
        }
        "Clause" => {
            "id version archivedAt number position heading aliases summary text nature weight confidence note agreement { id } \
             parent { id } topic { id } source { id } sourceLocator externalIds { id scheme value } \
             obligations { id party { id } role heldBy { id } source { id } sourceLocator confidence note } \
             criteria { status text } deadlines { id key rule phase dueOn source { id } sourceLocator confidence note heldBy { id } basis { __typename ... on FixedDay { day } \
             ... on EndOfPeriod { period containing } ... on DaysAfterEvent { days event { id } } \
             ... on DaysAfterCompletion { days clause { id } } ... on DaysAfterDeadline { days deadline { id } } } }"
        }
        "Proposal" => {
            "id version archivedAt slug title aliases summary standing isPackage madeOn confidence note proposedBy { id } \
             addressedTo { id } agreements { id } respondsTo { id } source { id } sourceLocator externalIds { id scheme value }"
        }
        "Caveat" => {
            "id version archivedAt number position kind heading aliases summary text confidence note proposal { id } \
             topic { id } source { id } sourceLocator externalIds { id scheme value } owedBy { id } owedTo { id } inExchangeFor { id } answers { id } \
             clauseLinks { id kind note clause { id } }"
        }
        "Party" => {
            "id version archivedAt slug name shortName aliases kind represents { id } externalIds { id scheme value }"
        }
        "Topic" => {
            "id version archivedAt slug name description parent { id } externalIds { id scheme value }"
        }
        "Source" => {
            "id version archivedAt slug title kind publisher url archivedUrl publishedOn language externalIds { id scheme value }"
        }
        "Event" => {
            "id version archivedAt slug happenedOn endedOn kind title aliases summary place confidence actors { id } \
             concerns { id } sources { id } externalIds { id scheme value }"
        }
        "Precondition" => {
            "id version archivedAt kind needs confidence note step { id } requires { id } heldBy { id } source { id } sourceLocator"
        }
        "Interpretation" => {
            "id version archivedAt subject { id } term meaning heldBy { id } statedOn source { id } sourceLocator confidence note"
        }
        _ => panic!("no kind {kind}"),
    }
}

/// The records of the test world in the order of creation: name, kind and input.
fn records() -> Value {
    json!([
        ["north", "Party", { "slug": "north", "name": "The North", "shortName": "North", "kind": "STATE" }],
        ["south", "Party", { "slug": "south", "name": "The South", "shortName": "South", "kind": "STATE" }],
        ["envoy", "Party", { "slug": "envoy", "name": "Ann Envoy", "shortName": "Envoy", "aliases": ["Анна", "A. “N.” Voy"], "kind": "PERSON", "representsId": "@north", "externalIds": [{ "scheme": "WIKIDATA", "value": "Q1" }, { "scheme": "UCDP", "value": "2" }] }],
        ["security", "Topic", { "slug": "security", "name": "Security" }],
        ["borders", "Topic", { "slug": "borders", "name": "Borders", "description": "Lines and posts.", "parentId": "@security", "externalIds": [{ "scheme": "WIKIDATA", "value": "Q3" }] }],
        ["gazette", "Source", {
            "slug": "gazette", "title": "Official gazette", "kind": "OFFICIAL_TEXT", "publisher": "The State",
            "url": "https://example.org/1", "archivedUrl": "https://example.org/2", "publishedOn": "2015-02-13", "language": "sr-Latn",
            "externalIds": [{ "scheme": "ISBN", "value": "0306406152" }]
        }],
        ["treaty", "Agreement", {
            "slug": "treaty", "title": "Treaty of peace", "shortTitle": "Treaty", "kind": "TREATY", "adoption": "Signed.",
            "agreedOn": "2015-02-12", "summary": "Peace."
        }],
        ["annex", "Agreement", {
            "slug": "annex", "title": "Annex to the treaty", "shortTitle": "Annex", "aliases": ["Додаток"], "kind": "ADDENDUM", "adoption": "Initialled.",
            "coveredFrom": "2015-02-20", "coveredTo": "2016-12-31", "notCovered": "The maps.",
            "agreedOn": "2015-02-20", "place": "Minsk", "summary": "Details.", "sourceId": "@gazette", "sourceLocator": "p. 1", "confidence": "HIGH", "note": "One copy.",
            "externalIds": [{ "scheme": "PA-X", "value": "1" }, { "scheme": "UN", "value": "S/2" }],
            "parties": [
                {
                    "partyId": "@north", "role": "SIGNATORY", "capacity": "As host", "heldById": "@south",
                    "sourceId": "@gazette", "sourceLocator": "p. 2", "confidence": "HIGH", "note": "By its title."
                },
                { "partyId": "@south", "role": "PARTY" }
            ],
            "relations": [{ "kind": "IMPLEMENTS", "agreementId": "@treaty" }, { "kind": "AMENDS", "agreementId": "@treaty" }],
            "endings": [
                {
                    "endedOn": "2017-02-20", "kind": "TERMINATED", "heldById": "@south",
                    "sourceId": "@gazette", "sourceLocator": "p. 8", "confidence": "LOW", "note": "By letter."
                },
                { "endedOn": "2017-03-01", "kind": "COLLAPSED" }
            ],
            "topicTreatments": [{ "scheme": "PA-X", "code": "HrGen", "extent": 3 }, { "scheme": "PA-X", "code": "Ce", "extent": 1 }]
        }],
        ["one", "Clause", {
            "agreementId": "@treaty", "number": "1", "heading": "Ceasefire", "summary": "Fire ceases.", "nature": "CONTINUING", "topicId": "@security"
        }],
        ["two", "Clause", {
            "agreementId": "@treaty", "number": "1.a", "position": 2, "parentId": "@one", "heading": "Heavy weapons", "aliases": ["Важке озброєння", "Guns"], "summary": "They leave.",
            "text": "All of them.", "nature": "ONE_OFF", "weight": 5, "topicId": "@borders", "sourceId": "@gazette", "sourceLocator": "art. 1, point a", "confidence": "LOW", "note": "Translated.",
            "obligations": [{ "partyId": "@north", "role": "OBLIGED" }, {
                "partyId": "@south", "role": "MONITOR", "heldById": "@north",
                "sourceId": "@gazette", "sourceLocator": "p. 3", "confidence": "LOW", "note": "Unclear."
            }],
            "externalIds": [{ "scheme": "PAM", "value": "4" }],
            "deadlines": [
                { "rule": "14 days", "dueOn": "2015-02-26", "heldById": "@south", "sourceId": "@gazette", "sourceLocator": "p. 4", "confidence": "HIGH", "note": "Counted from signing" },
                { "rule": "When done", "key": "done", "phase": "START", "after": { "days": 3, "completedClauseId": "@one" } }
            ],
            "criteria": [{ "status": "PARTIAL", "text": "Half of them left." }, { "status": "BREACHED", "text": "Some came back." }]
        }],
        ["offer", "Proposal", {
            "slug": "offer", "title": "Offer", "summary": "Talks.", "standing": "OFFICIAL", "madeOn": "2016-05-01", "proposedByIds": ["@north"]
        }],
        ["answer", "Proposal", {
            "slug": "answer", "title": "Answer", "aliases": ["Відповідь"], "summary": "No talks.", "standing": "OFFICIAL", "isPackage": true, "madeOn": "2016-06-01",
            "proposedByIds": ["@south", "@envoy"], "addressedToIds": ["@north"], "agreementIds": ["@annex", "@treaty"],
            "respondsToId": "@offer", "sourceId": "@gazette", "sourceLocator": "p. 5", "confidence": "HIGH", "note": "Leaked.",
            "externalIds": [{ "scheme": "UN", "value": "S/5" }]
        }],
        ["ask", "Caveat", { "proposalId": "@offer", "number": "A-1", "kind": "DEMAND", "heading": "Ask", "summary": "Some.", "topicId": "@security" }],
        ["give", "Caveat", {
            "proposalId": "@answer", "number": "G-1", "position": 1, "kind": "OFFER", "heading": "Give", "aliases": ["Дати"], "summary": "More.", "text": "We give.",
            "topicId": "@borders", "owedByIds": ["@south", "@north"], "owedToIds": ["@north"], "inExchangeForIds": ["@ask"], "answersIds": ["@ask"],
            "clauseLinks": [{ "clauseId": "@two", "kind": "OVERLAPS", "note": "In part" }, { "clauseId": "@one", "kind": "CONFLICTS" }],
            "sourceId": "@gazette", "sourceLocator": "p. 6", "confidence": "LOW", "note": "Oral.",
            "externalIds": [{ "scheme": "OSCE", "value": "6" }]
        }],
        ["talks", "Event", {
            "slug": "talks", "happenedOn": "2016-07-01", "endedOn": "2016-07-03", "kind": "NEGOTIATION", "title": "Talks", "aliases": ["Розмови"], "summary": "They talked.",
            "place": "Paris", "confidence": "LOW", "actorIds": ["@south", "@envoy"], "concernsIds": ["@two", "@give", "@offer"], "sourceIds": ["@gazette"],
            "externalIds": [{ "scheme": "UN meeting", "value": "7" }]
        }],
        ["order", "Precondition", {
            "kind": "BEFORE_START", "stepId": "@two", "requiresId": "@ask", "heldById": "@south", "note": "Says the South.", "sourceId": "@gazette", "sourceLocator": "p. 7", "confidence": "HIGH"
        }],
        ["reading", "Interpretation", {
            "subjectId": "@two", "term": "heavy", "meaning": "Above 100 mm.", "heldById": "@south", "statedOn": "2016-07-02", "sourceId": "@gazette",
            "sourceLocator": "p. 5", "confidence": "LOW", "note": "Reported."
        }]
    ])
}

/// A record of the world: its kind, its id, the input that created it, and the created record.
struct Made {
    kind: String,
    id: String,
    input: Value,
    record: Value,
}

/// A small test world, created through the API. Values refer to its records as `@name`, which is replaced by the id.
pub struct World<'a> {
    pub app: &'a TestApp,
    made: BTreeMap<String, Made>,
}

impl<'a> World<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        let mut w = Self { app, made: BTreeMap::new() };
        for record in records().as_array().unwrap() {
            w.create(record[0].as_str().unwrap(), record[1].as_str().unwrap(), record[2].clone());
        }
        w
    }

    /// Creates a record and registers it under a name.
    pub fn create(&mut self, name: &str, kind: &str, input: Value) -> &Value {
        let selection = format!("record: {} {{ {} }}", lower(kind), fields(kind));
        let record = self.apply(&format!("create{kind}"), &input, &selection)["record"].take();
        let id = record["id"].as_str().unwrap().to_owned();
        let made = Made { kind: kind.to_owned(), id, input, record };
        &self.made.entry(name.to_owned()).insert_entry(made).into_mut().record
    }

    /// The id of a record of the world.
    pub fn id(&self, name: &str) -> &str {
        &self.made[name].id
    }

    /// `value` with ids replaced by `@name`, for snapshots. Ids without a name become `[id]`.
    pub fn named(&self, value: &Value) -> Value {
        match value {
            Value::String(text) if GlobalId::decode(text).is_some() => {
                let name =
                    self.made.iter().find(|(_, made)| made.id == *text).map(|(name, _)| name);
                json!(name.map_or_else(|| "[id]".to_owned(), |name| format!("@{name}")))
            }
            Value::Array(items) => items.iter().map(|item| self.named(item)).collect(),
            Value::Object(map) => {
                map.iter().map(|(key, value)| (key.clone(), self.named(value))).collect()
            }
            other => other.clone(),
        }
    }

    /// The record as it was when it was created.
    pub fn created(&self, name: &str) -> &Value {
        &self.made[name].record
    }

    /// The kind of a record of the world.
    pub fn kind(&self, name: &str) -> &str {
        &self.made[name].kind
    }

    /// The input that created a record.
    pub fn input(&self, name: &str) -> Value {
        self.made[name].input.clone()
    }

    /// `value` with each `@name` replaced by the record's id.
    pub fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                json!(text.strip_prefix('@').map_or(text.as_str(), |name| self.id(name)))
            }
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            Value::Object(map) => {
                map.iter().map(|(key, value)| (key.clone(), self.resolve(value))).collect()
            }
            other => other.clone(),
        }
    }

    /// Sends one mutation and returns its payload, with or without errors.
    pub fn mutate(&self, name: &str, input: &Value, selection: &str) -> Value {
        let (first, rest) = name.split_at(1);
        let query = format!(
            "mutation($input: {}{rest}Input!) {{ payload: {name}(input: $input) {{ \
             userErrors {{ code message path }} {selection} }} }}",
            first.to_uppercase()
        );
        self.app.data(&query, json!({ "input": self.resolve(input) }))["payload"].take()
    }

    /// Sends one mutation that must succeed, and returns its payload.
    pub fn apply(&self, name: &str, input: &Value, selection: &str) -> Value {
        let payload = self.mutate(name, input, selection);
        assert_eq!(payload["userErrors"], json!([]), "{name} {input}");
        payload
    }

    /// Sends one mutation that must be rejected, and checks that nothing was written. Returns the code, path and message
    /// of each error. Paths start below `input`.
    pub fn reject(&self, name: &str, input: &Value) -> Vec<(String, String, String)> {
        let before = self.app.log_position();
        let record = lower(name.trim_start_matches(char::is_lowercase).trim_end_matches("Status"));
        let payload = self.mutate(name, input, &format!("record: {record} {{ id }}"));
        assert_eq!(self.app.log_position(), before, "{name} {input}");
        assert_eq!(payload["record"], Value::Null, "{name} {input}");
        let faults = payload["userErrors"].as_array().unwrap().iter().map(|error| {
            let steps = error["path"].as_array().unwrap().iter().map(|step| step.as_str().unwrap());
            let path = steps.collect::<Vec<_>>().join(".");
            let path = path.strip_prefix("input.").expect("paths start with `input`");
            let text = |key: &str| error[key].as_str().unwrap().to_owned();
            (text("code"), path.to_owned(), text("message"))
        });
        let faults: Vec<_> = faults.collect();
        assert!(!faults.is_empty(), "{name} {input} was not rejected");
        faults
    }

    /// The current fields of a record of the world, read with `node`.
    pub fn read(&self, name: &str, selection: &str) -> Value {
        let kind = self.kind(name);
        let query =
            format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {selection} }} }} }}");
        self.app.data(&query, json!({ "id": self.id(name) }))["node"].take()
    }

    /// The input of a mutation of a record of the world: the id of the record, and `patch`.
    pub fn about(&self, name: &str, patch: &Value) -> Value {
        with(json!({ format!("{}Id", lower(self.kind(name))): self.id(name) }), patch)
    }

    /// Updates or archives a record of the world, and returns it from the payload.
    pub fn change(&self, verb: &str, name: &str, patch: &Value) -> Value {
        let kind = self.kind(name);
        let selection = format!("record: {} {{ {} }}", lower(kind), fields(kind));
        self.apply(&format!("{verb}{kind}"), &self.about(name, patch), &selection)["record"].take()
    }

    /// The change log after `position`. Each entry contains the actor, the action, the record, and the fields before and
    /// after, with names instead of ids.
    pub fn log_since(&self, position: i64) -> Vec<Value> {
        let fields = "{ name kind value record { id } }";
        let query = format!(
            "query($after: String) {{ changes(first: 200, after: $after) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ \
             position actor action subject {{ __typename id }} before {fields} after {fields} }} }} }}"
        );
        let (mut after, mut entries) = (Value::Null, Vec::new());
        loop {
            let mut page = self.app.data(&query, json!({ "after": after }))["changes"].take();
            let nodes = page["nodes"].as_array().unwrap().iter();
            let new = nodes.filter(|change| change["position"].as_i64().unwrap() > position);
            entries.extend(new.map(|change| self.written(change)));
            if page["pageInfo"]["hasNextPage"] == false {
                return entries;
            }
            after = page["pageInfo"]["endCursor"].take();
        }
    }

    /// A short description of a change.
    fn written(&self, change: &Value) -> Value {
        let field = |field: &Value| {
            let id = (field["kind"] == "REFERENCE").then_some(&field["value"]);
            assert_eq!(field["record"].get("id"), id, "{field}");
            let named = self.named(field);
            let text = |key: &str| named[key].as_str().unwrap();
            json!(format!("{} {} {}", text("kind"), text("name"), text("value")))
        };
        let fields =
            |side: &str| -> Value { change[side].as_array().unwrap().iter().map(field).collect() };
        let named = self.named(change);
        let text = |pointer: &str| named.pointer(pointer).and_then(Value::as_str).unwrap();
        let (actor, action) = (text("/actor"), text("/action"));
        let done =
            format!("{actor} {action} {} {}", text("/subject/__typename"), text("/subject/id"));
        json!({ "change": done, "before": fields("before"), "after": fields("after") })
    }
}
