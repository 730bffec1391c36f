//! Delivery of webhooks: messages about changes, sent to the addresses that admins entered.
//!
//! A webhook follows the change log like a subscription: its state is its position in the log. [`Worker`] finds the next
//! change that matches the filter, `message.rs` reads it through the API and writes the message, and `sender.rs` sends it. The
//! format and the signature follow the Standard Webhooks specification
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

mod message;
mod sender;
mod worker;

pub use message::{Messages, ReadError};
pub use worker::{Worker, WorkerSettings};
