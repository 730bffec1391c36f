//! The query engine. It knows GraphQL, and none of our nouns.
//!
//! The stages of a request, in order: `prepare` (text → checked document and plan, kept for the next time), `coerce` (the
//! values of variables), `execute` (breadth-first), `write` (JSON). `schema` holds the tables of fields that they work on.

pub mod cache;
pub mod call;
pub mod coerce;
pub mod cost;
pub mod execute;
pub mod introspection;
pub mod json;
pub mod leaf;
pub mod limits;
pub mod link;
pub mod page;
pub mod plan;
pub mod prepare;
mod references;
pub mod response;
pub mod schema;
pub mod write;
