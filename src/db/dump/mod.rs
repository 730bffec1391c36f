//! Dumps: all data as text, in the same format for both databases. See [`write()`] and [`load()`].
//!
//! A dump has one JSON value per line. The first line contains the format and the version of the tables. The tables
//! follow. Each table has a line with its name and columns, and then one line for each row. A row is an array. Rows are
//! in order of the primary key. The last line contains the number of rows, so a truncated dump is detected. A dump
//! states neither its time nor its origin: two dumps are equal if and only if the data is equal.

mod cell;
mod format;
mod load;
mod save;
mod statement;
mod table;

pub use format::Failure;
pub use load::load;
pub use save::{Accounts, write};
