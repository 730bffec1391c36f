//! `clausewatch schema`

use std::io::Write;

/// Prints the GraphQL schema.
pub fn run() -> anyhow::Result<()> {
    std::io::stdout().write_all(crate::graphql::sdl().as_bytes())?;
    Ok(())
}
