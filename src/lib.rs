//! A database that tracks the status of treaty clauses, with a GraphQL API.
//!
//! # Where to find things
//!
//! | What | Where |
//! |---|---|
//! | a command | [`cli`], one file for each command |
//! | a flag or environment variable | [`config`] |
//! | a limit on requests | [`limits`] |
//! | how the parts are connected | [`server`] |
//! | a route, a status code, a header | [`http`] |
//! | a metric | [`metrics`] |
//! | a type, field or query of the API | [`graphql`], one file for each noun |
//! | a mutation of the API | `graphql::mutation`, one file for each noun |
//! | a table, an SQL statement | [`db`], one file for each noun |
//! | an exported list, a file format | [`export`] |
//! | the package of a release | [`release`], one file for each part of the package |
//! | a tool of the Model Context Protocol | [`mcp`] |
//! | the delivery of webhooks | [`webhook`] |
//! | a rule of the domain | [`domain`], one file for each noun |
//! | importing files of records | [`dossier`] |
//! | recording the assessments of a sheet | [`sheet`] |
//! | importing tables of research datasets | [`research`] |
//!
//! A module imports only modules that come later in this order:
//! `main → cli → server → http → export → graphql → db → domain`. `mcp` and `webhook` are on the level of `export`. `dossier`
//! and `sheet` are on the level of `graphql`, and `research` imports both of them. `release` is between `cli` and `export`.

#![forbid(unsafe_code)]

pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod dossier;
pub mod export;
pub mod graphql;
pub mod http;
pub mod limits;
pub mod mcp;
pub mod metrics;
pub mod release;
pub mod research;
pub mod server;
pub mod sheet;
pub mod telemetry;
pub mod webhook;
