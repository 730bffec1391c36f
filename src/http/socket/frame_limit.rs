//! Rejects large frames before the decoder reads them, because the decoder would buffer the whole frame first.

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::StreamExt;

/// The maximum length of a frame header in bytes (RFC 6455, section 5.2).
const MAX_HEADER_LENGTH: usize = 14;

/// Forwards the bytes of `payload`. The stream ends with an overflow error if a frame header announces more than `max_bytes`.
pub fn limit_frames(payload: Payload, max_bytes: usize) -> Payload {
    let mut scanner = FrameScanner::new(max_bytes);
    let stream = payload.map(move |bytes| {
        let bytes: Bytes = bytes?;
        scanner.scan(&bytes).map(|()| bytes)
    });
    Payload::Stream { payload: Box::pin(stream) }
}

/// Finds the frame headers in a stream of bytes.
struct FrameScanner {
    max_bytes: usize,
    /// The received bytes of an incomplete frame header.
    header: Vec<u8>,
    /// The number of payload bytes of the current frame that have not been received yet.
    remaining_payload: usize,
}

impl FrameScanner {
    fn new(max_bytes: usize) -> Self {
        Self { max_bytes, header: Vec::with_capacity(MAX_HEADER_LENGTH), remaining_payload: 0 }
    }

    /// Scans the next bytes of the stream. Fails if a frame is too large.
    fn scan(&mut self, mut bytes: &[u8]) -> Result<(), PayloadError> {
        loop {
            let Some(after_payload) = bytes.get(self.remaining_payload..) else {
                self.remaining_payload -= bytes.len();
                return Ok(());
            };
            self.remaining_payload = 0;
            let Some((header_byte, rest)) = after_payload.split_first() else { return Ok(()) };
            bytes = rest;
            self.header.push(*header_byte);
            if let Some(length) = payload_length(&self.header) {
                if length > self.max_bytes {
                    return Err(PayloadError::Overflow);
                }
                self.header.clear();
                self.remaining_payload = length;
            }
        }
    }
}

/// The payload length that a frame header announces. None if the header is incomplete.
fn payload_length(header: &[u8]) -> Option<usize> {
    let [_, second_byte, rest @ ..] = header else { return None };
    let (length, masking_key) = match second_byte & 0x7f {
        126 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk::<8>()?;
            (usize::try_from(u64::from_be_bytes(*length)).unwrap_or(usize::MAX), rest)
        }
        length => (usize::from(length), rest),
    };
    // The header of an unmasked frame ends here. The decoder rejects unmasked frames of clients.
    let is_masked = second_byte & 0x80 != 0;
    (!is_masked || masking_key.len() >= 4).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header of a masked text frame.
    fn frame_header(payload_length: usize) -> Vec<u8> {
        let mut header = vec![0x81];
        match (u8::try_from(payload_length), u16::try_from(payload_length)) {
            (Ok(short @ 0..126), _) => header.push(0x80 | short),
            (_, Ok(medium)) => {
                header.push(0xfe);
                header.extend_from_slice(&medium.to_be_bytes());
            }
            _ => {
                header.push(0xff);
                header.extend_from_slice(&u64::try_from(payload_length).unwrap().to_be_bytes());
            }
        }
        header.extend_from_slice(&[1, 2, 3, 4]);
        header
    }

    #[test]
    fn frames_split_at_any_byte_are_limited() {
        for max_bytes in [0, 1, 125, 126, 65_535, 65_536, 100_000] {
            let mut bytes = Vec::new();
            for length in [0, 1, 125, 126, 65_535, 65_536, 100_000]
                .into_iter()
                .filter(|length| *length <= max_bytes)
            {
                bytes.extend(frame_header(length));
                bytes.extend(std::iter::repeat_n(0xff, length));
            }
            let too_large = frame_header(max_bytes + 1);
            for chunk_size in [1, 2, 3, 7, 4096, usize::MAX] {
                let mut scanner = FrameScanner::new(max_bytes);
                assert!(
                    bytes.chunks(chunk_size).all(|chunk| scanner.scan(chunk).is_ok()),
                    "limit {max_bytes}, chunks of {chunk_size}"
                );
                assert!(
                    too_large.chunks(chunk_size).any(|chunk| scanner.scan(chunk).is_err()),
                    "limit {max_bytes}, chunks of {chunk_size}"
                );
            }
        }
    }
}
