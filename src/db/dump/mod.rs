//! Dumps: all data as text, in the same format for both databases. See [`write()`] and [`load()`].
//!
//! A dump has one JSON value in each line. The first line has the format and the version of the tables. For each table,
//! a line with its name and columns follows, and then a line for each row: an array, in order of the primary key. The
//! last line has the number of rows, so a truncated dump is detected. A dump has neither time nor origin: two dumps are
//! equal if and only if the data is.

mod cell;
mod format;
mod load;
mod save;
mod statement;
mod table;

pub use format::Failure;
pub use load::load;
pub use save::{Accounts, write};
