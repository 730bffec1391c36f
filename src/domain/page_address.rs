//! Addresses of pages.

use url::Url;

/// The address of the page with these path segments, below the HTTP address of the server. Each segment is percent-encoded.
#[must_use]
pub fn page_address<S: AsRef<str>>(base: &Url, segments: impl IntoIterator<Item = S>) -> Url {
    let mut url = base.clone();
    // An HTTP address always has segments.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}
