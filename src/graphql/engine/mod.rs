//! The query engine. It implements GraphQL, and contains no code for particular kinds of records.
//!
//! A request passes through these files in order: `prepare` (text to a checked document), `coerce` (values of variables),
//! `cost` (estimate), `cache` (lookup of the response), `planner` (document to plan), `execute` (breadth-first), `write`
//! (JSON), `response`. `schema` and `reader` define the tables of fields that these stages use.

pub mod cache;
pub mod call;
pub mod coerce;
pub mod connection;
pub mod cost;
mod document;
pub mod execute;
pub mod input;
pub mod introspection;
pub mod json;
pub mod leaf;
pub mod limits;
pub mod link;
pub mod page;
pub mod plan;
pub mod planner;
pub mod prepare;
pub mod reader;
pub mod record_list;
mod references;
pub mod response;
mod rules;
pub mod schema;
mod tokens;
pub mod write;
