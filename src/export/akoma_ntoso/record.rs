//! The agreement and its clauses, as `agreement.graphql` returns them.

use serde::Deserialize;

/// The approximate length of the XML elements for a clause and its status, in bytes, without the texts in them.
const ELEMENTS: usize = 1_000;

/// An agreement.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    pub slug: String,
    pub title: String,
    pub short_title: String,
    pub kind: String,
    pub agreed_on: String,
    pub place: Option<String>,
    pub adoption: String,
    pub summary: String,
    pub changed_at: Option<String>,
    pub ending: Option<Ending>,
    pub parties: Vec<AgreementParty>,
    pub relations: Vec<Relation>,
    pub external_ids: Vec<ExternalId>,
    pub source: Option<AgreementSource>,
}

/// The ending of the agreement, according to the holder for which the document is exported.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    pub ended_on: String,
    pub kind: String,
}

/// The role of a party in the agreement.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementParty {
    pub role: String,
    pub party: Party,
    /// The party according to which the role applies. None if the role is undisputed.
    pub held_by: Option<Holder>,
}

#[derive(Deserialize)]
pub struct Party {
    pub slug: String,
    pub name: String,
    pub kind: String,
}

/// A party that states a disputed role. Only its presence matters.
#[derive(Deserialize)]
pub struct Holder {}

/// A relation to another agreement.
#[derive(Deserialize)]
pub struct Relation {
    pub kind: String,
    pub agreement: RelatedAgreement,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelatedAgreement {
    pub slug: String,
    pub title: String,
    pub kind: String,
    pub agreed_on: String,
}

#[derive(Deserialize)]
pub struct ExternalId {
    pub scheme: String,
    pub value: String,
}

#[derive(Clone, Deserialize)]
pub struct Source {
    pub id: String,
    pub title: String,
    pub url: Option<String>,
}

/// The source of the agreement.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementSource {
    #[serde(flatten)]
    pub source: Source,
    pub publisher: Option<String>,
    pub published_on: Option<String>,
    pub language: Option<String>,
}

/// A clause.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clause {
    pub number: String,
    pub parent: Option<Number>,
    pub heading: String,
    pub summary: String,
    pub text: Option<String>,
    pub changed_at: Option<String>,
    pub status: String,
    pub status_since: Option<String>,
    pub source: Option<Source>,
}

impl Clause {
    /// The approximate length of the clause in the document, in bytes. Includes its texts, the texts of its source, and
    /// its elements.
    pub fn length(&self) -> usize {
        let text = self.text.as_ref().map_or(0, String::len);
        let source = self.source.as_ref().map_or(0, Source::length);
        ELEMENTS + self.number.len() + self.heading.len() + self.summary.len() + text + source
    }
}

impl Source {
    fn length(&self) -> usize {
        self.title.len() + self.url.as_ref().map_or(0, String::len)
    }
}

#[derive(Deserialize)]
pub struct Number {
    pub number: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn length_of_a_clause_includes_its_source_and_its_elements() {
        let clause: Clause = serde_json::from_value(json!({
            "number": "1",
            "heading": "ab",
            "summary": "abc",
            "text": "abcd",
            "status": "UNASSESSED",
            "source": { "id": "x", "title": "abcde", "url": "https://example.org/" },
        }))
        .unwrap();
        assert_eq!(clause.length(), ELEMENTS + 1 + 2 + 3 + 4 + 5 + 20);
    }
}
