//! The layers: reads the sources and holds to the invariants of ARCHITECTURE.md.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder or file below `src`, and the words that must not occur in its code.
const FORBIDDEN: [(&str, &[&str]); 5] = [
    (
        "domain",
        &[
            "actix",
            "async_graphql",
            "diesel",
            "crate::db",
            "crate::graphql",
            "crate::http",
            "crate::cli",
            "crate::dossier",
        ],
    ),
    (
        "db",
        &[
            "actix",
            "async_graphql",
            "crate::graphql",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::dossier",
        ],
    ),
    (
        "dossier",
        &["actix", "async_graphql", "crate::graphql", "crate::http", "crate::cli", "crate::server"],
    ),
    (
        "graphql",
        &["actix", "diesel", "crate::http", "crate::cli", "crate::server", "crate::dossier"],
    ),
    ("http", &["diesel", "crate::cli", "crate::server", "crate::db::"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Lines of code, with their numbers; comments may name what they like.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn imports_go_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for (layer, forbidden) in FORBIDDEN {
        let files = sources(&source.join(layer));
        assert!(!files.is_empty(), "src/{layer} has no sources: has the layer moved?");
        for file in files {
            let text = fs::read_to_string(&file).expect("the source can be read");
            for (number, line) in code(&text) {
                for word in forbidden.iter().filter(|word| line.contains(**word)) {
                    faults.push(format!(
                        "{}:{number}: src/{layer} must not know {word}",
                        file.display()
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_is_put_off() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let marks = ["TO", "FIX", "XX"].map(|start| {
        format!(
            "{start}{}",
            if start == "TO" {
                "DO"
            } else if start == "FIX" {
                "ME"
            } else {
                "X"
            }
        )
    });
    for file in sources(&root.join("src")) {
        let text = fs::read_to_string(&file).expect("the source can be read");
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "{} says {mark}", file.display());
        }
    }
}
