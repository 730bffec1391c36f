//! Compression of dynamic responses. The build compresses the files of the web app.

use std::io::Write as _;

use actix_web::HttpMessage as _;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AcceptEncoding, CONTENT_ENCODING, Encoding, HeaderValue};
use actix_web::middleware::Next;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The minimum size in bytes of a response that is compressed. A smaller response fits into one packet without compression.
const MIN_BYTES: u64 = 1024;

/// Compresses responses of known length for clients that prefer gzip. Event streams are not compressed, because each event
/// must be sent immediately.
///
/// # Errors
/// Fails if the handler of the request fails.
pub async fn compress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let prefers_gzip = prefers_gzip(&request);
    let response = next.call(request).await?.map_into_boxed_body();
    let is_long = matches!(response.response().body().size(), BodySize::Sized(MIN_BYTES..));
    if !prefers_gzip || !is_long {
        return Ok(response);
    }
    Ok(response.map_body(|head, body| match body.try_into_bytes() {
        Ok(plain) => {
            let Ok(compressed) = gzip(&plain) else { return BoxBody::new(plain) };
            head.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            BoxBody::new(compressed)
        }
        Err(body) => body,
    }))
}

/// Whether the client prefers gzip to an uncompressed response, or accepts both equally.
fn prefers_gzip(request: &ServiceRequest) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    let accepted = request.get_header::<AcceptEncoding>();
    accepted.and_then(|accepted| accepted.negotiate(offered.iter())) == Some(Encoding::gzip())
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    // Level 3 is fast, and makes JSON four to ten times smaller. Levels 1 and 2 of zlib-rs shrink short responses only
    // by half.
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::new(3));
    encoder.write_all(plain)?;
    encoder.finish()
}
