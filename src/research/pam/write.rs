//! Records the codes as assessments of the clauses that are linked to the provisions.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::shared::{faults, find_or_create};
use super::super::{Fault, Note, Outcome, PamOptions, Table};
use super::Coded;
use crate::db::assessment_import::{self, ImportedAssessment, ImportedFile};
use crate::db::{DbConnection, Error, Transaction, record, slug_lookup};
use crate::domain::Kind;
use crate::domain::agreement::AgreementContent;
use crate::domain::assessment::{AssessmentContent, Confidence, Momentum};
use crate::domain::citation::{Citation, CitationDetails};
use crate::domain::clause::ClauseContent;
use crate::domain::external_id::{ExternalIdContent, look_up_key};
use crate::domain::id::{AgreementId, ClauseId, PartyId, SourceId};
use crate::domain::party::{PartyContent, PartyKind};
use crate::domain::source::{SourceContent, SourceKind};
use crate::domain::status::{AssessableKind, Status};
use crate::domain::text::quote;

/// The scheme of the identifiers of accords and provisions.
const PAM: &str = "PAM";

/// Records the codes.
///
/// # Errors
/// Database errors.
pub(super) fn write(
    transaction: &mut Transaction<'_>,
    file: &str,
    table: &Table,
    (codes, options): (&[Coded], &PamOptions),
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let links = Links::load(transaction.connection(), table, options, outcome)?;
    let linked = links.find(codes, options, outcome);
    if linked.is_empty() {
        return Ok(());
    }
    let holder = find_or_create(transaction, &holder(), &mut outcome.summary.parties)?;
    let source = find_or_create(transaction, &source(), &mut outcome.summary.sources)?;
    let (mut rows, mut items) = (Vec::new(), Vec::new());
    for (coded, clauses) in linked {
        for clause in clauses {
            rows.push(coded);
            items.push(ImportedAssessment {
                content: assessment(coded, *clause, holder, source),
                kind: AssessableKind::Clause,
                file: ImportedFile::Table(file),
            });
        }
    }
    let outcomes = assessment_import::record(transaction, items)?;
    for (coded, of_item) in rows.into_iter().zip(outcomes) {
        let Some(errors) = outcome.summary.assessments.add(of_item) else { continue };
        let [_, provision, year] = &coded.columns;
        let column = |field: &str| {
            Some(if field == "effective_on" { year.clone() } else { provision.clone() })
        };
        outcome.faults.extend(faults(coded.row, errors, column));
    }
    Ok(())
}

/// The agreements and clauses that are linked to accords and provisions.
struct Links {
    /// The agreements in use by the key of the accord.
    agreements: HashMap<String, Vec<AgreementId>>,
    /// The slugs of the agreements.
    slugs: HashMap<AgreementId, String>,
    /// The clauses in use by agreement and by the key of `ACCORD/PROVISION`, with their numbers.
    clauses: HashMap<(AgreementId, String), Vec<(String, ClauseId)>>,
}

impl Links {
    fn load(
        connection: &mut DbConnection,
        table: &Table,
        options: &PamOptions,
        outcome: &mut Outcome,
    ) -> Result<Self, Error> {
        let mut links =
            Self { agreements: HashMap::new(), slugs: HashMap::new(), clauses: HashMap::new() };
        for (id, stored) in record::load_all::<AgreementContent>(connection)? {
            let Some(id) = AgreementId::stored(&id).filter(|_| !stored.is_archived) else {
                continue;
            };
            for accord in identifiers(&stored.content.external_ids) {
                links.agreements.entry(accord).or_default().push(id);
            }
            links.slugs.insert(id, stored.content.slug);
        }
        for (id, stored) in record::load_all::<ClauseContent>(connection)? {
            let Some(id) = ClauseId::stored(&id).filter(|_| !stored.is_archived) else { continue };
            let ClauseContent { agreement, number, external_ids, .. } = stored.content;
            for provision in identifiers(&external_ids) {
                let clauses = links.clauses.entry((agreement, provision)).or_default();
                clauses.push((number.clone(), id));
            }
        }
        links.clauses.values_mut().for_each(|clauses| clauses.sort_unstable());
        let slugs: Vec<&String> = options.agreements.values().collect();
        let by_slug = slug_lookup::by_slugs(connection, &slugs)?;
        for (accord, slug) in options.agreements.iter().collect::<BTreeMap<_, _>>() {
            let id: Option<AgreementId> =
                by_slug.get(&(Kind::Agreement, slug.clone())).map(|id| id.cast());
            match id.filter(|id| links.slugs.contains_key(id)) {
                Some(id) => drop(links.agreements.insert(look_up_key(accord), vec![id])),
                None => {
                    let message =
                        format!("--agreement: {} is not the slug of an agreement", quote(slug));
                    outcome.faults.push(Fault::row(table.first_row(), message));
                }
            }
        }
        Ok(links)
    }

    /// The codes whose provisions are linked to clauses, with the clauses. Adds a fault for each accord and each provision that
    /// is not linked, at its first row, or counts them in a note.
    fn find<'c>(
        &self,
        codes: &'c [Coded],
        options: &PamOptions,
        outcome: &mut Outcome,
    ) -> Vec<(&'c Coded, Vec<&ClauseId>)> {
        let mut linked = Vec::new();
        let (mut reported, mut skipped) = (HashSet::new(), BTreeSet::new());
        // The provision that each clause is linked to. PAM codes provisions separately, so a clause can have only one.
        let mut provisions: HashMap<ClauseId, String> = HashMap::new();
        for coded in codes {
            let Coded {
                row, columns: [accord_column, provision_column, _], accord, provision, ..
            } = coded;
            let name = format!("{accord}/{provision}");
            let agreement = match self.agreement(accord) {
                Ok(agreement) => agreement,
                Err(_) if options.linked_only && self.is_unlinked(accord) => {
                    skipped.insert(accord.clone());
                    continue;
                }
                Err(message) => {
                    if reported.insert(accord.clone()) {
                        outcome.faults.push(Fault::cell(*row, accord_column, message));
                    }
                    continue;
                }
            };
            let clauses = self.clauses.get(&(agreement, look_up_key(&name)));
            let Some(clauses) = clauses else {
                if options.linked_only {
                    skipped.insert(name);
                } else if reported.insert(name.clone()) {
                    let slug = self.slugs.get(&agreement).map_or("", String::as_str);
                    let message = format!(
                        "no clause of {slug} has the identifier PAM {name}: add external_ids = \
                         [{{ scheme = \"PAM\", value = \"{name}\" }}] to the clause, or skip such provisions with --linked-only"
                    );
                    outcome.faults.push(Fault::cell(*row, provision_column, message));
                }
                continue;
            };
            for (number, clause) in clauses {
                let first = provisions.entry(*clause).or_insert_with(|| name.clone());
                if *first != name && reported.insert(format!("{number} {name}")) {
                    let message = format!(
                        "clause {number} is linked to the provisions {first} and {name}, which PAM codes separately: keep \
                         one of the identifiers"
                    );
                    outcome.faults.push(Fault::cell(*row, provision_column, message));
                }
            }
            linked.push((coded, clauses.iter().map(|(_, clause)| clause).collect()));
        }
        if !skipped.is_empty() {
            let names: Vec<String> = skipped.into_iter().collect();
            let message =
                format!("skipped, because no record is linked to them: {}", names.join(", "));
            outcome.notes.push(Note { row: codes.first().map_or(1, |coded| coded.row), message });
        }
        linked
    }

    /// The agreement of an accord.
    fn agreement(&self, accord: &str) -> Result<AgreementId, String> {
        match self.agreements.get(&look_up_key(accord)).map(Vec::as_slice) {
            Some([agreement]) => Ok(*agreement),
            Some([_, ..]) => Err(format!(
                "several agreements have the identifier PAM {accord}: choose one with --agreement {accord}=SLUG"
            )),
            _ => Err(format!(
                "{} is the identifier of no agreement: add external_ids = [{{ scheme = \"PAM\", value = \"{accord}\" }}] \
                 to the agreement, use --agreement {accord}=SLUG, or skip such accords with --linked-only",
                quote(accord)
            )),
        }
    }

    /// Whether no agreement is linked to the accord.
    fn is_unlinked(&self, accord: &str) -> bool {
        !self.agreements.contains_key(&look_up_key(accord))
    }
}

/// The keys of the identifiers in the Peace Accords Matrix.
fn identifiers(external_ids: &[ExternalIdContent]) -> Vec<String> {
    let of_pam = external_ids.iter().filter(|external_id| external_id.scheme == PAM);
    of_pam.map(|external_id| look_up_key(&external_id.value)).collect()
}

/// The assessment of a clause for a code.
fn assessment(
    coded: &Coded,
    clause: ClauseId,
    holder: PartyId,
    source: SourceId,
) -> AssessmentContent {
    let Coded { accord, provision, year, implementation, .. } = coded;
    let details = CitationDetails {
        locator: Some(format!("accord {accord}, {provision}, {year}")),
        ..CitationDetails::default()
    };
    AssessmentContent {
        subject: clause.cast(),
        status: Status::Clause(implementation.status()),
        breached_by: Vec::new(),
        effective_on: *year,
        held_by: Some(holder),
        momentum: Momentum::Steady,
        confidence: Confidence::Medium,
        note: format!(
            "The Peace Accords Matrix codes the implementation of the provision “{provision}” in {year} as {}.",
            implementation.in_words()
        ),
        event: None,
        evidence: vec![Citation { source, details }],
    }
}

/// The party whose view the codes are.
fn holder() -> PartyContent {
    PartyContent {
        slug: "kroc-institute".to_owned(),
        name: "Kroc Institute for International Peace Studies, University of Notre Dame".to_owned(),
        short_name: "Kroc Institute".to_owned(),
        aliases: vec!["Peace Accords Matrix".to_owned()],
        kind: PartyKind::MediatingBody,
        represents: None,
        external_ids: Vec::new(),
    }
}

/// The source that all assessments cite.
fn source() -> SourceContent {
    SourceContent {
        slug: Some("pam-implementation-dataset".to_owned()),
        title: "Peace Accords Matrix Implementation Dataset".to_owned(),
        kind: SourceKind::Academic,
        publisher: Some(
            "Kroc Institute for International Peace Studies, University of Notre Dame".to_owned(),
        ),
        url: Some("https://peaceaccords.nd.edu".to_owned()),
        archived_url: None,
        published_on: None,
        language: Some("en".to_owned()),
        // The article that describes the dataset.
        external_ids: vec![ExternalIdContent {
            scheme: "DOI".to_owned(),
            value: "10.1177/0022343314567486".to_owned(),
        }],
    }
}
