//! The names of clauses, caveats and proposals. The name of a clause or caveat, such as `minsk-2/9`, consists of the
//! slug of its agreement or proposal, `/`, and its number. The name of a proposal is its slug.

use std::collections::{BTreeSet, HashMap};

use super::{DbConnection, Error, agreement, caveat, clause, proposal};
use crate::domain::id::AssessableId;

/// The ids of the clauses, caveats and proposals with these names, keyed by name. `a/1` is the name of clause 1 of the
/// agreement `a`. If there is no such clause, it is the name of caveat 1 of the proposal `a`.
///
/// # Errors
/// Database errors.
pub fn by_names(
    connection: &mut DbConnection,
    names: &[&str],
) -> Result<HashMap<String, AssessableId>, Error> {
    let mut ids = HashMap::new();
    let slugs = distinct(names.iter().filter_map(|name| Some(name.split_once('/')?.0)));
    if !slugs.is_empty() {
        let agreements = agreement::by_slugs(connection, &slugs)?;
        let keys = keys(names, |slug| Some(agreements.get(slug)?.id.to_string()));
        let clauses = clause::by_numbers(connection, &keys.values().collect::<Vec<_>>())?;
        let clause = |key: &String| Some(clauses.get(key)?.row.id.cast());
        ids.extend(keys.iter().filter_map(|(name, key)| Some(((*name).to_owned(), clause(key)?))));
    }
    let others: Vec<&str> = names.iter().copied().filter(|name| !ids.contains_key(*name)).collect();
    // A name without a number is the slug of a proposal.
    let slugs = others.iter().map(|name| name.split_once('/').map_or(*name, |(slug, _)| slug));
    let proposals = proposal::by_slugs(connection, &distinct(slugs))?;
    let proposal = |slug: &str| Some(proposals.get(slug)?.row.id);
    ids.extend(others.iter().filter_map(|name| Some(((*name).to_owned(), proposal(name)?.cast()))));
    let keys = keys(&others, |slug| Some(proposal(slug)?.to_string()));
    if !keys.is_empty() {
        let caveats = caveat::by_numbers(connection, &keys.values().collect::<Vec<_>>())?;
        let caveat = |key: &String| Some(caveats.get(key)?.row.id.cast());
        ids.extend(keys.iter().filter_map(|(name, key)| Some(((*name).to_owned(), caveat(key)?))));
    }
    Ok(ids)
}

/// The names that contain a number, each with the key by which the record is looked up: the id of its agreement or
/// proposal, `/`, and the number. `owner` returns the id of the agreement or proposal with a slug.
fn keys<'n>(names: &[&'n str], owner: impl Fn(&str) -> Option<String>) -> HashMap<&'n str, String> {
    let keys = names.iter().filter_map(|name| {
        let (slug, number) = name.split_once('/')?;
        Some((*name, format!("{}/{number}", owner(slug)?)))
    });
    keys.collect()
}

fn distinct<'k>(keys: impl Iterator<Item = &'k str>) -> Vec<&'k str> {
    keys.collect::<BTreeSet<_>>().into_iter().collect()
}
