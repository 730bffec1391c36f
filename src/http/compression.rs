//! Compression of what is written anew for each request. What `assets` hands out is compressed when it is built.

use std::io::Write as _;

use actix_web::HttpMessage as _;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AcceptEncoding, CONTENT_ENCODING, Encoding, HeaderValue};
use actix_web::middleware::Next;
use flate2::Compression;
use flate2::write::GzEncoder;

/// From how many bytes on it pays: less is in one packet anyway.
const WORTHWHILE: u64 = 1024;

/// Compresses answers whose length is known, for clients that take gzip. A stream of events is left as it is: each of
/// them is to leave at once.
///
/// # Errors
/// Those of the handlers.
pub async fn compress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let takes_gzip = takes_gzip(&request);
    let response = next.call(request).await?.map_into_boxed_body();
    let is_long = matches!(response.response().body().size(), BodySize::Sized(WORTHWHILE..));
    if !takes_gzip || !is_long {
        return Ok(response);
    }
    Ok(response.map_body(|head, body| match body.try_into_bytes() {
        Ok(plain) => {
            let Ok(compressed) = gzip(&plain) else { return BoxBody::new(plain) };
            head.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            BoxBody::new(compressed)
        }
        Err(stream) => stream,
    }))
}

/// Whether the client likes gzip at least as well as the plain text.
fn takes_gzip(request: &ServiceRequest) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    let accepted = request.get_header::<AcceptEncoding>();
    accepted.and_then(|it| it.negotiate(offered.iter())) == Some(Encoding::gzip())
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    // JSON gets four to ten times smaller at the lowest level already.
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}
