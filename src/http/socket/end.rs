//! The reasons why a socket ends, and their close codes.

use actix_web::error::PayloadError;
use actix_ws::{CloseCode, ProtocolError};

/// The reason why a socket ends.
pub enum SocketEnd {
    /// The connection is broken, or the client has been silent for too long. No close frame is sent.
    Disconnected,
    /// The socket is closed with this code and reason.
    Closed(CloseCode, String),
}

impl SocketEnd {
    /// Closes the socket with a code of the subprotocol.
    pub fn with_code(code: u16, reason: impl Into<String>) -> Self {
        Self::Closed(CloseCode::Other(code), reason.into())
    }

    /// Closes the socket because the client has violated the WebSocket protocol or a limit.
    pub fn from_protocol_error(failure: &ProtocolError, max_bytes: usize) -> Self {
        let (code, reason) = match failure {
            // actix-ws wraps three errors as I/O errors: invalid UTF-8, an error of the request body, and a large
            // message of several frames.
            ProtocolError::Io(failure) => match failure.get_ref() {
                Some(inner) if inner.is::<std::str::Utf8Error>() => {
                    (CloseCode::Invalid, "a message is not UTF-8".to_owned())
                }
                Some(inner) => match inner.downcast_ref::<PayloadError>() {
                    // `frame_limit` reports `Overflow` for a large frame. The error for a large message of several
                    // frames is only a text.
                    Some(PayloadError::Overflow) | None
                        if failure.kind() == std::io::ErrorKind::Other =>
                    {
                        (CloseCode::Size, format!("a message is larger than {max_bytes} bytes"))
                    }
                    Some(_) => return Self::Disconnected,
                    None => (CloseCode::Protocol, failure.to_string()),
                },
                None => return Self::Disconnected,
            },
            ProtocolError::Overflow => {
                (CloseCode::Size, format!("a message is larger than {max_bytes} bytes"))
            }
            other => (CloseCode::Protocol, other.to_string()),
        };
        Self::Closed(code, reason)
    }

    /// Closes the socket because the server is stopping.
    pub fn server_stopping() -> Self {
        Self::Closed(
            CloseCode::Away,
            "the server is stopping; connect again in a moment".to_owned(),
        )
    }
}
