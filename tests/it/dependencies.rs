//! Checks that the program uses only dependencies that `deny.toml` allows.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Whether a package's licence expression is satisfied by the allowed licences. Alternatives are joined by `OR` or a
/// slash. Groups of alternatives are joined by `AND`. A group of several alternatives is in parentheses.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    expression.replace('/', " OR ").split(" AND ").all(|choices| {
        let choices = choices.trim().trim_start_matches('(').trim_end_matches(')');
        choices.split(" OR ").any(|licence| allowed.contains(&licence.trim()))
    })
}

#[test]
fn every_dependency_has_an_allowed_licence_and_none_is_banned() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = fs::read_to_string(root.join("deny.toml")).expect("deny.toml can be read");
    let rules: toml::Table = rules.parse().expect("deny.toml is TOML");
    let texts = |value: &toml::Value| -> Vec<String> {
        let values = value.as_array().expect("a list").iter();
        values.map(|value| value.as_str().expect("a text").to_owned()).collect()
    };
    let licences = texts(&rules["licenses"]["allow"]);
    let exceptions = rules["licenses"]["exceptions"].as_array().expect("a list");
    // The licences of packages whose manifests declare no licence, read from their licence files.
    let clarified = rules["licenses"]["clarify"].as_array().expect("a list");
    let banned: Vec<&str> = rules["bans"]["deny"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|ban| ban["crate"].as_str().expect("a name"))
        .collect();

    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    assert!(packages.len() > 100, "only {} packages", packages.len());
    for package in packages {
        let (name, licence) =
            (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default());
        assert!(!banned.contains(&name), "{name} is banned");
        let read = clarified.iter().find(|clarified| clarified["crate"].as_str() == Some(name));
        let read = read.and_then(|clarified| clarified["expression"].as_str());
        let licence = if licence.is_empty() { read.unwrap_or_default() } else { licence };
        let own = exceptions.iter().filter(|exception| exception["crate"].as_str() == Some(name));
        let own: Vec<String> = own.flat_map(|exception| texts(&exception["allow"])).collect();
        let allowed: Vec<&str> = licences.iter().chain(&own).map(String::as_str).collect();
        assert!(is_allowed(licence, &allowed), "{name} has the licence “{licence}”");
    }
}

#[test]
fn licence_expressions_are_evaluated() {
    let allowed = ["MIT", "BSD-3-Clause"];
    for expression in
        ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "(Apache-2.0 OR MIT) AND BSD-3-Clause"]
    {
        assert!(is_allowed(expression, &allowed), "{expression}");
    }
    for expression in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Zlib) AND GPL-3.0", "MITX"] {
        assert!(!is_allowed(expression, &allowed), "{expression}");
    }
}
