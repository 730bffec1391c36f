//! The dossiers of the sample.

use clausewatch::dossier::File;

/// The number of clauses in all dossiers of the sample.
pub fn clauses_of_the_sample() -> usize {
    let array = |table: &toml::Table, key: &str| {
        table.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default()
    };
    let mut clauses = 0;
    for file in clausewatch::dossier::embedded() {
        let records: toml::Table = file.text.parse().expect("a dossier is TOML");
        for agreement in array(&records, "agreement") {
            clauses += array(agreement.as_table().expect("a record"), "clause").len();
        }
    }
    clauses
}

/// The shipped dossiers of the Minsk agreements. Most tests use these records, so that additions to the sample do not
/// change their results.
pub fn minsk_dossiers() -> Vec<File> {
    let mut files = clausewatch::dossier::embedded();
    files.retain(|file| {
        let shared = file.name.matches('/').count() == 1;
        shared || file.name.starts_with("data/minsk/")
    });
    files
}
