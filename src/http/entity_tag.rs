//! Entity tags of responses that are generated from a response of the API.
//!
//! The tag of such a response is the tag of the API response followed by `suffix`: a hash of everything else
//! that the response depends on, such as the server's address.

use std::fmt::Write as _;

use actix_web::HttpRequest;
use actix_web::http::header;
use sha2::{Digest, Sha256};

/// The entity tag of a response: the tag of its data, followed by `.` and `suffix`.
pub fn response_tag(data_tag: &str, suffix: &str) -> String {
    format!("{}{}", data_tag.trim_end_matches('"'), end(suffix))
}

/// The entity tags in `If-None-Match` that end with this suffix, as tags of the data. `None` if no tag ends with it.
pub fn data_tags(request: &HttpRequest, suffix: &str) -> Option<String> {
    let header = request.headers().get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let tags = header.split(',').filter_map(|tag| tag.trim().strip_suffix(&end(suffix)));
    let tags: Vec<String> = tags.map(|tag| format!("{tag}\"")).collect();
    (!tags.is_empty()).then(|| tags.join(", "))
}

fn end(suffix: &str) -> String {
    format!(".{suffix}\"")
}

/// A hash of a text: 16 hexadecimal digits.
pub fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().take(8).fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn tags_of_data_and_response_lead_to_each_other() {
        let tag = response_tag("W/\"abc\"", "12");
        assert_eq!(tag, "W/\"abc.12\"");
        let header = format!("W/\"other.13\", {tag}, \"x\"");
        let request = TestRequest::get().insert_header(("if-none-match", header)).to_http_request();
        assert_eq!(data_tags(&request, "12").as_deref(), Some("W/\"abc\""));
        assert_eq!(data_tags(&request, "14"), None);
    }
}
