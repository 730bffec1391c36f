//! Names of records: the names that the import defines, and the names in the database.

use std::collections::{HashMap, HashSet};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::LocatedError;
use super::document::{Document, SourceLocation, tables};
use super::fields::Lookup;
use crate::db::slug_lookup::{self, NamedRecord};
use crate::db::{DbConnection, Error};
use crate::domain::Id;
use crate::domain::id::{AssessableId, of};
use crate::domain::status::AssessableKind;
use crate::domain::suggestion::did_you_mean;
use crate::domain::text::quote;

/// A named record.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a, T> {
    /// The id in the database, or a new id.
    pub(super) id: Id<T>,
    /// Whether the record is in the database.
    pub(super) is_stored: bool,
    /// Whether the record is archived in the database.
    pub(super) is_archived: bool,
    /// Whether the name is a former slug in the database.
    is_former: bool,
    /// The location at which the import defines the record. `None` if only the database contains the record.
    location: Option<SourceLocation<'a>>,
}

/// The records of one kind, keyed by name.
pub(super) struct NameTable<'a, T> {
    /// The name of the kind in messages: `party`.
    noun: &'static str,
    /// The form of a record's name in messages: `the slug of a party`.
    form: &'static str,
    entries: HashMap<String, Entry<'a, T>>,
    /// Whether names may be missing because a dossier has syntax errors.
    is_incomplete: bool,
}

impl<'a, T> NameTable<'a, T> {
    fn new(noun: &'static str, form: &'static str) -> Self {
        Self { noun, form, entries: HashMap::new(), is_incomplete: false }
    }

    fn fill(&mut self, stored: Vec<NamedRecord<T>>) {
        self.entries.extend(stored.into_iter().map(
            |NamedRecord { name, id, is_archived, is_former }| {
                (name, Entry { id, is_stored: true, is_archived, is_former, location: None })
            },
        ));
    }

    /// The record that `location` defines with this name. `None` if an earlier location defines the same name, or if the name
    /// could not be read.
    pub(super) fn defined(
        &self,
        name: &str,
        location: Option<SourceLocation<'a>>,
    ) -> Option<&Entry<'a, T>> {
        self.entries.get(name).filter(|entry| match (entry.location, location) {
            (Some(first), Some(second)) => std::ptr::eq(first.table, second.table),
            _ => false,
        })
    }

    /// Adds the definition of a record. Adds an error if the import has already defined the name.
    fn define(
        &mut self,
        name: String,
        field: &str,
        location: SourceLocation<'a>,
    ) -> Result<(), LocatedError> {
        let new = || Entry {
            id: Id::new(),
            is_stored: false,
            is_archived: false,
            is_former: false,
            location: None,
        };
        let entry = self.entries.entry(name.clone()).or_insert_with(new);
        match entry.location {
            None => {
                entry.location = Some(location);
                Ok(())
            }
            Some(first) => {
                let message = format!(
                    "{field}: {} {} is already defined at {}",
                    self.noun,
                    quote(&name),
                    first.address()
                );
                Err(location.document.error(location.line_of(field), message))
            }
        }
    }

    /// Adds an error for each record that the import defines twice, under its former slug and under its current slug.
    fn check_former(&self, errors: &mut Vec<LocatedError>, failed: &mut HashSet<String>) {
        let defined =
            self.entries.iter().filter_map(|(name, entry)| Some((name, entry, entry.location?)));
        let (former, others): (Vec<_>, Vec<_>) = defined.partition(|(_, entry, _)| entry.is_former);
        let mut firsts: HashMap<Id<T>, (&String, SourceLocation<'a>)> = others
            .into_iter()
            .map(|(name, entry, location)| (entry.id, (name, location)))
            .collect();
        for (name, entry, location) in former {
            let Some((other, first)) = firsts.insert(entry.id, (name, location)) else { continue };
            let message = format!(
                "slug: {} and {} are slugs of the same {}, which is already defined at {}",
                quote(name),
                quote(other),
                self.noun,
                first.address()
            );
            failed.insert(entry.id.to_string());
            errors.push(location.document.error(location.line_of("slug"), message));
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    fn unknown_name_message(&self, name: &str) -> Option<String> {
        let suggestion = did_you_mean(name, self.names());
        let message = format!(
            "there is no {} {}{suggestion}; expected {} in this import or in the database",
            self.noun,
            quote(name),
            self.form
        );
        (!self.is_incomplete).then_some(message)
    }
}

impl<T> Lookup for NameTable<'_, T> {
    type Output = Id<T>;

    fn look_up(&self, name: &str) -> Result<Id<T>, Option<String>> {
        self.entries.get(name).map(|entry| entry.id).ok_or_else(|| self.unknown_name_message(name))
    }
}

/// Looks up a clause of one agreement by its number.
pub(super) struct ClauseLookup<'n, 'a> {
    pub(super) names: &'n Names<'a>,
    pub(super) agreement: &'n str,
}

impl Lookup for ClauseLookup<'_, '_> {
    type Output = Id<of::Clause>;

    fn look_up(&self, number: &str) -> Result<Self::Output, Option<String>> {
        let clauses = &self.names.clauses;
        let entry = clauses.entries.get(&format!("{}/{number}", self.agreement));
        entry.map(|entry| entry.id).ok_or_else(|| {
            let own = clauses.names().filter_map(|name| {
                name.strip_prefix(self.agreement).and_then(|rest| rest.strip_prefix('/'))
            });
            let suggestion = did_you_mean(number, own);
            let message = format!(
                "there is no clause {} in {}{suggestion}; expected the number of another clause of this agreement",
                quote(number),
                quote(self.agreement)
            );
            (!clauses.is_incomplete).then_some(message)
        })
    }
}

/// A clause, caveat or proposal, with its kind.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) id: AssessableId,
    pub(super) kind: AssessableKind,
    /// Whether it is archived.
    pub(super) is_archived: bool,
}

impl Default for Target {
    fn default() -> Self {
        Self { id: Id::new(), kind: AssessableKind::Clause, is_archived: false }
    }
}

/// The names of all kinds.
pub(super) struct Names<'a> {
    pub(super) topics: NameTable<'a, of::Topic>,
    pub(super) sources: NameTable<'a, of::Source>,
    pub(super) parties: NameTable<'a, of::Party>,
    pub(super) agreements: NameTable<'a, of::Agreement>,
    pub(super) clauses: NameTable<'a, of::Clause>,
    pub(super) proposals: NameTable<'a, of::Proposal>,
    pub(super) caveats: NameTable<'a, of::Caveat>,
    pub(super) events: NameTable<'a, of::Event>,
}

impl<'a> Names<'a> {
    /// The names in an empty database.
    pub(super) fn none() -> Self {
        Self {
            topics: NameTable::new("topic", "the slug of a topic"),
            sources: NameTable::new("source", "the slug of a source"),
            parties: NameTable::new("party", "the slug of a party"),
            agreements: NameTable::new("agreement", "the slug of an agreement"),
            clauses: NameTable::new("clause", "the AGREEMENT/NUMBER of a clause"),
            proposals: NameTable::new("proposal", "the slug of a proposal"),
            caveats: NameTable::new("caveat", "the PROPOSAL/NUMBER of a caveat"),
            events: NameTable::new("event", "the slug of an event"),
        }
    }

    /// Loads the names in the database.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn stored(connection: &mut DbConnection) -> Result<Self, Error> {
        let mut names = Self::none();
        names.topics.fill(slug_lookup::topics(connection)?);
        names.sources.fill(slug_lookup::sources(connection)?);
        names.parties.fill(slug_lookup::parties(connection)?);
        names.agreements.fill(slug_lookup::agreements(connection)?);
        names.clauses.fill(slug_lookup::clauses(connection)?);
        names.proposals.fill(slug_lookup::proposals(connection)?);
        names.caveats.fill(slug_lookup::caveats(connection)?);
        names.events.fill(slug_lookup::events(connection)?);
        Ok(names)
    }

    /// Adds the names that a dossier defines, and an error for each repeated name.
    pub(super) fn define(&mut self, document: &'a Document<'a>, errors: &mut Vec<LocatedError>) {
        define(&mut self.topics, document, "topic", errors);
        define(&mut self.sources, document, "source", errors);
        define(&mut self.parties, document, "party", errors);
        define(&mut self.agreements, document, "agreement", errors);
        define(&mut self.proposals, document, "proposal", errors);
        define(&mut self.events, document, "event", errors);
        let kinds = ("agreement", "clause");
        define_numbered(&self.agreements, &mut self.clauses, document, kinds, errors);
        let kinds = ("proposal", "caveat");
        define_numbered(&self.proposals, &mut self.caveats, document, kinds, errors);
    }

    /// Adds an error for each slug of the import that conflicts with another slug. Returns the ids of the records with
    /// errors.
    pub(super) fn check_slugs(&self, errors: &mut Vec<LocatedError>) -> HashSet<String> {
        let mut failed = HashSet::new();
        self.topics.check_former(errors, &mut failed);
        self.sources.check_former(errors, &mut failed);
        self.parties.check_former(errors, &mut failed);
        self.agreements.check_former(errors, &mut failed);
        self.proposals.check_former(errors, &mut failed);
        self.events.check_former(errors, &mut failed);
        self.check_shared(errors, &mut failed);
        failed
    }

    /// Adds an error for each slug of the import that an agreement would share with a proposal.
    fn check_shared(&self, errors: &mut Vec<LocatedError>, failed: &mut HashSet<String>) {
        for (name, proposal) in &self.proposals.entries {
            let Some(agreement) = self.agreements.entries.get(name) else { continue };
            if proposal.is_stored
                && agreement.is_stored
                && (proposal.is_former || agreement.is_former)
            {
                // Both records had the slug before shared slugs became an error, and one of them has been renamed since.
                continue;
            }
            match (proposal.location, agreement.location) {
                (Some(location), _) => {
                    failed.insert(proposal.id.to_string());
                    errors.push(shared(location, name, "an agreement", agreement.location));
                }
                (None, Some(location)) => {
                    failed.insert(agreement.id.to_string());
                    errors.push(shared(location, name, "a proposal", None));
                }
                // Neither record is in the import.
                (None, None) => {}
            }
        }
    }
}

/// Looks up a clause, caveat or proposal.
impl Lookup for Names<'_> {
    type Output = Target;

    fn look_up(&self, name: &str) -> Result<Target, Option<String>> {
        let clause = target(&self.clauses, AssessableKind::Clause, name);
        let caveat = target(&self.caveats, AssessableKind::Caveat, name);
        let proposal = target(&self.proposals, AssessableKind::Proposal, name);
        if clause.is_some() && caveat.is_some() {
            // Only records that were not imported can share a name, because an import rejects shared slugs.
            return Err(Some(format!("{} is the name of both a clause and a caveat", quote(name))));
        }
        clause.or(caveat).or(proposal).ok_or_else(|| {
            let names = self.clauses.names().chain(self.caveats.names()).chain(self.proposals.names());
            let message = format!(
                "there is no clause, caveat or proposal {}{}; expected AGREEMENT/NUMBER, PROPOSAL/NUMBER or the slug \
                 of a proposal, in this import or in the database",
                quote(name),
                did_you_mean(name, names)
            );
            let is_incomplete = self.clauses.is_incomplete || self.caveats.is_incomplete || self.proposals.is_incomplete;
            (!is_incomplete).then_some(message)
        })
    }
}

fn target<T>(name_table: &NameTable<'_, T>, kind: AssessableKind, name: &str) -> Option<Target> {
    let entry = name_table.entries.get(name)?;
    Some(Target { id: entry.id.cast(), kind, is_archived: entry.is_archived })
}

/// Adds the slugs of one kind.
fn define<'a, T>(
    name_table: &mut NameTable<'a, T>,
    document: &'a Document<'a>,
    kind: &str,
    errors: &mut Vec<LocatedError>,
) {
    name_table.is_incomplete |= document.is_incomplete;
    for (table, fields) in blocks(&document.root, kind) {
        match text(fields, "slug") {
            Some(slug) => {
                let defined =
                    name_table.define(slug.to_owned(), "slug", SourceLocation { document, table });
                errors.extend(defined.err());
            }
            None => name_table.is_incomplete = true,
        }
    }
}

/// Adds the names of numbered records in containers with slugs. If a container is defined again, the records in the
/// later definition get no names and cause no further error.
fn define_numbered<'a, O, T>(
    owners: &NameTable<'a, O>,
    name_table: &mut NameTable<'a, T>,
    document: &'a Document<'a>,
    (owner, kind): (&str, &str),
    errors: &mut Vec<LocatedError>,
) {
    name_table.is_incomplete |= document.is_incomplete;
    for (table, fields) in blocks(&document.root, owner) {
        let location = SourceLocation { document, table };
        let slug = text(fields, "slug");
        name_table.is_incomplete |= slug.is_none();
        let Some(slug) = slug.filter(|slug| owners.defined(slug, Some(location)).is_some()) else {
            continue;
        };
        for (table, fields) in blocks(fields, kind) {
            match text(fields, "number") {
                Some(number) => {
                    let name = format!("{slug}/{number}");
                    errors.extend(
                        name_table.define(name, "number", SourceLocation { document, table }).err(),
                    );
                }
                None => name_table.is_incomplete = true,
            }
        }
    }
}

/// The error for a slug that an agreement and a proposal would share.
fn shared(
    location: SourceLocation<'_>,
    name: &str,
    owner: &str,
    owner_location: Option<SourceLocation<'_>>,
) -> LocatedError {
    let owner_address =
        owner_location.map_or_else(|| "in the database".to_owned(), |location| location.address());
    let message = format!(
        "slug: {} is already the slug of {owner} ({owner_address}); agreements and proposals share one set of slugs",
        quote(name)
    );
    location.document.error(location.line_of("slug"), message)
}

/// The `[[…]]` blocks of one kind in a table.
fn blocks<'a>(
    parent: &'a DeTable<'a>,
    kind: &str,
) -> impl Iterator<Item = (&'a Spanned<DeValue<'a>>, &'a DeTable<'a>)> {
    let items = parent.get(kind).and_then(|value| value.get_ref().as_array());
    items.into_iter().flat_map(|items| tables(items))
}

fn text<'a>(fields: &'a DeTable<'a>, field: &str) -> Option<&'a str> {
    fields.get(field)?.get_ref().as_str()
}
