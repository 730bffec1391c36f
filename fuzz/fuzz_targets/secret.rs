//! Parses any string as an id and as an access token. If the string is accepted, encoding the result must return the
//! same string.

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
