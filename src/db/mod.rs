//! The database: one set of models and queries for SQLite and PostgreSQL, by Diesel's `MultiConnection`.
//!
//! Reads go through a [`Session`], which sees one snapshot; writes through [`Session::write`], which is the only way to
//! write. Where the engines differ, both texts stand side by side in one small function.

pub mod agreement;
pub mod assessment;
pub mod assessment_write;
pub mod backup;
pub mod caveat;
pub mod change;
mod change_set;
pub mod clause;
pub mod comparison;
mod connection;
pub mod deadline;
pub mod due_dates;
pub mod dump;
mod error;
pub mod event;
pub mod health;
pub mod idempotency;
pub mod implementation;
pub mod integrity;
mod location;
mod log_head;
mod manager;
mod migration;
pub mod page;
pub mod party;
mod pool;
pub mod position;
mod postgres_url;
pub mod precondition;
pub mod proposal;
mod query;
pub mod record;
pub mod rows;
mod schema;
pub mod search;
mod search_index;
pub mod search_notes;
pub mod search_rebuild;
pub mod sequence;
mod session;
pub mod sign_in;
mod slug;
pub mod slug_lookup;
pub mod sort;
pub mod source;
pub mod status_change;

pub mod assessable;
pub mod perspective;
mod subject;
pub mod timeline;
pub mod token;
pub mod topic;
mod types;
pub mod viewer;
mod write;

pub use connection::{DbConnection, Dialect, MultiBackend};
pub use error::Error;
pub use location::{Location, Pooling};
pub use log_head::{LogPoint, LogSubscriber};
pub use manager::Access;
pub use pool::{Db, Permit};
pub use postgres_url::PostgresUrl;
pub use session::{Session, Transaction};
