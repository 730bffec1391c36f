//! The integration tests, which send HTTP requests to the server and use real databases.
//!
//! All tests are in one binary, because linking is slow. Each behaviour test is written once, and runs on both
//! databases.

// The test world in `support::world` is one large `json!`.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an unexpected value must fail the test and show the line"
)]

/// The allocator of the server. The system's allocator is slower, and most tests run the server in their own process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// The fuzz targets import their macro from this crate. See `fuzz_targets`.
extern crate self as libfuzzer_sys;
use fuzz_targets::fuzz_target;

mod support;

mod access;
mod akoma_ntoso;
mod architecture;
mod backups;
mod bad_input;
mod batches;
mod below_a_path;
mod breakers;
mod budgets;
mod change_filters;
mod changes;
mod citations;
mod codings;
mod commands;
mod comparison;
mod completions;
mod connections;
mod contract;
mod cookies;
mod corrections;
mod coverage;
mod criteria;
mod cursors;
mod deadlines;
mod dependencies;
mod differential;
mod documentation;
mod dossier_export;
mod dossier_faults;
mod dossier_schema;
mod dossiers;
mod dumps;
mod durability;
mod edtf_dates;
mod endings;
mod event_streams;
mod example_clients;
mod examples;
mod exports;
mod external_ids;
mod feeds;
mod filters;
mod fuzz_targets;
mod fuzzing;
mod half_open;
mod idempotency;
mod implementation;
mod import_batches;
mod interpretations;
mod limits;
mod man;
mod mcp;
mod methods;
mod mutations;
mod nodes;
mod operating;
mod orders;
mod other_clients;
mod outline;
#[cfg(feature = "ui")]
mod pages;
mod party_lists;
mod plans;
mod playground;
mod pooler;
mod positions;
mod provenance;
mod queries;
mod releases;
mod research;
mod response_cache;
mod review;
mod sample;
mod schema;
mod search;
mod sequence;
mod settings;
mod sheets;
mod single_sign_on;
#[cfg(feature = "ui")]
mod sitemap;
mod slugs;
mod sockets;
mod sources;
mod specification;
mod sqlite;
mod statements;
mod status_checks;
mod statuses;
mod subscriptions;
mod timeline;
mod transport;
mod trusted_documents;
mod views;
mod web_app;
mod webhooks;
