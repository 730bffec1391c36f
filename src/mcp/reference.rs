//! Names of records in the arguments of tools.

use serde_json::{Map, Value as Json};

use crate::domain::GlobalId;

/// A name of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// The global id of any record.
    Id(&'a str),
    /// The address of a source.
    Url(&'a str),
    /// The number of a clause or caveat in the agreement or proposal with this slug: `minsk-2/9`.
    Number { slug: &'a str, number: &'a str },
    /// The slug of an agreement, a proposal or a party.
    Slug(&'a str),
}

impl<'a> Reference<'a> {
    /// Recognizes the kind of a name by its form. Slugs contain no capitals, and every id contains one.
    pub fn parse(name: &'a str) -> Self {
        let name = name.trim();
        if GlobalId::decode(name).is_some() {
            Self::Id(name)
        } else if name.contains("://") {
            Self::Url(name)
        } else if let Some((slug, number)) = name.split_once('/') {
            Self::Number { slug, number }
        } else {
            Self::Slug(name)
        }
    }

    /// The variables of a document that reads the record by its id, address, number or slug. Exactly one of `byId`,
    /// `byUrl`, `byNumber` and `bySlug` is true. This variable selects the field that reads the record.
    pub fn variables(self) -> Map<String, Json> {
        let (id, url, slug, number) = match self {
            Self::Id(id) => (id, "", "", ""),
            Self::Url(url) => ("", url, "", ""),
            Self::Number { slug, number } => ("", "", slug, number),
            Self::Slug(slug) => ("", "", slug, ""),
        };
        let texts = [("id", id), ("url", url), ("slug", slug), ("number", number)];
        let conditions = [
            ("byId", matches!(self, Self::Id(_))),
            ("byUrl", matches!(self, Self::Url(_))),
            ("byNumber", matches!(self, Self::Number { .. })),
            ("bySlug", matches!(self, Self::Slug(_))),
        ];
        let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), text.into()));
        texts
            .chain(conditions.map(|(name, condition)| (name.to_owned(), condition.into())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Id, Kind};

    #[test]
    fn form_of_a_name_decides_its_kind() {
        let id = GlobalId::new(Kind::Source, Id::<()>::new()).encode();
        for (name, expected) in [
            (id.as_str(), Reference::Id(&id)),
            ("https://osce.org/a/b", Reference::Url("https://osce.org/a/b")),
            (" minsk-2/4.a ", Reference::Number { slug: "minsk-2", number: "4.a" }),
            ("minsk-2/4/a", Reference::Number { slug: "minsk-2", number: "4/a" }),
            ("a-slug-of-23-characters", Reference::Slug("a-slug-of-23-characters")),
        ] {
            assert_eq!(Reference::parse(name), expected, "{name}");
        }
    }
}
