//! The requests that update statuses.

use serde_json::json;

use super::Contender;
use crate::cases::UPDATE_DOCUMENT;
use crate::client::{Exchange, post};
use crate::data;

/// The day from which the new statuses apply.
const EFFECTIVE_ON: &str = "2020-06-01";

/// The clauses to update. `clauses` contains their agreements, numbers and database ids, and `ids` their API ids.
pub(super) struct Updates<'a> {
    pub(super) clauses: &'a [(String, String, String)],
    pub(super) ids: &'a [String],
    pub(super) token: &'a str,
}

impl Updates<'_> {
    /// The updates of each connection. No two connections update the same clause, so a response always shows the update
    /// that was requested.
    pub(super) fn exchanges(&self, contender: Contender, connections: usize) -> Vec<Vec<Exchange>> {
        let clauses = || self.clauses.iter().zip(self.ids).enumerate();
        let of_connection = |connection| {
            let rounds = 0..data::STATUSES.len();
            rounds
                .flat_map(|round| {
                    let clauses = clauses().skip(connection).step_by(connections);
                    clauses.map(move |(index, (clause, id))| {
                        let status = data::STATUSES.iter().cycle().nth(index % 6 + round);
                        let status = status.copied().unwrap_or_default();
                        self.exchange(contender, id, &clause.2, status, round)
                    })
                })
                .collect()
        };
        (0..connections).map(of_connection).collect()
    }

    fn exchange(
        &self,
        contender: Contender,
        id: &str,
        row: &str,
        status: &str,
        round: usize,
    ) -> Exchange {
        let note = format!("Recorded in round {round}: the observers “saw it themselves”.");
        let request = if contender == Contender::ByHand {
            let body = json!({ "clause": row, "status": status, "effectiveOn": EFFECTIVE_ON, "note": note });
            post("/update", &body.to_string(), None)
        } else {
            let input = json!({ "clauseId": id, "status": status, "effectiveOn": EFFECTIVE_ON, "note": note });
            let body = json!({ "query": UPDATE_DOCUMENT, "variables": { "input": input } });
            post("/graphql", &body.to_string(), Some(self.token))
        };
        Exchange { request, answer: updated(status) }
    }
}

/// The response to an update.
pub(super) fn updated(status: &str) -> Vec<u8> {
    format!(
        r#"{{"data":{{"updateClauseStatus":{{"clause":{{"status":"{status}","statusSince":"{EFFECTIVE_ON}"}},"userErrors":[]}}}}}}"#
    )
    .into_bytes()
}
