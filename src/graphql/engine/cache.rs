//! Exact answers, kept in front of execution.
//!
//! The data changes only by what the change log records. So the same document with the same variables has the same answer
//! at the same position of the log, on the same day: some fields depend on today. An answer is kept under the position of
//! the snapshot in which it was read. It is never kept where it depends on who asks beyond the right to read, or on what
//! the log does not record (tokens): see `Reader::unlogged`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::NaiveDate;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::db::LogPoint;

/// What an answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// The document, the operation's name and the variables.
    pub request: [u8; 32],
    /// The point of the change log.
    pub point: LogPoint,
    /// Today in UTC.
    pub day: NaiveDate,
}

impl CacheKey {
    /// The entity tag of the answer, with its quotes. Weak, as the same answer may be sent compressed.
    #[must_use]
    pub fn entity_tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.request);
        hash.update(self.point.position.to_be_bytes());
        hash.update(self.point.microseconds.to_be_bytes());
        hash.update(self.day.to_string());
        // Another version of the server may answer otherwise.
        hash.update(env!("CARGO_PKG_VERSION"));
        let digest = hash.finalize();
        format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(digest.get(..16).unwrap_or_default()))
    }
}

/// The digest of a document, an operation's name and variables, which are JSON with sorted keys.
#[must_use]
pub fn digest(document: &[u8; 32], variables: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(document);
    hash.update(variables);
    hash.finalize().into()
}

/// The digest of a document and the name of the operation that is executed.
#[must_use]
pub fn document_digest(text: &str, operation: Option<&str>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(text);
    // No document contains NUL, so that the name cannot be taken for a part of it.
    hash.update([0]);
    hash.update(operation.unwrap_or_default());
    hash.finalize().into()
}

/// Answers, by what they depend on; bounded in bytes.
pub struct ResponseCache(Cache<CacheKey, Bytes, Weight>);

#[derive(Clone)]
struct Weight;

/// What an entry takes besides its answer, in bytes: its key, and what the cache knows of it.
const ENTRY: u64 = 200;
/// How large an answer is on average, in bytes: decides how many entries are expected.
const AVERAGE: u64 = 2_048;

impl Weighter<CacheKey, Bytes> for Weight {
    fn weight(&self, _key: &CacheKey, answer: &Bytes) -> u64 {
        u64::try_from(answer.len()).unwrap_or(u64::MAX).saturating_add(ENTRY)
    }
}

impl ResponseCache {
    /// Keeps answers of at most that many bytes in all; none where it is 0.
    #[must_use]
    pub fn new(bytes: u64) -> Option<Self> {
        let expected = usize::try_from(bytes / AVERAGE).unwrap_or(usize::MAX).max(16);
        (bytes > 0).then(|| Self(Cache::with_weighter(expected, bytes, Weight)))
    }

    /// The answer, if it is kept.
    #[must_use]
    pub fn get(&self, key: &CacheKey) -> Option<Bytes> {
        self.0.get(key)
    }

    /// Keeps an answer.
    pub fn insert(&self, key: CacheKey, answer: Bytes) {
        self.0.insert(key, answer);
    }

    /// How many bytes it holds.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.weight()
    }
}
