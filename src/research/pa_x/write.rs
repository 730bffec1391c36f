//! Writes the agreements of the table: creates new agreements, and adds topics and missing identifiers to existing ones.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::Datelike;

use super::super::records::find_or_create;
use super::super::{Fault, Note, Outcome};
use super::Row;
use crate::db::record::{self, Candidate, Stored, UpdateOutcome};
use crate::db::{DbConnection, Error, Transaction, slug_lookup};
use crate::domain::agreement::{AgreementContent, AgreementKind};
use crate::domain::external_id::{ExternalIdContent, look_up_key};
use crate::domain::id::{AgreementId, SourceId};
use crate::domain::provenance::Provenance;
use crate::domain::source::{SourceContent, SourceKind};
use crate::domain::text::{MAX_LINE, quote, slug_of};
use crate::domain::topic_treatment::PA_X;

/// The maximum number of agreements that are created together.
const WRITE_BATCH_SIZE: usize = 500;

/// The words that decide the kind of an agreement. The word that occurs earliest in the title decides.
const KINDS: [(&str, AgreementKind); 9] = [
    ("agreement", AgreementKind::Other),
    ("accord", AgreementKind::Other),
    ("protocol", AgreementKind::Protocol),
    ("memorandum", AgreementKind::Memorandum),
    ("declaration", AgreementKind::Declaration),
    ("resolution", AgreementKind::Resolution),
    ("addendum", AgreementKind::Addendum),
    ("treaty", AgreementKind::Treaty),
    ("law", AgreementKind::Law),
];

/// The stored agreements by the [`number_key`] of their PA-X number, and the slugs of all agreements and proposals.
struct StoredAgreements {
    agreements: HashMap<String, Vec<(AgreementId, Stored<AgreementContent>)>>,
    slugs: HashSet<String>,
}

/// A new agreement, with the number of its row.
struct NewAgreement {
    row: usize,
    id: AgreementId,
    content: AgreementContent,
}

/// Writes the agreements. `codes` are the topics that have a column. Only the treatments of these topics are replaced.
///
/// # Errors
/// Database errors.
pub(super) fn write(
    transaction: &mut Transaction<'_>,
    rows: &[Row],
    codes: &[String],
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let mut stored = StoredAgreements::load(transaction.connection())?;
    let codes: HashSet<&str> = codes.iter().map(String::as_str).collect();
    let mut new_rows = Vec::new();
    for row in rows {
        match stored.agreements.get(&row.id).map(Vec::as_slice) {
            None => new_rows.push(row),
            Some([(id, agreement)]) => {
                update(transaction, row, (*id, agreement), &codes, outcome)?;
            }
            Some(several) => {
                let mut slugs: Vec<&str> =
                    several.iter().map(|(_, agreement)| agreement.content.slug.as_str()).collect();
                slugs.sort_unstable();
                let message = format!(
                    "several agreements have the identifier PA-X {}: {}; keep it in only one of them",
                    row.id,
                    slugs.join(", ")
                );
                outcome.faults.push(Fault::cell(row.number, "AgtId", message));
            }
        }
    }
    if new_rows.is_empty() {
        return Ok(());
    }
    let source = find_or_create(transaction, &source(), &mut outcome.summary.sources)?;
    let new: Vec<NewAgreement> =
        new_rows.into_iter().map(|row| stored.new_agreement(row, source)).collect();
    for batch in new.chunks(WRITE_BATCH_SIZE) {
        create(transaction, batch, outcome)?;
    }
    Ok(())
}

fn create(
    transaction: &mut Transaction<'_>,
    new: &[NewAgreement],
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let mut candidates: Vec<_> =
        new.iter().map(|new| Candidate::new(new.id, &new.content)).collect();
    record::check_all(transaction, &mut candidates)?;
    let mut valid = Vec::with_capacity(new.len());
    for (new, candidate) in new.iter().zip(candidates) {
        if candidate.errors.is_empty() {
            valid.push(candidate);
        } else {
            let column = |path: &[String]| column(path, &new.content.external_ids);
            outcome.faults.extend(Fault::of_errors(new.row, candidate.errors, column));
        }
    }
    record::create_checked(transaction, &valid)?;
    outcome.summary.agreements.created += valid.len();
    Ok(())
}

/// Adds the topics and the missing identifiers of a row to a stored agreement. Adds a note for each title, day or identifier
/// that differs.
fn update(
    transaction: &mut Transaction<'_>,
    row: &Row,
    (id, stored): (AgreementId, &Stored<AgreementContent>),
    codes: &HashSet<&str>,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let mut note = |message: String| outcome.notes.push(Note { row: row.number, message });
    let slug = &stored.content.slug;
    if stored.is_archived {
        note(format!("the agreement {slug} is archived and is not changed"));
        outcome.summary.agreements.unchanged += 1;
        return Ok(());
    }
    if stored.content.title != shortened(&row.title) {
        let (title, kept) = (quote(&row.title), quote(&stored.content.title));
        note(format!("Agt: {title} differs from the title of {slug}, {kept}, which is kept"));
    }
    if stored.content.agreed_on != row.agreed_on {
        let (day, kept) = (row.agreed_on, stored.content.agreed_on);
        note(format!("Dat: {day} differs from the day of {slug}, {kept}, which is kept"));
    }
    let mut content = stored.content.clone();
    for external_id in row.identifiers() {
        let ExternalIdContent { scheme, value } = &external_id;
        let mut stored =
            content.external_ids.iter().filter(|other| other.scheme == *scheme).peekable();
        if stored.peek().is_none() {
            content.external_ids.push(external_id);
        } else if !stored.any(|other| number_key(&other.value) == number_key(value)) {
            note(format!("{scheme} {value} differs from the identifier of {slug}, which is kept"));
        }
    }
    let is_replaced = |scheme: &str, code: &str| scheme == PA_X && codes.contains(code);
    content.topic_treatments.retain(|item| !is_replaced(&item.scheme, &item.code));
    content.topic_treatments.extend(row.treatments.iter().cloned());
    if content == stored.content {
        outcome.summary.agreements.unchanged += 1;
        return Ok(());
    }
    match record::update_as(transaction, id, &content) {
        Ok(UpdateOutcome::Changed) => outcome.summary.agreements.updated += 1,
        Ok(UpdateOutcome::Unchanged) => outcome.summary.agreements.unchanged += 1,
        Err(Error::ValidationErrors(errors)) => {
            let column = |path: &[String]| column(path, &content.external_ids);
            outcome.faults.extend(Fault::of_errors(row.number, errors, column));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// The column from which a field of an agreement comes. `None` if it comes from several columns or from none.
fn column(path: &[String], external_ids: &[ExternalIdContent]) -> Option<String> {
    let mut steps = path.iter().map(String::as_str);
    let column = match steps.next()? {
        "slug" | "title" | "short_title" | "note" => "Agt",
        "agreed_on" => "Dat",
        "source_locator" => "AgtId",
        "adoption" => "Status",
        "external_ids" => {
            let index: usize = steps.next()?.parse().ok()?;
            match external_ids.get(index)?.scheme.as_str() {
                PA_X => "AgtId",
                "UCDP" => "UcdpAgr",
                "PAM" => "PamAgr",
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(column.to_owned())
}

/// A number for comparisons: like [`look_up_key`], and without zeros at the start.
fn number_key(number: &str) -> String {
    look_up_key(number).trim_start_matches('0').to_owned()
}

impl Row {
    /// The identifiers of the agreement in PA-X, UCDP and the Peace Accords Matrix.
    fn identifiers(&self) -> Vec<ExternalIdContent> {
        let schemes =
            [(PA_X, Some(&self.id)), ("UCDP", self.ucdp.as_ref()), ("PAM", self.pam.as_ref())];
        let identifier = |(scheme, value): (&str, Option<&String>)| {
            Some(ExternalIdContent { scheme: scheme.to_owned(), value: value?.clone() })
        };
        schemes.into_iter().filter_map(identifier).collect()
    }

    /// The sentences that describe a new agreement.
    fn summary(&self) -> String {
        let details: Vec<String> =
            self.details.iter().map(|(name, text)| format!("{name}: {text}")).collect();
        let details =
            if details.is_empty() { String::new() } else { format!(" ({})", details.join("; ")) };
        format!(
            "Imported from PA-X{details}. Only what PA-X states about the agreement is recorded."
        )
    }
}

impl StoredAgreements {
    fn load(connection: &mut DbConnection) -> Result<Self, Error> {
        let mut agreements: HashMap<String, Vec<(AgreementId, Stored<AgreementContent>)>> =
            HashMap::new();
        for (id, stored) in record::load_all::<AgreementContent>(connection)? {
            let Some(id) = AgreementId::stored(&id) else { continue };
            let numbers = stored.content.external_ids.iter().filter(|other| other.scheme == PA_X);
            let numbers: BTreeSet<String> =
                numbers.map(|number| number_key(&number.value)).collect();
            for number in numbers {
                agreements.entry(number).or_default().push((id, stored.clone()));
            }
        }
        // An archived agreement is found only if no agreement in use has the number.
        for records in agreements.values_mut() {
            if records.iter().any(|(_, stored)| !stored.is_archived) {
                records.retain(|(_, stored)| !stored.is_archived);
            } else {
                records.truncate(1);
            }
        }
        let mut slugs: HashSet<String> = HashSet::new();
        slugs.extend(slug_lookup::agreements(connection)?.into_iter().map(|record| record.name));
        slugs.extend(slug_lookup::proposals(connection)?.into_iter().map(|record| record.name));
        Ok(Self { agreements, slugs })
    }

    /// A new agreement for a row.
    fn new_agreement(&mut self, row: &Row, source: SourceId) -> NewAgreement {
        let title = shortened(&row.title);
        let note = (title != row.title).then(|| format!("The full title is: {}", row.title));
        let content = AgreementContent {
            slug: self.slug(row),
            short_title: title.clone(),
            title,
            kind: kind(&row.title),
            adoption: match &row.status {
                Some(status) => format!("According to PA-X: {status}."),
                None => "PA-X does not state how the agreement was adopted.".to_owned(),
            },
            aliases: Vec::new(),
            agreed_on: row.agreed_on,
            place: None,
            summary: row.summary(),
            provenance: Provenance {
                source: Some(source),
                source_locator: Some(format!("AgtId {}", row.id)),
                note,
                ..Provenance::default()
            },
            covered_from: None,
            covered_to: None,
            not_covered: Some("Parties, clauses, events and statuses.".to_owned()),
            external_ids: row.identifiers(),
            parties: Vec::new(),
            relations: Vec::new(),
            endings: Vec::new(),
            topic_treatments: row.treatments.clone(),
        };
        NewAgreement { row: row.number, id: AgreementId::new(), content }
    }

    /// A slug that no record has. It is generated from the title and the year, or else from the number.
    fn slug(&mut self, row: &Row) -> String {
        let year = row.agreed_on.year();
        let of_title = slug_of(&row.title).map(|slug| {
            let has_year = slug.split('-').any(|word| word == year.to_string());
            if has_year { slug } else { format!("{slug}-{year}") }
        });
        let base = format!("pa-x-{}", row.id);
        let numbered = (2_u32..).map(|number| format!("{base}-{number}"));
        let mut candidates = of_title.into_iter().chain([base.clone()]).chain(numbered);
        let free = candidates.find(|slug| !self.slugs.contains(slug));
        let slug = free.unwrap_or_else(|| base.clone());
        self.slugs.insert(slug.clone());
        slug
    }
}

/// The kind of an agreement, from the words of its title (see [`KINDS`]).
fn kind(title: &str) -> AgreementKind {
    let title = title.to_lowercase();
    let mut words = title.split(|c: char| !c.is_alphanumeric());
    words
        .find_map(|word| KINDS.iter().find(|(name, _)| *name == word))
        .map_or(AgreementKind::Other, |(_, kind)| *kind)
}

/// The title, cut after a word if it is longer than a title may be.
fn shortened(title: &str) -> String {
    if title.chars().count() <= MAX_LINE {
        return title.to_owned();
    }
    let start: String = title.chars().take(MAX_LINE - 1).collect();
    let end = start.rfind(' ').unwrap_or(start.len());
    format!("{}…", start.get(..end).unwrap_or(&start))
}

/// The source of new agreements.
fn source() -> SourceContent {
    SourceContent {
        slug: Some("pa-x".to_owned()),
        title: "PA-X Peace Agreements Database and Dataset".to_owned(),
        kind: SourceKind::Academic,
        publisher: Some("University of Edinburgh".to_owned()),
        url: Some("https://pax.peaceagreements.org".to_owned()),
        archived_url: None,
        published_on: None,
        language: Some("en".to_owned()),
        external_ids: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_word_of_a_kind_in_the_title_decides() {
        for (title, expected) in [
            ("Protocol on the ceasefire", AgreementKind::Protocol),
            ("Agreement on the Protocol of 1992", AgreementKind::Other),
            ("Joint Declaration (Second Accord)", AgreementKind::Declaration),
            ("Protocols", AgreementKind::Other),
            ("Communiqué", AgreementKind::Other),
        ] {
            assert_eq!(kind(title), expected, "{title}");
        }
    }

    #[test]
    fn long_titles_are_cut_after_a_word() {
        assert_eq!(shortened("Short"), "Short");
        let long = "word ".repeat(100);
        let cut = shortened(long.trim());
        assert!(cut.ends_with("word…") && cut.chars().count() <= MAX_LINE, "{cut}");
        assert_eq!(shortened(&"ü".repeat(400)).chars().count(), MAX_LINE);
    }

    #[test]
    fn errors_are_reported_in_the_column_of_their_field() {
        let identifier =
            |scheme: &str| ExternalIdContent { scheme: scheme.to_owned(), value: "1".to_owned() };
        let external_ids = ["UN", PA_X, "PAM", "UCDP"].map(identifier);
        for (path, expected) in [
            ("title", Some("Agt")),
            ("note", Some("Agt")),
            ("agreed_on", Some("Dat")),
            ("source_locator", Some("AgtId")),
            ("summary", None),
            ("external_ids", None),
            ("external_ids.0.value", None),
            ("external_ids.1.value", Some("AgtId")),
            ("external_ids.2.value", Some("PamAgr")),
            ("external_ids.3", Some("UcdpAgr")),
            ("external_ids.4.value", None),
        ] {
            let steps: Vec<String> = path.split('.').map(str::to_owned).collect();
            assert_eq!(column(&steps, &external_ids).as_deref(), expected, "{path}");
        }
    }
}
