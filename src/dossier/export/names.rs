//! The names of the exported records in dossiers.

use std::collections::{HashMap, HashSet};

use super::database::Database;
use crate::domain::event::EventContent;
use crate::domain::source::SourceContent;
use crate::domain::text::slug_of;
use crate::domain::{Content, Id};

/// The names, keyed by id.
pub(super) struct Names(HashMap<String, String>);

impl Names {
    pub(super) fn of(database: &Database) -> Self {
        let mut names = HashMap::new();
        macro_rules! add_slugs {
            ($records:expr) => {
                names.extend(
                    $records.iter().map(|(id, content)| (id.clone(), content.slug.clone())),
                );
            };
        }
        add_slugs!(database.topics);
        add_slugs!(database.parties);
        add_slugs!(database.agreements);
        add_slugs!(database.proposals);
        add_generated_slugs(
            &mut names,
            database.sources.iter().map(|(id, content)| {
                let SourceContent { slug, title, .. } = content;
                (id, slug.as_deref(), title.as_str(), sort_key(content))
            }),
        );
        add_generated_slugs(
            &mut names,
            database.events.iter().map(|(id, content)| {
                let EventContent { slug, title, .. } = content;
                (id, slug.as_deref(), title.as_str(), sort_key(content))
            }),
        );
        let numbered =
            |owner: &str, number: &str| names.get(owner).map(|slug| format!("{slug}/{number}"));
        let clauses = database.clauses.iter().filter_map(|(id, clause)| {
            Some((id.clone(), numbered(clause.agreement.as_str(), &clause.number)?))
        });
        let caveats = database.caveats.iter().filter_map(|(id, caveat)| {
            Some((id.clone(), numbered(caveat.proposal.as_str(), &caveat.number)?))
        });
        let numbered: Vec<(String, String)> = clauses.chain(caveats).collect();
        names.extend(numbered);
        Self(names)
    }

    /// The name of an exported record. Exported records refer only to exported records, so each reference has a name.
    pub(super) fn name<T>(&self, id: Id<T>) -> &str {
        self.0.get(id.as_str()).map_or("", String::as_str)
    }

    pub(super) fn named(&self, id: &str) -> &str {
        self.0.get(id).map_or("", String::as_str)
    }

    pub(super) fn name_optional<T>(&self, id: Option<Id<T>>) -> Option<&str> {
        id.map(|id| self.name(id))
    }

    pub(super) fn names<T>(&self, ids: &[Id<T>]) -> Vec<&str> {
        ids.iter().map(|id| self.name(*id)).collect()
    }

    /// The records of a kind in order of name, with their names.
    pub(super) fn in_order<'d, C>(&self, records: &'d HashMap<String, C>) -> Vec<(&str, &'d C)> {
        let mut named: Vec<_> =
            records.iter().map(|(id, content)| (self.named(id), content)).collect();
        named.sort_unstable_by_key(|(name, _)| *name);
        named
    }
}

/// Adds slugs. A record without a slug gets a slug that is generated from its title. Each of `records` consists of
/// id, slug, title and sort key. Records without a slug are ordered by this key, because their order must not depend on
/// ids.
fn add_generated_slugs<'d>(
    names: &mut HashMap<String, String>,
    records: impl Iterator<Item = (&'d String, Option<&'d str>, &'d str, String)>,
) {
    let (mut taken, mut without) = (HashSet::new(), Vec::new());
    for (id, slug, title, key) in records {
        match slug {
            Some(slug) => {
                taken.insert(slug.to_owned());
                names.insert(id.clone(), slug.to_owned());
            }
            None => without.push((key, id, title)),
        }
    }
    without.sort_unstable();
    for (_, id, title) in without {
        let base = slug_of(title).unwrap_or_else(|| "untitled".to_owned());
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let free = std::iter::once(base.clone()).chain(numbered).find(|slug| !taken.contains(slug));
        let slug = free.unwrap_or(base);
        taken.insert(slug.clone());
        names.insert(id.clone(), slug);
    }
}

/// The sort key of a record without a slug: its values, except references.
fn sort_key<C: Content>(content: &C) -> String {
    let values = content.fields().into_iter().flat_map(|field| field.values);
    // Omits references, because ids differ in each database.
    let values = values.filter(|value| value.refers_to.is_empty());
    let lines: Vec<String> = values.map(|value| format!("{} {}", value.path, value.text)).collect();
    lines.join("\n")
}
