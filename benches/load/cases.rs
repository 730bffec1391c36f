//! The measured API queries, and the equivalent hand-written query for each.

use serde_json::{Value, json};

use super::data;

/// A measured query.
pub struct Case {
    /// The short name of the query.
    pub key: &'static str,
    /// A description of the query.
    pub title: &'static str,
    /// The hand-written query with the same response, if there is one.
    pub by_hand: Option<&'static str>,
    /// The GraphQL document.
    pub document: &'static str,
    /// The minimum number of rows in a response. The query is not measured with variables for which it returns
    /// fewer rows.
    pub rows: usize,
    /// The required and the desired limit of CPU time, as multiples of the hand-written query's CPU time.
    pub targets: Targets,
}

/// The required and the desired limit of a case on each database, as multiples of the hand-written query's CPU time.
#[derive(Clone, Copy)]
pub struct Targets {
    /// On SQLite.
    pub sqlite: Option<(f64, f64)>,
    /// On PostgreSQL.
    pub postgres: Option<(f64, f64)>,
}

/// The required and the desired limit of a repeated query, as multiples of the CPU time to return fixed bytes.
pub const CACHED: (f64, f64) = (2.0, 1.3);
/// The required limit of an update, as a multiple of the CPU time of the same transaction in hand-written SQL.
pub const UPDATE: f64 = 2.0;
/// The limit of the peak memory for Q3, in bytes.
pub const PEAK: u64 = 60 * 1024 * 1024;
/// The limit of the CPU time for a delivery to a subscriber, in microseconds.
pub const DELIVERY: f64 = 15.0;

const fn targets(sqlite: (f64, f64), postgres: (f64, f64)) -> Targets {
    Targets { sqlite: Some(sqlite), postgres: Some(postgres) }
}

const NO_TARGETS: Targets = Targets { sqlite: None, postgres: None };

/// The queries that have a hand-written equivalent.
pub const CASES: [Case; 5] = [
    Case {
        key: "Q1",
        title: "one agreement",
        by_hand: Some("agreement"),
        document: "query($slug: String!) { agreement(slug: $slug) { slug title kind agreedOn place summary } }",
        rows: 0,
        targets: targets((3.0, 2.0), (2.5, 1.5)),
    },
    Case {
        key: "Q2",
        title: "an agreement and its 20 clauses",
        by_hand: Some("agreement-and-clauses"),
        document: "query($slug: String!) { agreement(slug: $slug) { title agreedOn \
                   clauses(first: 20) { nodes { number heading status statusSince } } } }",
        rows: 20,
        targets: targets((2.5, 1.5), (2.2, 1.4)),
    },
    Case {
        key: "Q3",
        title: "20 agreements, their parties, 400 clauses, the last 3 assessments of each",
        by_hand: Some("agreements"),
        document: "query($agreedFrom: Date!) { agreements(first: 20, filter: { agreedFrom: $agreedFrom }) { nodes { \
                   slug title parties { role party { name } } clauses(first: 20) { nodes { number status \
                   assessments(first: 3) { nodes { status effectiveOn momentum } } } } } } }",
        rows: 20,
        targets: targets((2.5, 1.5), (2.0, 1.3)),
    },
    Case {
        key: "Q4",
        title: "50 clauses with a status and a topic, the newest status first",
        by_hand: Some("clauses"),
        document: "query($status: ClauseStatus!, $topic: String!) { clauses(first: 50, \
                   filter: { status: [$status], topic: [$topic] }, \
                   orderBy: { field: STATUS_SINCE, direction: DESC }) { nodes { number heading status statusSince } } }",
        rows: 50,
        targets: targets((2.5, 1.5), (2.2, 1.4)),
    },
    Case {
        key: "Q5",
        title: "the number of clauses of an agreement by status",
        by_hand: Some("counts"),
        document: "query($slug: String!) { agreement(slug: $slug) { implementation { total assessed \
                   breakdown { status count } } } }",
        rows: 0,
        targets: targets((2.5, 1.5), (2.5, 1.5)),
    },
];

/// Queries that show how CPU time grows with the data. They have no hand-written equivalent.
pub const GROWTH: [Case; 3] = [
    Case {
        key: "G1",
        title: "120 months of one agreement",
        by_hand: None,
        document: "query($slug: String!) { agreement(slug: $slug) { implementationSeries(from: \"2000-01-01\", \
                   to: \"2009-12-31\") { asOf score } } }",
        rows: 0,
        targets: NO_TARGETS,
    },
    Case {
        key: "G2",
        title: "the sequence of one agreement",
        by_hand: None,
        document: "query($slug: String!) { agreement(slug: $slug) { sequence { stages { rank steps { reference } } \
                   keystones { reference } } } }",
        rows: 0,
        targets: NO_TARGETS,
    },
    Case {
        key: "G3",
        title: "120 months of 200 agreements",
        by_hand: None,
        document: "{ agreements(first: 200) { nodes { implementationSeries(from: \"2000-01-01\", to: \"2009-12-31\") \
                   { score } } } }",
        rows: 0,
        targets: NO_TARGETS,
    },
];

impl Case {
    /// The variables of successive requests. They differ, so a response is never the cached response to the previous
    /// request.
    pub fn variables(&self) -> Vec<Value> {
        let slugs = || (0..data::AGREEMENTS).map(data::agreement_slug);
        match self.key {
            "G3" => vec![json!({})],
            // Each request must return 20 agreements. From the days of the last 19 agreements on, there are fewer, so
            // these days are not used.
            "Q3" => (0..=data::AGREEMENTS - 20)
                .map(|number| json!({ "agreedFrom": data::agreed_on(number).to_string() }))
                .collect(),
            "Q4" => data::STATUSES
                .iter()
                .flat_map(|status| {
                    data::topics().map(move |topic| json!({ "status": status, "topic": topic }))
                })
                .collect(),
            _ => slugs().map(|slug| json!({ "slug": slug })).collect(),
        }
    }

    /// The body of a request to the API.
    pub fn body(&self, variables: &Value) -> String {
        json!({ "query": self.document, "variables": variables }).to_string()
    }

    /// The number of rows in the outermost list of a response.
    pub fn count_rows(answer: &Value) -> usize {
        fn find(value: &Value) -> Option<usize> {
            match value {
                Value::Object(fields) => match fields.get("nodes") {
                    Some(nodes) => nodes.as_array().map(Vec::len),
                    None => fields.values().find_map(find),
                },
                _ => None,
            }
        }
        find(answer).unwrap_or_default()
    }
}

/// The measured update.
pub const UPDATE_DOCUMENT: &str = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { \
                                   clause { status statusSince } userErrors { message } } }";

/// The subscription that all subscribers start.
pub const SUBSCRIPTION: &str = "subscription { statusChanged { cursor subject { reference } \
                                assessment { note effectiveOn recordedBy } } }";
