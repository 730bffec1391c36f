//! Everything in the database as text that both databases write alike and both can load: see [`write()`] and
//! [`load()`].
//!
//! A dump is JSON, one value a line. The first line names the format and the tables' version. Then follows table by
//! table: a line with its name and its columns, and a line for each row, an array, in the order of the primary key. The
//! last line says how many rows there are, so that a dump that was cut off is known by its missing end. Nothing in it
//! tells when or from which database it was made: two dumps are the same if and only if the contents are.

mod cell;
mod format;
mod load;
mod save;
mod statement;
mod table;

pub use format::Failure;
pub use load::load;
pub use save::{Accounts, write};
