//! The common names of parties, agreements and proposals: names, titles and aliases. Excludes archived records.

use diesel::prelude::*;

use super::query::parse_json_array;
use super::schema::{agreements, parties, proposals, trackables};
use super::{DbConnection, Error};

/// The names of a record. Several records may have the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonNames {
    /// The slug.
    pub slug: String,
    /// Names, titles and aliases.
    pub names: Vec<String>,
}

impl CommonNames {
    /// `aliases` is a JSON array.
    fn stored(slug: String, names: Vec<String>, aliases: &str) -> Result<Self, Error> {
        Ok(Self { slug, names: [names, parse_json_array(aliases)?].concat() })
    }
}

/// The names of the parties.
///
/// # Errors
/// Database errors.
pub fn of_parties(connection: &mut DbConnection) -> Result<Vec<CommonNames>, Error> {
    let rows = parties::table
        .filter(parties::archived_at.is_null())
        .select((parties::slug, parties::short_name, parties::name, parties::aliases))
        .load::<(String, String, String, String)>(connection)?;
    rows.into_iter()
        .map(|(slug, short, name, aliases)| CommonNames::stored(slug, vec![short, name], &aliases))
        .collect()
}

/// The names of the agreements and proposals.
///
/// # Errors
/// Database errors.
pub fn of_instruments(connection: &mut DbConnection) -> Result<Vec<CommonNames>, Error> {
    let of_agreements = agreements::table
        .filter(agreements::archived_at.is_null())
        .select((agreements::slug, agreements::short_title, agreements::title, agreements::aliases))
        .load::<(String, String, String, String)>(connection)?;
    let of_proposals = proposals::table
        .inner_join(trackables::table.on(trackables::id.eq(proposals::id)))
        .filter(trackables::archived_at.is_null())
        .select((proposals::slug, proposals::title, proposals::aliases))
        .load::<(String, String, String)>(connection)?;
    let agreements = of_agreements.into_iter().map(|(slug, short, title, aliases)| {
        CommonNames::stored(slug, vec![short, title], &aliases)
    });
    let proposals = of_proposals
        .into_iter()
        .map(|(slug, title, aliases)| CommonNames::stored(slug, vec![title], &aliases));
    agreements.chain(proposals).collect()
}
