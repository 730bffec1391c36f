//! Random batches of assessments: their changes, and the result of a dry run.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

on_both_databases! {
    fn random_batches_change_only_named_records_like_their_dry_run(app: Empty) {
        let w = World::new(&app);
        let subjects = prop::sample::select(vec!["@one", "treaty/1", "treaty/1.a", "offer", "offer/A-1", "@give", "treaty/9", "nowhere", "@north", ""]);
        let statuses = prop::sample::select(vec!["PARTIAL", "COMPLETE", "BREACHED", "ACCEPTED", "LAPSED", "no status"]);
        let days = prop::sample::select(vec!["2016-07-01", "2016-08-01", "2016-09-01", "2014-01-01", "2999-01-01"]);
        let holders = prop::sample::select(vec![Value::Null, json!("south"), json!("@north"), json!("nobody")]);
        // Most items are valid, so that some batches are valid as a whole.
        let one = (0..8usize, subjects, statuses, days, holders).prop_map(|(dice, subject, status, day, holder)| match dice {
            0 => item(subject, status, day, &json!({ "heldBy": holder })),
            1..=3 => item(["@one", "treaty/1.a", "treaty/1"][dice - 1], "PARTIAL", "2016-07-01", &json!({ "heldBy": "south" })),
            4 | 5 => item(["offer", "@answer"][dice - 4], "LAPSED", "2016-08-01", &json!({})),
            _ => item(["offer/A-1", "@give"][dice - 6], "ACCEPTED", "2016-09-01", &json!({})),
        });
        let batches = prop::collection::vec(one, 1..5);
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let (mut valid, mut invalid) = (0, 0);
        for _ in 0..120 {
            let items = batches.new_tree(&mut runner).unwrap().current();
            let (before, position) = (state(&w), app.log_position());
            let dry = send(&w, &items, &json!({ "dryRun": true }));
            assert_eq!((state(&w), app.log_position()), (before.clone(), position), "{items:?}");
            let real = send(&w, &items, &json!({}));
            assert_eq!((effects(&real), errors(&real)), (effects(&dry), errors(&dry)), "{items:?}");
            let new: BTreeSet<String> = ids(&real).iter().filter_map(|id| Some(id.as_str()?.to_owned())).collect();
            let after = state(&w);
            if errors(&real).is_empty() {
                valid += 1;
            } else {
                invalid += 1;
                assert_eq!((&after, new.len()), (&before, 0), "{items:?}");
            }
            assert_eq!(app.log_position(), position + i64::try_from(new.len()).unwrap(), "{items:?}");
            let nodes = |state: &Value| -> BTreeSet<String> {
                let records = state.as_array().unwrap().iter();
                let nodes = records.flat_map(|record| record["assessments"]["nodes"].as_array().unwrap());
                nodes.map(|node| node["id"].as_str().unwrap().to_owned()).collect()
            };
            let added: BTreeSet<String> = nodes(&after).difference(&nodes(&before)).cloned().collect();
            assert_eq!(added, new, "{items:?}");
            let named: BTreeSet<&str> = real["items"].as_array().unwrap().iter().filter_map(|item| item["subject"]["id"].as_str()).collect();
            for (before, after) in before.as_array().unwrap().iter().zip(after.as_array().unwrap()) {
                assert!(before == after || named.contains(before["id"].as_str().unwrap()), "{items:?}");
            }
        }
        assert!(valid >= 20 && invalid >= 20, "{valid} valid, {invalid} invalid");
        app.assert_no_differences();
    }
}
