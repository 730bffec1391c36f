//! Reading records.

use serde_json::json;

use crate::support::on_both_databases;

on_both_databases! {
    fn agreement_with_its_clauses_answers_every_point_and_its_status(app: Sample) {
        let data = app.data(
            r#"{ agreement(slug: "minsk-2") { title clauses(first: 50) { totalCount nodes { number heading status statusSince } } } }"#,
            json!({}),
        );
        insta::assert_json_snapshot!("minsk_2_clauses", data);
    }
}
