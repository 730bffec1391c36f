//! The coverage of an agreement's record: its first and last day, and what is not covered.

use clausewatch::dossier::File;
use serde_json::json;

use crate::dossiers::{BASE, import, import_text};
use crate::support::on_both_databases;
use crate::support::world::World;

const READ: &str = "{ agreement(slug: \"truce\") { coveredFrom coveredTo notCovered } }";

on_both_databases! {
    fn coverage_in_a_dossier_is_imported(app: Empty) {
        import_text(&app, BASE);
        let nothing = json!({ "coveredFrom": null, "coveredTo": null, "notCovered": null });
        assert_eq!(app.data(READ, json!({}))["agreement"], nothing);

        let stated = "agreed_on = 2020-01-01\ncovered_from = 2020-01-01\ncovered_to = 2020-12-31\nnot_covered = \"Its annex.\"\n";
        import_text(&app, &BASE.replacen("agreed_on = 2020-01-01\n", stated, 1));
        let coverage = json!({ "coveredFrom": "2020-01-01", "coveredTo": "2020-12-31", "notCovered": "Its annex." });
        assert_eq!(app.data(READ, json!({}))["agreement"], coverage);
    }

    fn coverage_that_ends_before_it_begins_is_rejected(app: Empty) {
        let w = World::new(&app);
        let dates = json!({ "agreementId": "@treaty", "coveredFrom": "2020-03-01", "coveredTo": "2020-02-28" });
        let refused = w.reject("updateAgreement", &dates);
        let message = "2020-02-28 is before 2020-03-01, the first day that is covered";
        assert_eq!(refused, [("OUT_OF_RANGE".to_owned(), "coveredTo".to_owned(), message.to_owned())]);

        let dates = "agreed_on = 2020-01-01\ncovered_from = 2020-03-01\ncovered_to = 2020-02-28\n";
        let text = BASE.replacen("agreed_on = 2020-01-01\n", dates, 1);
        let line = 1 + text.lines().position(|line| line.starts_with("covered_to")).unwrap();
        let file = File { name: "truce.toml".to_owned(), text };
        let error = import(&app, &[file]).unwrap_err().to_string();
        assert_eq!(error, format!("truce.toml:{line}: covered_to: {message}"));
        assert!(app.data(READ, json!({}))["agreement"].is_null(), "nothing is imported");
    }
}
