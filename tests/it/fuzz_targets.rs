//! Runs the code of each fuzz target with a few inputs, so that `cargo test` reports a target that no longer compiles.

use clausewatch::domain::token::Secret;
use clausewatch::dossier::embedded;

macro_rules! targets {
    ($($name:ident: $path:literal),+) => {$(
        #[path = $path]
        #[expect(unused_attributes, reason = "`no_main` applies only to the target's own crate")]
        mod $name;
    )+};
}
targets! {
    document: "../../fuzz/fuzz_targets/document.rs",
    dossier: "../../fuzz/fuzz_targets/dossier.rs",
    secret: "../../fuzz/fuzz_targets/secret.rs"
}

/// Replaces the macro of `libfuzzer_sys`, which needs a nightly compiler: makes the target a function.
macro_rules! fuzz_target {
    (|$text:ident: &str| $body:block) => {
        pub fn run($text: &str) $body
    };
}
pub(crate) use fuzz_target;

const TEXTS: [&str; 6] =
    ["", "{ __typename }", "query(", "[[party]]\nslug = 1", "[[party", "\u{0}\u{202e}"];

#[test]
fn document_target_runs() {
    TEXTS.into_iter().for_each(document::run);
}

#[test]
fn dossier_target_runs() {
    TEXTS.into_iter().for_each(dossier::run);
    for file in embedded() {
        dossier::run(&file.text);
    }
}

#[test]
fn secret_target_runs() {
    TEXTS.into_iter().for_each(secret::run);
    secret::run(Secret::new().expect("a secret").reveal());
}
