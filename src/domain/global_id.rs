//! Ids in the API. They are opaque, contain the kind of record, and never change.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::{Id, Kind, StringEnum};

/// A record's kind and UUID, encoded as one opaque string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GlobalId {
    /// The kind of record.
    pub kind: Kind,
    /// The UUID of the record.
    pub uuid: Uuid,
}

impl GlobalId {
    /// The global id of a record.
    #[must_use]
    pub fn new<T>(kind: Kind, id: Id<T>) -> Self {
        Self { kind, uuid: id.uuid() }
    }

    /// The text of the id: 23 characters of unpadded URL-safe Base64.
    #[must_use]
    pub fn encode(&self) -> String {
        self.bytes().iter().map(|byte| char::from(*byte)).collect()
    }

    /// The text of the id as ASCII bytes.
    #[must_use]
    pub fn bytes(&self) -> [u8; 23] {
        let mut bytes = [0; 17];
        let (tag, rest) = bytes.split_at_mut(1);
        tag.copy_from_slice(&[tag_of(self.kind)]);
        rest.copy_from_slice(self.uuid.as_bytes());
        let mut text = [0; 23];
        // 17 bytes are encoded as 23 characters, so the encoding always fits.
        let _ = URL_SAFE_NO_PAD.encode_slice(bytes, &mut text);
        text
    }

    /// Decodes the text of an id. `None` if it is invalid.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (tag, rest) = bytes.split_first()?;
        let kind = Kind::ALL.iter().copied().find(|kind| tag_of(*kind) == *tag)?;
        Some(Self { kind, uuid: Uuid::from_slice(rest).ok()? })
    }
}

/// Tags are part of every published id: never change or reuse a tag.
fn tag_of(kind: Kind) -> u8 {
    match kind {
        Kind::Agreement => 1,
        Kind::Clause => 2,
        Kind::Proposal => 3,
        Kind::Caveat => 4,
        Kind::Party => 5,
        Kind::Topic => 6,
        Kind::Source => 7,
        Kind::Event => 8,
        Kind::Precondition => 9,
        Kind::ClauseAssessment => 10,
        Kind::ProposalAssessment => 11,
        Kind::CaveatAssessment => 12,
        Kind::Obligation => 13,
        Kind::Deadline => 14,
        Kind::AgreementParty => 15,
        Kind::AgreementRelation => 16,
        Kind::ExternalId => 17,
        Kind::CaveatClauseLink => 18,
        Kind::Token => 19,
        Kind::AgreementEnding => 20,
        Kind::Interpretation => 21,
        Kind::StatusCheck => 22,
        Kind::Submission => 23,
        Kind::Release => 24,
        Kind::Webhook => 25,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn global_id_is_decoded_as_it_was_encoded(kind in prop::sample::select(Kind::ALL), bytes in any::<[u8; 16]>()) {
            let id = GlobalId { kind, uuid: Uuid::from_bytes(bytes) };
            prop_assert_eq!(GlobalId::decode(&id.encode()), Some(id));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,40}") {
            if let Some(id) = GlobalId::decode(&text) {
                prop_assert_eq!(id.encode(), text);
            }
        }
    }
}
