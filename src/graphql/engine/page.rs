//! The arguments of pages (`first`, `after`, `last`, `before`), and cursors.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::coerce::Arguments;
use super::reader::Reader;
use crate::db::page::Page;
use crate::db::sort::{SortKey, SortValue};
use crate::domain::text;
use crate::graphql::error::{Code, Error};

/// The page size if neither `first` nor `last` is given.
pub const DEFAULT_PAGE_SIZE: i32 = 50;
/// The maximum page size.
pub const MAX_PAGE_SIZE: i32 = 200;

/// The requested page. `tag` identifies the list, and `keys` are its sort keys.
///
/// # Errors
/// Fails if `first` or `last` is out of range, both are given, or a cursor is not from this list.
pub fn page(arguments: &Arguments, tag: ListTag, keys: &[SortKey]) -> Result<Page, Error> {
    let (size, from_end) = page_size(arguments)?;
    let cursor = |name: &str| -> Result<Option<Vec<SortValue>>, Error> {
        let cursor: Option<String> = arguments.get(name)?;
        cursor.map(|cursor| decode(tag, keys, name, &cursor)).transpose()
    };
    Ok(Page { size, from_end, after: cursor("after")?, before: cursor("before")? })
}

/// The page size, and whether the page is counted from the end of the list.
///
/// # Errors
/// Fails if `first` or `last` is out of range, or both are given.
pub fn page_size(arguments: &Arguments) -> Result<(i32, bool), Error> {
    match (arguments.get("first")?, arguments.get("last")?) {
        (Some(_), Some::<i32>(_)) => Err(Code::BadUserInput
            .error("`first` and `last` cannot be given together: page either forward or backward")),
        (Some(first), None) => Ok((check_size("first", first)?, false)),
        (None, Some(last)) => Ok((check_size("last", last)?, true)),
        (None, None) => Ok((DEFAULT_PAGE_SIZE, false)),
    }
}

fn check_size(name: &str, size: i32) -> Result<i32, Error> {
    if (0..=MAX_PAGE_SIZE).contains(&size) {
        Ok(size)
    } else {
        Err(Code::BadUserInput.error(format!(
            "`{name}: {size}` is out of range: a page has from 0 to {MAX_PAGE_SIZE} records"
        )))
    }
}

/// The first bytes of a cursor: the list and its order. A cursor is valid only for the same list in the same order.
pub type ListTag = [u8; 2];

/// Separates the sort values in a cursor. No stored text contains NUL.
const SEPARATOR: &str = "\0";

/// The cursor of a record: the tag of the list and the record's sort values.
pub fn encode(tag: ListTag, values: &[String]) -> String {
    let mut bytes = tag.to_vec();
    bytes.extend_from_slice(values.join(SEPARATOR).as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(
    tag: ListTag,
    keys: &[SortKey],
    name: &str,
    cursor: &str,
) -> Result<Vec<SortValue>, Error> {
    let quoted = text::quote(cursor);
    let malformed = || {
        Code::BadUserInput.error(format!(
            "`{name}: {quoted}` is not a cursor: use a `cursor`, `startCursor` or `endCursor` of this list"
        ))
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| malformed())?;
    let Some((cursor_tag, values)) = bytes.split_first_chunk() else { return Err(malformed()) };
    let values = std::str::from_utf8(values).map_err(|_| malformed())?;
    if *cursor_tag != tag {
        return Err(Code::BadUserInput.error(format!(
            "`{name}: {quoted}` is a cursor of another list, or of this list in another order"
        )));
    }
    let values: Vec<&str> = values.split(SEPARATOR).collect();
    if values.len() != keys.len() {
        return Err(malformed());
    }
    let values = keys.iter().zip(values).map(|(key, value)| key.parse(value));
    values.collect::<Option<_>>().ok_or_else(malformed)
}

/// The direction of paging, and which cursors are given.
#[derive(Debug, Clone, Copy)]
pub struct PageEnds {
    /// Whether `last` is given: the page is counted from the end of the list.
    pub from_end: bool,
    /// Whether `after` is given.
    pub has_after: bool,
    /// Whether `before` is given.
    pub has_before: bool,
}

impl From<&Page> for PageEnds {
    fn from(page: &Page) -> Self {
        Self {
            from_end: page.from_end,
            has_after: page.after.is_some(),
            has_before: page.before.is_some(),
        }
    }
}

/// Adds the paging arguments.
pub fn paging(reader: Reader) -> Reader {
    reader
        .argument::<Option<i32>>("first", FIRST)
        .argument::<Option<String>>("after", AFTER)
        .argument::<Option<i32>>("last", LAST)
        .argument::<Option<String>>("before", BEFORE)
}

pub const FIRST: &str =
    "Number of items from the start of the list. 0 to 200. Default: 50, unless `last` is given.";
pub const AFTER: &str = "Returns only items after this cursor.";
pub const LAST: &str =
    "Number of items from the end of the list. 0 to 200. Cannot be combined with `first`.";
pub const BEFORE: &str = "Returns only items before this cursor.";
