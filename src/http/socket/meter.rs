//! Refusing what is too large before it is read: the decoder behind would keep a frame until it had all of it.

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::StreamExt;

/// The same payload, which ends with an overflow where the head of a frame announces more than `most` bytes.
pub fn metered(payload: Payload, most: usize) -> Payload {
    let mut meter = Meter { most, head: Vec::with_capacity(MAX_HEADER_LENGTH), left: 0 };
    let stream = payload.map(move |bytes| {
        let bytes: Bytes = bytes?;
        meter.pass(&bytes).map(|()| bytes)
    });
    Payload::Stream { payload: Box::pin(stream) }
}

const MAX_HEADER_LENGTH: usize = 14;

/// Follows the frames that pass by.
struct Meter {
    most: usize,
    /// What has come of the next frame's head.
    head: Vec<u8>,
    /// What is still to come of the frame whose head has passed.
    left: usize,
}

impl Meter {
    fn pass(&mut self, mut bytes: &[u8]) -> Result<(), PayloadError> {
        loop {
            let Some(rest) = bytes.get(self.left..) else {
                self.left -= bytes.len();
                return Ok(());
            };
            self.left = 0;
            let Some((byte, rest)) = rest.split_first() else { return Ok(()) };
            bytes = rest;
            self.head.push(*byte);
            if let Some(length) = announced(&self.head) {
                if length > self.most {
                    return Err(PayloadError::Overflow);
                }
                self.head.clear();
                self.left = length;
            }
        }
    }
}

/// How long the frame is whose head this is, mask excluded; none where the head is not complete.
fn announced(head: &[u8]) -> Option<usize> {
    let [_, second, rest @ ..] = head else { return None };
    let (length, rest) = match second & 0x7f {
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
    // One without a mask the decoder refuses at once.
    let is_masked = second & 0x80 != 0;
    (!is_masked || rest.len() >= 4).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(length: usize) -> Vec<u8> {
        let mut frame = vec![0x81];
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(short @ 0..126), _) => frame.push(0x80 | short),
            (_, Ok(medium)) => {
                frame.push(0xfe);
                frame.extend_from_slice(&medium.to_be_bytes());
            }
            _ => {
                frame.push(0xff);
                frame.extend_from_slice(&u64::try_from(length).unwrap().to_be_bytes());
            }
        }
        frame.extend_from_slice(&[1, 2, 3, 4]);
        frame
    }

    #[test]
    fn frames_are_measured_however_they_are_cut() {
        for most in [0, 1, 125, 126, 65_535, 65_536, 100_000] {
            let mut bytes = Vec::new();
            for length in [0, 1, 125, 126, 65_535, 65_536, 100_000]
                .into_iter()
                .filter(|length| *length <= most)
            {
                bytes.extend(frame(length));
                bytes.extend(std::iter::repeat_n(0xff, length));
            }
            let too_large = frame(most + 1);
            for cut in [1, 2, 3, 7, 4096, usize::MAX] {
                let mut meter = Meter { most, head: Vec::new(), left: 0 };
                assert!(bytes.chunks(cut).all(|chunk| meter.pass(chunk).is_ok()), "{most} {cut}");
                assert!(
                    too_large.chunks(cut).any(|chunk| meter.pass(chunk).is_err()),
                    "{most} {cut}"
                );
            }
        }
    }
}
