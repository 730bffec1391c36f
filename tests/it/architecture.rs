//! Reads the sources, and checks that the layers follow the invariants of ARCHITECTURE.md.

mod imports;

use std::fs;
use std::path::{Path, PathBuf};

use imports::{Imports, sources};
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

/// A folder below `src`, and the prefixes of the layers and crates that it must not import.
const FORBIDDEN: [(&str, &[&str]); 11] = [
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
            "crate::export",
            "crate::release",
            "crate::research",
            "crate::mcp",
            "crate::webhook",
            "crate::sheet",
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
            "crate::export",
            "crate::release",
            "crate::research",
            "crate::sheet",
            "crate::mcp",
            "crate::webhook",
        ],
    ),
    (
        "dossier",
        &[
            "actix",
            "async_graphql",
            "crate::export",
            "crate::release",
            "crate::research",
            "crate::graphql",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::mcp",
            "crate::webhook",
        ],
    ),
    (
        "sheet",
        &[
            "actix",
            "async_graphql",
            "diesel",
            "crate::dossier",
            "crate::export",
            "crate::release",
            "crate::research",
            "crate::graphql",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::mcp",
        ],
    ),
    (
        "research",
        &[
            "actix",
            "async_graphql",
            "diesel",
            "crate::export",
            "crate::release",
            "crate::graphql",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::mcp",
            "crate::webhook",
        ],
    ),
    (
        "graphql",
        &[
            "actix",
            "diesel",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::dossier",
            "crate::export",
            "crate::release",
            "crate::research",
            "crate::sheet",
            "crate::mcp",
            "crate::webhook",
        ],
    ),
    (
        "export",
        &[
            "actix",
            "async_graphql",
            "apollo_compiler",
            "diesel",
            "crate::db",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::dossier",
            "crate::mcp",
            "crate::webhook",
            "crate::release",
            "crate::research",
        ],
    ),
    (
        "mcp",
        &[
            "actix",
            "async_graphql",
            "apollo_compiler",
            "diesel",
            "crate::db",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::dossier",
            "crate::export",
            "crate::release",
            "crate::research",
            "crate::sheet",
            "crate::webhook",
        ],
    ),
    (
        "release",
        &[
            "actix",
            "async_graphql",
            "apollo_compiler",
            "diesel",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::dossier",
            "crate::mcp",
            "crate::research",
            "crate::webhook",
            "crate::sheet",
        ],
    ),
    (
        "webhook",
        &[
            "actix",
            "async_graphql",
            "apollo_compiler",
            "diesel",
            "crate::http",
            "crate::cli",
            "crate::server",
            "crate::dossier",
            "crate::export",
            "crate::release",
            "crate::mcp",
            "crate::research",
            "crate::sheet",
        ],
    ),
    (
        "http",
        &[
            "diesel",
            "crate::cli",
            "crate::server",
            "crate::db",
            "crate::release",
            "crate::research",
            "crate::webhook",
        ],
    ),
];

/// The folders whose files must not import each other in a cycle. Without cycles, each file can be understood by
/// reading only the files that it imports.
const WITHOUT_CYCLES: [&str; 2] = ["db", "http"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn layers_do_not_import_forbidden_layers() {
    let imports = Imports::read(&source());
    let mut faults = Vec::new();
    for (layer, forbidden) in FORBIDDEN {
        let layer = format!("{layer}/");
        let is_inside = |file: usize| imports.files[file].starts_with(&layer);
        let mut inside = imports.paths.iter().filter(|path| is_inside(path.file)).peekable();
        assert!(inside.peek().is_some(), "src/{layer} contains no sources: was the layer moved?");
        for path in inside {
            let Some(absolute) = imports.absolute(path) else { continue };
            for word in forbidden {
                let is_forbidden = match word.strip_prefix("crate::") {
                    Some(module) => absolute.starts_with(&["crate".to_owned(), module.to_owned()]),
                    None => absolute.first().is_some_and(|first| first.starts_with(word)),
                };
                if is_forbidden {
                    let file = &imports.files[path.file];
                    faults.push(format!("src/{file} must not import {}", absolute.join("::")));
                }
            }
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_of_a_layer_form_no_cycles() {
    let imports = Imports::read(&source());
    let mut faults = Vec::new();
    for folder in WITHOUT_CYCLES {
        let within = imports.within(folder);
        assert!(
            !within.is_empty(),
            "no file in src/{folder} imports another: was the folder moved?"
        );
        let graph: DiGraphMap<usize, ()> = within.keys().copied().collect();
        for circle in tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1) {
            faults.push(format!("a cycle of {} files in src/{folder}:", circle.len()));
            for ((from, to), paths) in &within {
                if circle.contains(from) && circle.contains(to) {
                    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
                    let (from, to) = (&imports.files[*from], &imports.files[*to]);
                    faults.push(format!("  {from} imports {} from {to}", paths.join(", ")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn sources_contain_no_todo_marks() {
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
            assert!(!text.contains(mark.as_str()), "{} contains {mark}", file.display());
        }
    }
}

/// The documents in which the names of source files are checked.
const DOCUMENTS: [&str; 12] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/CODING.md",
    "docs/DOSSIERS.md",
    "docs/MCP.md",
    "docs/OPERATIONS.md",
    "docs/PERFORMANCE.md",
    "docs/RELEASING.md",
    "docs/RESEARCH.md",
    "docs/WEBHOOKS.md",
];

/// The folders that contain the named files.
const SOURCE_FOLDERS: [&str; 8] =
    ["src", "tests", "benches", "fuzz", "tools", "web/src", "web/build", "migrations"];

/// The extensions of source files.
const SOURCE_ENDINGS: [&str; 5] = [".rs", ".ts", ".tsx", ".js", ".py"];

/// Adds the paths of all files below `folder`, relative to the root, without installed packages and build output.
fn add_files(folder: &str, files: &mut Vec<String>) {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    for entry in entries.expect("the folder can be read") {
        let entry = entry.expect("the entry can be read");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if !entry.file_type().expect("the entry has a type").is_dir() {
            files.push(path);
        } else if !path.ends_with("/node_modules") && !path.ends_with("/target") {
            add_files(&path, files);
        }
    }
}

/// The source files that a document names in backticks, such as `db/view.rs`.
fn named_files(document: &str) -> impl Iterator<Item = &str> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "_/-.".contains(character);
    document.split('`').skip(1).step_by(2).filter(move |name| {
        name.starts_with(|first: char| first.is_ascii_alphanumeric())
            && name.chars().all(is_part)
            && SOURCE_ENDINGS.iter().any(|ending| name.ends_with(ending))
    })
}

#[test]
fn source_files_named_in_documents_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec!["/build.rs".to_owned()];
    for folder in SOURCE_FOLDERS {
        add_files(folder, &mut files);
    }
    let mut count = 0;
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(root.join(document)).expect("the document can be read");
        for name in named_files(&text) {
            count += 1;
            let exists =
                files.iter().any(|file| file == name || file.ends_with(&format!("/{name}")));
            if !exists {
                missing.push(format!("{document} names {name}, which does not exist"));
            }
        }
    }
    assert!(count > 100, "only {count} files are named: has the format of the documents changed?");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
