//! Writing JSON.

/// Writes a string, with escapes.
pub fn string(json: &mut Vec<u8>, text: &str) {
    json.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(index) = rest.iter().position(|byte| needs_escape(*byte)) {
        let (before, after) = rest.split_at(index);
        json.extend_from_slice(before);
        let Some((byte, after)) = after.split_first() else { break };
        match byte {
            b'"' => json.extend_from_slice(b"\\\""),
            b'\\' => json.extend_from_slice(b"\\\\"),
            b'\n' => json.extend_from_slice(b"\\n"),
            b'\r' => json.extend_from_slice(b"\\r"),
            b'\t' => json.extend_from_slice(b"\\t"),
            8 => json.extend_from_slice(b"\\b"),
            12 => json.extend_from_slice(b"\\f"),
            other => json.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
        rest = after;
    }
    json.extend_from_slice(rest);
    json.push(b'"');
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Writes a string that needs no escapes.
pub fn plain(json: &mut Vec<u8>, text: &str) {
    json.push(b'"');
    json.extend_from_slice(text.as_bytes());
    json.push(b'"');
}

pub fn boolean(json: &mut Vec<u8>, value: bool) {
    json.extend_from_slice(if value { b"true" } else { b"false" });
}

pub fn integer(json: &mut Vec<u8>, value: i64) {
    json.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Writes a stored instant (`2022-01-26 16:20:00.5`) in the format of RFC 3339, with microseconds. Writes nothing and
/// returns None if the instant has another format.
pub fn instant(json: &mut Vec<u8>, text: &str) -> Option<()> {
    const FRACTION: usize = 6;
    let (day, time) = text.split_once([' ', 'T'])?;
    let (time, fraction) =
        time.trim_end_matches('Z').split_once('.').unwrap_or((time.trim_end_matches('Z'), ""));
    let fraction = fraction.get(..fraction.len().min(FRACTION))?;
    if day.len() != 10 || time.len() != 8 {
        return None;
    }
    json.push(b'"');
    for part in [day, "T", time, ".", fraction] {
        json.extend_from_slice(part.as_bytes());
    }
    json.extend(std::iter::repeat_n(b'0', FRACTION - fraction.len()));
    json.extend_from_slice(b"Z\"");
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn text_is_written_as_the_library_writes_it(text in any::<String>()) {
            let mut json = Vec::new();
            string(&mut json, &text);
            prop_assert_eq!(String::from_utf8(json).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn instant_has_six_digits_of_the_second() {
        for (stored, expected) in [
            ("2022-01-26 16:20:00", Some("\"2022-01-26T16:20:00.000000Z\"")),
            ("2022-01-26 16:20:00.5", Some("\"2022-01-26T16:20:00.500000Z\"")),
            ("2022-01-26T16:20:00.123456", Some("\"2022-01-26T16:20:00.123456Z\"")),
            ("2022-01-26 16:20:00.123456789", Some("\"2022-01-26T16:20:00.123456Z\"")),
            ("2022-01-26", None),
            ("", None),
        ] {
            let mut json = Vec::new();
            let written = instant(&mut json, stored).map(|()| String::from_utf8(json).unwrap());
            assert_eq!(written.as_deref(), expected, "{stored}");
        }
    }
}
