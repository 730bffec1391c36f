//! Any text as an id or as an access token. A text that is accepted is written back unchanged.

#![no_main]

use clausewatch::domain::GlobalId;
use clausewatch::domain::token::Secret;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(id) = GlobalId::decode(text) {
        assert_eq!(id.encode(), text);
    }
    if let Some(secret) = Secret::parse(text) {
        assert_eq!(secret.reveal(), text);
    }
});
