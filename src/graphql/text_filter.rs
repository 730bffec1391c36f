//! Filters of lists by a text.

use super::error::{Code, Error};
use crate::domain;

/// A text filter, folded like stored texts.
///
/// # Errors
/// Fails if the text is too long or contains NUL.
pub fn folded_filter(filter: Option<String>) -> Result<Option<String>, Error> {
    let Some(filter) = filter else { return Ok(None) };
    let length = filter.chars().count();
    if length > domain::text::MAX_LINE {
        let message = format!(
            "`text` has {length} characters; a filter has at most {}",
            domain::text::MAX_LINE
        );
        return Err(Code::BadUserInput.error(message));
    }
    if filter.contains('\0') {
        return Err(Code::BadUserInput
            .error("`text` contains the control character U+0000, which no record contains"));
    }
    Ok(Some(domain::text::fold(&filter)))
}
