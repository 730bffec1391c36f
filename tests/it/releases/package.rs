//! The files of a package: they can be verified, and other programs read them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{failure, files, release};
use crate::dumps::add_edge_cases;
use crate::other_clients::python;
use crate::support::{TestApp, on_both_databases, on_one_database, text};

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for (name, content) in files(from) {
        fs::write(to.join(name), content).unwrap();
    }
}

/// A JSON file of the package.
fn document(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).expect("JSON")
}

/// Makes a release of the edge cases. Returns its folder.
fn released(app: &TestApp) -> TempDir {
    add_edge_cases(app);
    let directory = TempDir::new().unwrap();
    let options = ["one", "--creator", "Ann", "--license", "CC-BY-4.0", "--into", "one"];
    release(&app.database_url, directory.path(), &options);
    directory
}

/// Changes the folder of a release.
type Damage = fn(&Path);

on_both_databases! {
    fn verify_names_every_difference(app: Sample) {
        let directory = released(&app);
        let path = |name: &str| directory.path().join(name);
        let output = release(&app.database_url, directory.path(), &["--verify", "one"]);
        assert!(output.starts_with("one is the release one, unchanged: ") && output.contains("It equals the release in the database "), "{output}");
        // Verifies the folder without a database.
        let nowhere = format!("sqlite:{}", path("none.db").display());
        let output = release(&nowhere, directory.path(), &["--verify", "one"]);
        assert!(output.contains("It was not compared with a database: there is none at "), "{output}");
        assert!(!path("none.db").exists());
        let cases: [(&str, Damage, &[&str]); 6] = [
            ("byte", |folder| {
                let file = folder.join("clauses.csv");
                let mut content = fs::read(&file).unwrap();
                content[100] ^= 1;
                fs::write(&file, content).unwrap();
            }, &["clauses.csv: its SHA-256 is ", "clauses.csv: the database records the SHA-256 "]),
            ("missing", |folder| fs::remove_file(folder.join("parties.xlsx")).unwrap(), &["parties.xlsx: the file is missing"]),
            ("extra", |folder| fs::write(folder.join("extra.csv"), "a").unwrap(), &["extra.csv: the file is not in SHA256SUMS"]),
            ("line", |folder| {
                let file = folder.join("log.ndjson");
                let mut content = fs::read(&file).unwrap();
                content.extend(b"{}\n");
                fs::write(&file, content).unwrap();
            }, &["log.ndjson: its SHA-256 is ", "log.ndjson: it has ", "log.ndjson: its Merkle root is ", "log.ndjson: the database records the Merkle root "]),
            ("list", |folder| fs::write(folder.join("SHA256SUMS"), "nonsense\n").unwrap(), &["SHA256SUMS: line 1 is “nonsense”, not a SHA-256", "SHA256SUMS: the database records"]),
            ("identity", |folder| fs::write(folder.join("release.json"), "{").unwrap(), &["release.json: its SHA-256 is ", "release.json: EOF"]),
        ];
        for (name, damage, expected) in cases {
            copy(&path("one"), &path(name));
            damage(&path(name));
            let (output, error) = failure(&app.database_url, directory.path(), &["--verify", name]);
            for part in expected {
                assert!(output.lines().any(|line| line.starts_with(part)), "{name}, {part}: {output}");
            }
            assert!(error.contains(&format!("{name} has changed: ")), "{error}");
        }
    }
}

on_one_database! {
    fn checksums_are_those_of_sha256sum(app: Sample) {
        let directory = released(&app);
        let output = Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(directory.path().join("one")).output();
        let output = output.expect("sha256sum runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
        let folder = directory.path().join("one");
        let listed: BTreeSet<String> = text(&files(&folder)["SHA256SUMS"]).lines().map(|line| line[66..].to_owned()).collect();
        let mut expected: BTreeSet<String> = files(&folder).into_keys().collect();
        expected.remove("SHA256SUMS");
        assert_eq!(listed, expected);
    }

    fn tables_describe_every_column_of_their_files(app: Sample) {
        let directory = released(&app);
        let folder = directory.path().join("one");
        let package = document(&folder, "datapackage.json");
        assert_eq!(package["licenses"][0]["name"], "CC-BY-4.0");
        let resources = package["resources"].as_array().unwrap();
        assert_eq!(resources.len(), 11);
        for resource in resources {
            let path = resource["path"].as_str().unwrap();
            let fields = resource["schema"]["fields"].as_array().unwrap();
            let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
            let mut reader = csv::Reader::from_path(folder.join(path)).unwrap();
            let headers = reader.headers().unwrap().clone();
            assert_eq!(headers.iter().collect::<Vec<_>>(), names, "{path}");
            // Every code in the file is in the list of valid codes in `datapackage.json`.
            for record in reader.records().map(Result::unwrap) {
                for (field, value) in fields.iter().zip(&record).filter(|(_, value)| !value.is_empty()) {
                    let codes = field["constraints"]["enum"].as_array();
                    assert!(codes.is_none_or(|codes| codes.iter().any(|code| code == value)), "{path}: {field}: {value}");
                }
            }
        }
    }

    fn linked_data_names_who_said_what_when(app: Sample) {
        let directory = released(&app);
        let folder = directory.path().join("one");
        let provenance = document(&folder, "provenance.jsonld");
        let graph = provenance["@graph"].as_array().unwrap();
        let ids: BTreeSet<&str> = graph.iter().map(|node| node["@id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), graph.len(), "ids are unique");
        let total = app.data("{ assessments(includeRetracted: true) { totalCount } }", serde_json::json!({}));
        let statuses: Vec<&Value> = graph.iter().filter(|node| node["wasGeneratedBy"].is_string()).collect();
        assert_eq!(serde_json::json!(statuses.len()), total["assessments"]["totalCount"]);
        for status in &statuses {
            assert!(ids.contains(status["wasGeneratedBy"].as_str().unwrap()), "{status}");
            assert!(ids.contains(status["wasAttributedTo"].as_str().unwrap()), "{status}");
            assert!(status["value"].is_string() && status["generatedAtTime"].is_string(), "{status}");
        }
        assert!(statuses.iter().any(|status| status["wasInvalidatedBy"].is_string()), "one was retracted");
        let dataset = document(&folder, "dataset.jsonld");
        let listed = dataset["distribution"].as_array().unwrap().len();
        assert_eq!(listed, files(&folder).len() - 2, "all files except itself and SHA256SUMS");
        assert_eq!(dataset["creator"], serde_json::json!(["Ann"]));
        let topics = document(&folder, "topics.jsonld");
        let count = app.data("{ topics { id } }", serde_json::json!({}))["topics"].as_array().unwrap().len();
        assert_eq!(topics["@graph"].as_array().unwrap().len(), count + 1);
        let datacite = document(&folder, "datacite.json");
        assert_eq!((&datacite["creators"][0]["name"], &datacite["version"]), (&"Ann".into(), &"one".into()));
    }

    fn frictionless_validates_the_data_package(app: Sample) {
        let directory = released(&app);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/validate_package.py");
        let output = Command::new(python()).arg(script).arg(directory.path().join("one/datapackage.json")).output().expect("Python runs");
        assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    }

    fn package_is_not_recorded_without_a_place_for_it(app: Sample) {
        let directory = TempDir::new().unwrap();
        fs::write(directory.path().join("file"), "").unwrap();
        let (_, error) = failure(&app.database_url, directory.path(), &["one", "--into", "file/below"]);
        assert!(error.contains("cannot create file"), "{error}");
        assert_eq!(release(&app.database_url, directory.path(), &["--list"]), "");
    }
}
