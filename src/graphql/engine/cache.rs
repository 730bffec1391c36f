//! The response cache.
//!
//! The change log records every change of the public records. So a response is valid until the log grows or the day ends
//! (some fields depend on the day). The key of a response contains the document, the variables, the day, and the position
//! of the snapshot in the log. Responses that depend on the viewer, or on data that is not in the log, are not stored: see
//! `Reader::unlogged` and `Context::is_unlogged`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::NaiveDate;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::db::LogPoint;

/// All values on which a response depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// The digest of the document, the operation name and the variables.
    pub request: [u8; 32],
    pub point: LogPoint,
    /// The current day in UTC.
    pub day: NaiveDate,
}

impl CacheKey {
    /// The entity tag, with its quotes. It is weak, because the response may be sent compressed or uncompressed.
    #[must_use]
    pub fn entity_tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.request);
        hash.update(self.point.position.to_be_bytes());
        hash.update(self.point.microseconds.to_be_bytes());
        hash.update(self.day.to_string());
        // Another version of the server may respond differently.
        hash.update(env!("CARGO_PKG_VERSION"));
        let digest = hash.finalize();
        format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(digest.get(..16).unwrap_or_default()))
    }
}

/// The digest of a request. `document` is the digest of its document, and `variables` is the text of its variables.
#[must_use]
pub fn digest(document: &[u8; 32], variables: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(document);
    hash.update(variables);
    hash.finalize().into()
}

/// The digest of a document and an operation name.
#[must_use]
pub fn document_digest(text: &str, operation: Option<&str>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(text);
    // NUL separates the text from the name, because no document contains NUL.
    hash.update([0]);
    hash.update(operation.unwrap_or_default());
    hash.finalize().into()
}

/// Cached responses, with a maximum total size in bytes.
pub struct ResponseCache(Cache<CacheKey, Bytes, Weight>);

#[derive(Clone)]
struct Weight;

/// The size of an entry without its response, in bytes.
const ENTRY: u64 = 200;
/// The expected size of a response, in bytes.
const AVERAGE: u64 = 2_048;

impl Weighter<CacheKey, Bytes> for Weight {
    fn weight(&self, _key: &CacheKey, answer: &Bytes) -> u64 {
        u64::try_from(answer.len()).unwrap_or(u64::MAX).saturating_add(ENTRY)
    }
}

impl ResponseCache {
    /// A cache of at most `bytes` bytes. None if `bytes` is 0.
    #[must_use]
    pub fn new(bytes: u64) -> Option<Self> {
        let expected = usize::try_from(bytes / AVERAGE).unwrap_or(usize::MAX).max(16);
        (bytes > 0).then(|| Self(Cache::with_weighter(expected, bytes, Weight)))
    }

    #[must_use]
    pub fn get(&self, key: &CacheKey) -> Option<Bytes> {
        self.0.get(key)
    }

    pub fn insert(&self, key: CacheKey, answer: Bytes) {
        self.0.insert(key, answer);
    }

    /// The current size, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.weight()
    }
}
