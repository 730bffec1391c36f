//! Tools for language models: the Model Context Protocol, independent of its transports.
//!
//! A tool is a GraphQL document (`tools/NAME.graphql`), a struct of arguments, and a text. It runs in the executor of
//! the API, so it returns the same values as the API, with the same access, errors and limits. The answer of a tool has
//! two parts: the data of the response with the addresses of the pages (`present.rs`), and a text. The text names the
//! records, and the sources in the data. A text about statuses also names the day and the holder of the view.

mod node;
mod present;
mod reference;
mod server;
mod text;
mod tool;
mod tools;

pub use server::ToolServer;
pub use tools::Tools;
