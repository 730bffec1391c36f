//! The arguments that documents pass to fields. The snapshot contains the value of each field for exactly these
//! arguments.

use serde_json::{Value, json};

use super::schema::{Field, Schema, base};

/// The arguments of a field, except the paging arguments.
#[derive(Debug, Clone)]
pub struct Choice {
    pub arguments: Value,
    /// Whether the field fails with these arguments.
    pub fails: bool,
}

/// Names of records in the data.
#[derive(Debug, Default)]
pub struct Vocabulary {
    pub agreements: Vec<String>,
    /// Parties that hold assessments.
    pub parties: Vec<String>,
    pub topics: Vec<String>,
    pub proposals: Vec<String>,
    /// The clauses, each as the slug of its agreement and its number.
    pub clauses: Vec<(String, String)>,
    /// Numbers of caveats.
    pub caveats: Vec<String>,
    /// Addresses of sources.
    pub addresses: Vec<String>,
}

/// Root fields that documents do not select. `implementation` and `sequence` are read through agreements. The others
/// depend on limits, the log or the viewer, or return records that the sample lacks.
const LEFT_OUT: [&str; 13] = [
    "cost",
    "changes",
    "changesEnd",
    "changeCounts",
    "coderAgreement",
    "implementation",
    "release",
    "releases",
    "sequence",
    "submission",
    "submissions",
    "tokens",
    "webhooks",
];

/// Strings that no record has as a slug, and that need escapes.
const ODD: [&str; 4] = ["nobody-knows", "😀 \"quoted\" \\ back", "tab\tand\nline", "Ünï/çode"];

const EARLY: &str = "2015-03-01";
const MIDDLE: &str = "2016-06-30";
const LATE: &str = "2021-12-31";

fn works(arguments: Value) -> Choice {
    Choice { arguments, fails: false }
}

fn fails(arguments: Value) -> Choice {
    Choice { arguments, fails: true }
}

fn all(arguments: Vec<Value>) -> Vec<Choice> {
    arguments.into_iter().map(works).collect()
}

impl Vocabulary {
    fn some(names: &[String], at: usize) -> &str {
        names.get(at % names.len().max(1)).map_or("none", String::as_str)
    }

    fn party(&self, at: usize) -> &str {
        Self::some(&self.parties, at)
    }

    /// The possible arguments of a field. Empty if documents do not select the field.
    pub fn choices(&self, parent: &str, field: &Field) -> Vec<Choice> {
        let has = |name: &str| field.arguments.iter().any(|argument| argument.name == name);
        if parent == "Query" {
            return self.root_choices(&field.name);
        }
        if has("includeDeprecated") {
            return all(vec![json!({}), json!({ "includeDeprecated": true })]);
        }
        match field.name.as_str() {
            "clause" if has("number") => {
                let numbers = self.clauses.iter().take(4).map(|(_, number)| number.as_str());
                let numbers = numbers.chain(ODD.iter().take(2).copied());
                all(numbers.map(|number| json!({ "number": number })).collect())
            }
            "caveat" if has("number") => {
                let numbers = self.caveats.iter().take(4).map(String::as_str).chain(["none"]);
                all(numbers.map(|number| json!({ "number": number })).collect())
            }
            "changesBetween" => vec![
                works(json!({ "from": EARLY, "to": LATE })),
                works(json!({ "from": EARLY, "to": MIDDLE, "heldBy": self.party(0) })),
                fails(json!({ "from": LATE, "to": EARLY })),
            ],
            "implementationSeries" => vec![
                works(json!({ "from": EARLY, "to": "2015-06-30" })),
                works(json!({ "from": EARLY, "to": LATE, "every": "YEAR" })),
                fails(json!({ "from": LATE, "to": EARLY, "every": "QUARTER" })),
            ],
            "sequence" => all(vec![json!({})]),
            "timeline" => Self::timeline(),
            "clauses" if has("role") => all(vec![
                json!({}),
                json!({ "role": "OBLIGED" }),
                json!({ "filter": { "status": ["COMPLETE", "PARTIAL"] }, "orderBy": { "field": "STATUS_SINCE" } }),
            ]),
            "clauses" => all(vec![
                json!({}),
                json!({ "filter": { "status": ["NOT_STARTED"] } }),
                json!({ "orderBy": { "field": "POSITION" } }),
                json!({ "orderBy": { "field": "POSITION", "direction": "DESC" } }),
            ]),
            "caveats" => all(vec![json!({}), json!({ "filter": { "kind": ["DEMAND", "OFFER"] } })]),
            "assessments" => all(vec![json!({}), json!({ "includeRetracted": true })]),
            _ if has("heldBy") => {
                let mut choices = vec![
                    works(json!({})),
                    works(json!({ "heldBy": self.party(0) })),
                    works(json!({ "heldBy": self.party(1), "asOf": MIDDLE })),
                    works(json!({ "asOf": EARLY })),
                    works(json!({ "asOf": LATE, "knownAt": "2000-01-01T00:00:00Z" })),
                    fails(json!({ "heldBy": "nobody" })),
                ];
                // Some fields accept only some of these arguments.
                choices.retain(|choice| {
                    choice.arguments.as_object().expect("arguments").keys().all(|name| has(name))
                });
                choices
            }
            _ if has("asOf") => all(vec![json!({}), json!({ "asOf": MIDDLE })]),
            _ => {
                let is_required = field.arguments.iter();
                let mut is_required =
                    is_required.map(|argument| !argument.ty.nullable && argument.default.is_none());
                if is_required.any(|is_required| is_required) {
                    Vec::new()
                } else {
                    all(vec![json!({})])
                }
            }
        }
    }

    fn timeline() -> Vec<Choice> {
        vec![
            works(json!({})),
            works(json!({ "kinds": ["DEADLINE"] })),
            works(json!({ "kinds": ["ASSESSMENT", "EVENT"], "from": EARLY, "to": MIDDLE })),
            fails(json!({ "from": LATE, "to": EARLY })),
        ]
    }

    fn root_choices(&self, field: &str) -> Vec<Choice> {
        let named = |argument: &str, names: &[String]| {
            let names = names.iter().take(4).map(String::as_str).chain(ODD);
            all(names.map(|name| json!({ argument: name })).collect())
        };
        let slugs = |names: &[String]| named("slug", names);
        match field {
            "agreement" => slugs(&self.agreements),
            "party" => slugs(&self.parties),
            "byExternalId" => all(vec![
                json!({ "scheme": "PA-X", "value": "1364" }),
                json!({ "scheme": "PA-X", "value": "999999" }),
            ]),
            "proposal" => slugs(&self.proposals),
            "source" => named("url", &self.addresses),
            "clause" => {
                let pairs = self.clauses.iter();
                let pairs = pairs.map(|(agreement, number)| (agreement.as_str(), number.as_str()));
                let pairs = pairs.chain(ODD.map(|odd| (self.agreement(), odd)));
                let pairs = pairs.chain([(ODD[0], "1")]);
                let one = |(agreement, number)| json!({ "agreement": agreement, "number": number });
                all(pairs.map(one).collect())
            }
            "clauses" => vec![
                works(json!({})),
                works(json!({ "filter": {} })),
                works(json!({ "filter": { "status": ["COMPLETE"] } })),
                works(
                    json!({ "filter": { "status": ["COMPLETE", "BREACHED"], "agreement": [self.agreement()] } }),
                ),
                works(
                    json!({ "filter": { "topic": [Self::some(&self.topics, 0)], "overdue": false } }),
                ),
                works(
                    json!({ "filter": { "heldBy": self.party(0), "asOf": MIDDLE, "contested": true } }),
                ),
                works(
                    json!({ "filter": { "text": "weapons" }, "orderBy": { "field": "DEADLINE" } }),
                ),
                works(json!({ "orderBy": { "field": "STATUS_SINCE" } })),
                works(json!({ "orderBy": { "field": "STATUS_SINCE", "direction": "DESC" } })),
                fails(json!({ "filter": { "heldBy": "nobody" } })),
            ],
            "agreements" => all(vec![
                json!({}),
                json!({ "filter": { "kind": ["PROTOCOL"] } }),
                json!({ "filter": { "agreedFrom": EARLY, "party": [self.party(0)] } }),
                json!({ "orderBy": { "field": "TITLE" } }),
            ]),
            "caveats" => all(vec![
                json!({}),
                json!({ "filter": { "kind": ["DEMAND"], "status": ["OPEN", "REJECTED"] } }),
                json!({ "orderBy": { "field": "STATUS_SINCE", "direction": "DESC" } }),
            ]),
            "proposals" => all(vec![
                json!({}),
                json!({ "filter": { "standing": "OFFICIAL", "madeFrom": MIDDLE } }),
                json!({ "orderBy": { "field": "MADE_ON", "direction": "DESC" } }),
            ]),
            "implementationSeries" => vec![
                works(json!({ "to": LATE, "every": "YEAR" })),
                works(
                    json!({ "from": EARLY, "to": LATE, "every": "YEAR", "heldBy": self.party(0) }),
                ),
                fails(json!({ "from": LATE, "to": EARLY, "every": "QUARTER" })),
            ],
            "events" => all(vec![
                json!({ "orderBy": { "field": "CLAUSES", "direction": "DESC" } }),
                json!({}),
                json!({ "filter": { "kind": ["SIGNING", "VOTE"], "from": EARLY } }),
                json!({ "filter": { "actor": [self.party(0), self.party(1)] } }),
            ]),
            "sources" => all(vec![
                json!({}),
                json!({ "filter": { "kind": ["PRESS"], "publishedFrom": EARLY } }),
                json!({ "filter": { "cited": true, "hasUrl": false, "text": "report" } }),
                json!({ "orderBy": { "field": "PUBLISHED_ON", "direction": "DESC" } }),
            ]),
            "search" => all(vec![
                json!({ "query": "ceasefire" }),
                json!({ "query": "weapons", "kinds": ["CLAUSE", "EVENT"] }),
                json!({ "query": "withdraw", "kinds": ["CAVEAT"] }),
                json!({ "query": "xyzzy" }),
            ]),
            "timeline" => Self::timeline(),
            name if name.starts_with("__")
                || name.starts_with("node")
                || LEFT_OUT.contains(&name) =>
            {
                Vec::new()
            }
            _ => all(vec![json!({})]),
        }
    }

    fn agreement(&self) -> &str {
        Self::some(&self.agreements, 0)
    }

    /// Whether the field returns a connection.
    pub fn is_connection(schema: &Schema, field: &Field) -> bool {
        base(&field.ty).ends_with("Connection") && schema.types.contains_key(base(&field.ty))
    }
}
