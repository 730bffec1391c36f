//! A treaty-clause tracking database with a GraphQL API.
//!
//! # Where to find things
//!
//! | What | Where |
//! |---|---|
//! | a command | [`cli`], one file each |
//! | a flag or environment variable | [`config`] |
//! | what a client may ask for at most | [`limits`] |
//! | how the server is put together | [`server`] |
//! | a route, a status code, a header | [`http`] |
//! | a figure for the monitoring system | [`metrics`] |
//! | a type, field, query of the API | [`graphql`], one file a noun |
//! | a mutation of the API | `graphql::edit`, the same nouns |
//! | a table, a statement | [`db`], the same nouns |
//! | a rule | [`domain`], the same nouns |
//! | files of records, in | [`dossier`] |
//!
//! Imports go one way: `main → cli → server → http → graphql → db → domain`; `dossier` stands beside `graphql`.

pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod dossier;
pub mod graphql;
pub mod http;
pub mod limits;
pub mod metrics;
pub mod server;
pub mod telemetry;
