//! Records the codes as assessments of the clauses that are linked to the provisions.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::records::find_or_create;
use super::super::{Fault, Note, Outcome, PamOptions, Table};
use super::CodedYear;
use crate::db::assessment_import::{self, ImportedAssessment, ImportedFile};
use crate::db::record::{self, Stored};
use crate::db::{DbConnection, Error, Transaction, slug_lookup};
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
    (years, options): (&[CodedYear<'_>], &PamOptions),
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let links = Links::load(transaction.connection(), table, options, outcome)?;
    note_unused_options(table, years, options, outcome);
    let linked = links.find(years, options, outcome);
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
                content: assessment(coded, clause, holder, source),
                kind: AssessableKind::Clause,
                file: ImportedFile::Table(file),
            });
        }
    }
    let outcomes = assessment_import::record(transaction, items)?;
    for (coded, of_item) in rows.into_iter().zip(outcomes) {
        let Some(errors) = outcome.summary.assessments.add(of_item) else { continue };
        let [_, provision, year] = &coded.columns;
        let column = |path: &[String]| {
            let is_year = path.first().is_some_and(|field| field == "effective_on");
            Some(if is_year { *year } else { *provision }.to_owned())
        };
        outcome.faults.extend(Fault::of_errors(coded.row, errors, column));
    }
    Ok(())
}

/// The agreements and clauses that are linked to accords and provisions.
#[derive(Default)]
struct Links {
    /// All agreements.
    agreements: HashMap<AgreementId, LinkedAgreement>,
    /// The agreements by the key of the accord.
    accords: HashMap<String, Vec<AgreementId>>,
    /// The clauses by agreement and by the key of `ACCORD/PROVISION`.
    provisions: HashMap<(AgreementId, String), Vec<LinkedClause>>,
}

struct LinkedAgreement {
    slug: String,
    is_archived: bool,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LinkedClause {
    number: String,
    id: ClauseId,
    is_archived: bool,
}

impl Links {
    fn load(
        connection: &mut DbConnection,
        table: &Table,
        options: &PamOptions,
        outcome: &mut Outcome,
    ) -> Result<Self, Error> {
        let mut links = Self::default();
        for (id, Stored { is_archived, content, .. }) in
            record::load_all::<AgreementContent>(connection)?
        {
            let Some(id) = AgreementId::stored(&id) else { continue };
            for accord in identifiers(&content.external_ids) {
                links.accords.entry(accord).or_default().push(id);
            }
            links.agreements.insert(id, LinkedAgreement { slug: content.slug, is_archived });
        }
        for (id, Stored { is_archived, content, .. }) in
            record::load_all::<ClauseContent>(connection)?
        {
            let Some(id) = ClauseId::stored(&id) else { continue };
            let ClauseContent { agreement, number, external_ids, .. } = content;
            for provision in identifiers(&external_ids) {
                let clause = LinkedClause { number: number.clone(), id, is_archived };
                links.provisions.entry((agreement, provision)).or_default().push(clause);
            }
        }
        // An archived record is linked only if no record in use is linked.
        let agreements = &links.agreements;
        let is_archived =
            |id: &AgreementId| agreements.get(id).is_some_and(|agreement| agreement.is_archived);
        for ids in links.accords.values_mut() {
            if ids.iter().all(is_archived) {
                ids.truncate(1);
            } else {
                ids.retain(|id| !is_archived(id));
            }
        }
        for clauses in links.provisions.values_mut() {
            if clauses.iter().any(|clause| !clause.is_archived) {
                clauses.retain(|clause| !clause.is_archived);
            }
            clauses.sort_unstable();
        }
        let slugs: Vec<&String> = options.agreements.values().collect();
        let by_slug = slug_lookup::by_slugs(connection, &slugs)?;
        for (accord, slug) in &options.agreements {
            let id: Option<AgreementId> =
                by_slug.get(&(Kind::Agreement, slug.clone())).map(|id| id.cast());
            if let Some(id) = id.filter(|id| links.agreements.contains_key(id)) {
                links.accords.insert(accord.clone(), vec![id]);
            } else {
                let message =
                    format!("--agreement: {} is not the slug of an agreement", quote(slug));
                outcome.faults.push(Fault::row(table.first_row(), message));
            }
        }
        Ok(links)
    }

    /// The codes whose provisions are linked to clauses, with the clauses. Adds a fault at the first row of each accord
    /// and each provision that is not linked. If `options.linked_only` is set, adds a note that lists these accords and
    /// provisions instead. Another note lists the accords and provisions whose records are archived.
    fn find<'c>(
        &self,
        years: &'c [CodedYear<'c>],
        options: &PamOptions,
        outcome: &mut Outcome,
    ) -> Vec<(&'c CodedYear<'c>, Vec<ClauseId>)> {
        let mut linked = Vec::new();
        let (mut reported, mut skipped, mut archived) =
            (HashSet::new(), BTreeSet::new(), BTreeSet::new());
        // The provision to which each clause is linked. PAM codes provisions separately, so a clause can be linked to
        // only one.
        let mut provisions: HashMap<ClauseId, String> = HashMap::new();
        for coded in years {
            let CodedYear {
                row,
                columns: [accord_column, provision_column, _],
                accord,
                provision,
                ..
            } = coded;
            let name = format!("{accord}/{provision}");
            let (agreement_id, agreement) = match self.agreement(accord) {
                Ok((_, agreement)) if agreement.is_archived => {
                    archived.insert(accord.to_string());
                    continue;
                }
                Ok(linked_agreement) => linked_agreement,
                Err(_) if options.linked_only && !self.accords.contains_key(&**accord) => {
                    skipped.insert(accord.to_string());
                    continue;
                }
                Err(message) => {
                    if reported.insert(accord.to_string()) {
                        outcome.faults.push(Fault::cell(*row, accord_column, message));
                    }
                    continue;
                }
            };
            let Some(clauses) = self.provisions.get(&(agreement_id, name.clone())) else {
                if options.linked_only {
                    skipped.insert(name);
                } else if reported.insert(name.clone()) {
                    let slug = &agreement.slug;
                    let message = format!(
                        "no clause of {slug} has the identifier PAM {name}: add external_ids = \
                         [{{ scheme = \"PAM\", value = \"{name}\" }}] to the clause, or skip such provisions with --linked-only"
                    );
                    outcome.faults.push(Fault::cell(*row, provision_column, message));
                }
                continue;
            };
            if clauses.iter().all(|clause| clause.is_archived) {
                archived.insert(name);
                continue;
            }
            for LinkedClause { number, id, .. } in clauses {
                let first = provisions.entry(*id).or_insert_with(|| name.clone());
                if *first != name && reported.insert(format!("{number} {name}")) {
                    let message = format!(
                        "clause {number} is linked to the provisions {first} and {name}, which PAM codes separately: keep \
                         one of the identifiers"
                    );
                    outcome.faults.push(Fault::cell(*row, provision_column, message));
                }
            }
            linked.push((coded, clauses.iter().map(|clause| clause.id).collect()));
        }
        let row = years.first().map_or(1, |coded| coded.row);
        for (reason, names) in
            [("no record is linked", skipped), ("the linked records are archived", archived)]
        {
            if !names.is_empty() {
                let names: Vec<String> = names.into_iter().collect();
                let message = format!("skipped, because {reason}: {}", names.join(", "));
                outcome.notes.push(Note { row, message });
            }
        }
        linked
    }

    /// The agreement of an accord.
    ///
    /// # Errors
    /// A sentence for the user: no agreement is linked to the accord, or several are.
    fn agreement(&self, accord: &str) -> Result<(AgreementId, &LinkedAgreement), String> {
        let ids = self.accords.get(accord).map(Vec::as_slice).unwrap_or_default();
        if let [id] = ids
            && let Some(agreement) = self.agreements.get(id)
        {
            return Ok((*id, agreement));
        }
        Err(if ids.len() > 1 {
            format!(
                "several agreements have the identifier PAM {accord}: choose one with --agreement {accord}=SLUG"
            )
        } else {
            format!(
                "no agreement has the identifier {}: add external_ids = [{{ scheme = \"PAM\", value = \"{accord}\" }}] \
                 to the agreement, use --agreement {accord}=SLUG, or skip such accords with --linked-only",
                quote(accord)
            )
        })
    }
}

/// Adds a note for each accord of the options that has no code in the table.
fn note_unused_options(
    table: &Table,
    years: &[CodedYear<'_>],
    options: &PamOptions,
    outcome: &mut Outcome,
) {
    let accords: HashSet<&str> = years.iter().map(|coded| &*coded.accord).collect();
    for accord in options.agreements.keys().filter(|accord| !accords.contains(accord.as_str())) {
        let message = format!("--agreement: the file has no code of the accord {}", quote(accord));
        outcome.notes.push(Note { row: table.first_row(), message });
    }
}

/// The keys of the identifiers in the Peace Accords Matrix.
fn identifiers(external_ids: &[ExternalIdContent]) -> Vec<String> {
    let of_pam = external_ids.iter().filter(|external_id| external_id.scheme == PAM);
    of_pam.map(|external_id| look_up_key(&external_id.value)).collect()
}

/// The assessment of a clause for a code.
fn assessment(
    coded: &CodedYear<'_>,
    clause: ClauseId,
    holder: PartyId,
    source: SourceId,
) -> AssessmentContent {
    let CodedYear { accord, provision, year, implementation, .. } = coded;
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

/// The holder of the assessments: the institute that assigned the codes.
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
