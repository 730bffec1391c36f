//! The rules of `docs/CODING.md` that a program can check, applied to all shipped dossiers.
//!
//! A rule returns one line for each record that breaks the rule. `broken` tests each rule with a small dossier that
//! breaks it.

mod broken;

use std::collections::{BTreeMap, BTreeSet};

use clausewatch::dossier::{self, File};
use toml::{Table, Value};
use url::Url;

/// A note that contains one of these phrases explains why a breach has no breaker.
const REASONS: [&str; 5] = ["disputed", "contested", "each side", "not known", "no source names"];

/// The records of dossiers.
struct Records(Vec<Table>);

/// An assessment, including the values that it inherits from its event.
struct Assessment {
    of: String,
    /// The party that holds the assessment. `None` for the neutral record.
    holder: Option<String>,
    /// The day on which the status takes effect, as a string that sorts by day.
    day: String,
    status: String,
    confidence: String,
    evidence: Vec<String>,
    has_breaker: bool,
    note: String,
}

impl Records {
    fn of(files: &[File]) -> Self {
        let parse = |file: &File| {
            file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.name))
        };
        Self(files.iter().map(parse).collect())
    }

    fn all(&self, kind: &str) -> impl Iterator<Item = &Table> {
        self.0.iter().flat_map(move |file| tables(file, kind))
    }

    /// The clauses with their references.
    fn clauses(&self) -> Vec<(String, &Table)> {
        let of = |agreement| {
            let reference =
                move |clause| format!("{}/{}", text(agreement, "slug"), text(clause, "number"));
            tables(agreement, "clause").map(move |clause| (reference(clause), clause))
        };
        self.all("agreement").flat_map(of).collect()
    }

    /// The kind of each source.
    fn source_kinds(&self) -> BTreeMap<&str, &str> {
        self.all("source").map(|source| (text(source, "slug"), text(source, "kind"))).collect()
    }

    fn assessments(&self) -> Vec<Assessment> {
        let nothing = Table::new();
        let alone = self.all("assessment").map(|record| Assessment::new(record, &nothing));
        let below = self.all("event").flat_map(|event| {
            tables(event, "assessment").map(move |record| Assessment::new(record, event))
        });
        alone.chain(below).collect()
    }
}

impl Assessment {
    fn new(record: &Table, event: &Table) -> Self {
        let or_event =
            |key: &str, key_of_event: &str| record.get(key).or_else(|| event.get(key_of_event));
        let day = or_event("effective_on", "happened_on").map(Value::to_string);
        let confidence = or_event("confidence", "confidence").and_then(Value::as_str);
        Self {
            of: text(record, "of").to_owned(),
            holder: record.get("held_by").and_then(Value::as_str).map(ToOwned::to_owned),
            day: last_day(&day.expect("an assessment has a day")),
            status: text(record, "status").to_owned(),
            confidence: confidence.unwrap_or("MEDIUM").to_owned(),
            evidence: sources(or_event("evidence", "sources")),
            has_breaker: record.contains_key("breached_by"),
            note: text(record, "note").to_owned(),
        }
    }

    fn is_neutral(&self, status: &str) -> bool {
        self.holder.is_none() && self.status == status
    }
}

fn tables<'t>(table: &'t Table, kind: &str) -> impl Iterator<Item = &'t Table> + use<'t> {
    table.get(kind).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

fn text<'t>(table: &'t Table, key: &str) -> &'t str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The slugs in a list of citations. A citation is a slug, or a table with the slug in the field `source`.
fn sources(list: Option<&Value>) -> Vec<String> {
    let slug = |item: &Value| {
        item.as_str().or_else(|| item.get("source")?.as_str()).map(ToOwned::to_owned)
    };
    list.and_then(Value::as_array).into_iter().flatten().filter_map(slug).collect()
}

/// The last day of a date, which may be a day, a month, a year or an interval. Returns a string that sorts by day.
/// Every month is taken to end on day 31, so that it sorts after all its days.
fn last_day(date: &str) -> String {
    let date = date.trim_matches('"').trim_end_matches('~');
    let last = date.rsplit('/').next().unwrap_or(date);
    match last.len() {
        4 => format!("{last}-12-31"),
        7 => format!("{last}-31"),
        _ => last.to_owned(),
    }
}

/// The progress that a status expresses. `None` for statuses that do not express progress.
fn progress(status: &str) -> Option<u8> {
    match status {
        "COMPLETE" => Some(3),
        "PARTIAL" => Some(2),
        "MINIMAL" => Some(1),
        "NOT_STARTED" | "BREACHED" | "SUSPENDED" => Some(0),
        _ => None,
    }
}

/// Each clause has criteria, which are the observable conditions for its statuses.
fn clauses_without_criteria(records: &Records) -> Vec<String> {
    let lacks_criteria = |clause: &Table| tables(clause, "criteria").next().is_none();
    let clauses = records.clauses().into_iter();
    clauses.filter(|(_, clause)| lacks_criteria(clause)).map(|(reference, _)| reference).collect()
}

/// Each clause cites a location in the text of its agreement, and each duty and deadline cites a source.
fn parts_without_citations(records: &Records) -> Vec<String> {
    let mut faults = Vec::new();
    for (reference, clause) in records.clauses() {
        if text(clause, "source").is_empty() || text(clause, "source_locator").is_empty() {
            faults.push(reference.clone());
        }
        for list in ["obligations", "deadlines"] {
            let unsourced =
                tables(clause, list).filter(|item| text(item, "source").is_empty()).count();
            if unsourced > 0 {
                faults.push(format!("{reference}: {list}"));
            }
        }
    }
    faults
}

/// No source has the address of a home page.
fn home_pages(records: &Records) -> Vec<String> {
    let mut faults = Vec::new();
    for source in records.all("source") {
        for address in
            ["url", "archived_url"].into_iter().filter_map(|key| source.get(key)?.as_str())
        {
            let url = Url::parse(address).expect("an address");
            if url.path().trim_matches('/').is_empty() && url.query().is_none() {
                faults.push(format!("{}: {address}", text(source, "slug")));
            }
        }
    }
    faults
}

/// A neutral assessment with HIGH confidence has evidence other than statements of parties.
fn high_confidence_from_party_statements(records: &Records) -> Vec<String> {
    let kinds = records.source_kinds();
    let is_statement = |slug: &String| kinds.get(slug.as_str()) == Some(&"PARTY_STATEMENT");
    let rests_on_statements = |record: &Assessment| {
        record.holder.is_none()
            && record.confidence == "HIGH"
            && record.evidence.iter().all(is_statement)
    };
    let all = records.assessments();
    all.iter().filter(|record| rests_on_statements(record)).map(Assessment::name).collect()
}

/// Each interpretation cites a source. If its confidence is HIGH, the source must be an official text or a party's
/// statement. If the holder is a person, the source may be of any kind.
fn interpretations_without_a_statement(records: &Records) -> Vec<String> {
    let kinds = records.source_kinds();
    let persons: BTreeSet<&str> = records
        .all("party")
        .filter(|party| text(party, "kind") == "PERSON")
        .map(|party| text(party, "slug"))
        .collect();
    let is_unfounded = |record: &&Table| match kinds.get(text(record, "source")) {
        None => true,
        Some(&("OFFICIAL_TEXT" | "PARTY_STATEMENT")) => false,
        Some(_) => {
            text(record, "confidence") == "HIGH" && !persons.contains(text(record, "held_by"))
        }
    };
    let name = |record: &Table| {
        let (of, holder) = (text(record, "of"), text(record, "held_by"));
        format!("{of} by {holder}: {}", text(record, "term"))
    };
    records.all("interpretation").filter(is_unfounded).map(name).collect()
}

/// For each holder, a parent never has more progress than the part with the most progress.
fn parents_with_more_progress_than_their_parts(records: &Records) -> Vec<String> {
    /// The progress, keyed by day.
    type History<'a> = BTreeMap<&'a str, Option<u8>>;
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (reference, clause) in records.clauses() {
        if let Some(parent) = clause.get("parent").and_then(Value::as_str) {
            let agreement = reference.split('/').next().unwrap_or_default();
            parts.entry(format!("{agreement}/{parent}")).or_default().push(reference);
        }
    }
    // The histories, keyed by clause and holder.
    let mut histories: BTreeMap<(&str, Option<&str>), History<'_>> = BTreeMap::new();
    let assessments = records.assessments();
    for record in &assessments {
        let history = histories.entry((&record.of, record.holder.as_deref())).or_default();
        history.insert(&record.day, progress(&record.status));
    }
    let on = |clause: &str, holder, day: &str| {
        let history = histories.get(&(clause, holder))?;
        *history.range(..=day).next_back()?.1
    };
    let mut faults = Vec::new();
    for ((parent, holder), history) in &histories {
        let Some(parts) = parts.get(*parent) else { continue };
        let keys = parts.iter().filter_map(|part| histories.get(&(part.as_str(), *holder)));
        let days: BTreeSet<&str> =
            keys.chain([history]).flat_map(|history| history.keys().copied()).collect();
        for day in days {
            let best = parts.iter().filter_map(|part| on(part, *holder, day)).max();
            if let (Some(parent_is), Some(best)) = (on(parent, *holder, day), best)
                && parent_is > best
            {
                let holder = holder.unwrap_or("the neutral record");
                faults.push(format!("{parent} on {day} by {holder}"));
            }
        }
    }
    faults
}

/// No two assessments have the same note.
fn repeated_notes(records: &Records) -> Vec<String> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in records.assessments() {
        names.entry(record.note.clone()).or_default().push(record.name());
    }
    let repeated = names.into_iter().filter(|(_, names)| names.len() > 1);
    repeated.map(|(note, names)| format!("{}: {note}", names.join(", "))).collect()
}

/// A breach in the neutral record names the party responsible, or its note says why no party is named.
fn breaches_without_breaker_or_reason(records: &Records) -> Vec<String> {
    let says_why = |note: &str| REASONS.iter().any(|reason| note.to_lowercase().contains(reason));
    let is_fault = |record: &&Assessment| {
        record.is_neutral("BREACHED") && !record.has_breaker && !says_why(&record.note)
    };
    records.assessments().iter().filter(is_fault).map(Assessment::name).collect()
}

impl Assessment {
    fn name(&self) -> String {
        format!(
            "{} on {} by {}",
            self.of,
            self.day,
            self.holder.as_deref().unwrap_or("the neutral record")
        )
    }
}

/// Checks that the shipped dossiers follow a rule.
fn check(rule: fn(&Records) -> Vec<String>) {
    let faults = rule(&Records::of(&dossier::embedded()));
    assert!(faults.is_empty(), "{} records break the rule:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn clauses_have_criteria() {
    check(clauses_without_criteria);
}

#[test]
fn clauses_duties_and_deadlines_have_citations() {
    check(parts_without_citations);
}

#[test]
fn addresses_of_sources_are_not_home_pages() {
    check(home_pages);
}

#[test]
fn parents_never_have_more_progress_than_all_their_parts() {
    check(parents_with_more_progress_than_their_parts);
}

#[test]
fn high_confidence_requires_more_than_party_statements() {
    check(high_confidence_from_party_statements);
}

#[test]
fn interpretations_cite_statements() {
    check(interpretations_without_a_statement);
}

#[test]
fn notes_of_assessments_are_distinct() {
    check(repeated_notes);
}

#[test]
fn neutral_breaches_name_a_breaker_or_a_reason() {
    check(breaches_without_breaker_or_reason);
}
