//! Reads agreements with their clauses, and proposals with their caveats.

use super::deadlines::deadline;
use super::import_set::{ImportSet, add};
use super::names::{ClauseLookup, Names};
use super::provenance::provenance;
use super::reader::Reader;
use crate::domain::Id;
use crate::domain::agreement::{
    AgreementContent, AgreementKind, AgreementPartyContent, AgreementRelationContent,
    AgreementRole, RelationKind,
};
use crate::domain::caveat::{CaveatClauseLinkContent, CaveatContent, CaveatKind, CaveatLinkKind};
use crate::domain::clause::{
    ClauseContent, ClauseNature, DEFAULT_WEIGHT, ObligationContent, ObligationRole,
};
use crate::domain::criterion::{CriterionContent, CriterionStatus};
use crate::domain::ending::{EndingContent, EndingKind};
use crate::domain::external_id::ExternalIdContent;
use crate::domain::id::{AgreementId, CaveatId, ProposalId};
use crate::domain::proposal::{ProposalContent, ProposalStanding};
use crate::domain::topic_treatment::TopicTreatmentContent;

/// Reads the identifiers of a record in other collections.
pub(super) fn external_ids(reader: &mut Reader<'_>) -> Vec<ExternalIdContent> {
    reader.parts("external_ids", "an identifier", |reader| ExternalIdContent {
        scheme: reader.text("scheme"),
        value: reader.text("value"),
    })
}

/// Reads an agreement.
pub(super) fn agreement<'a>(
    import_set: &mut ImportSet<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
) {
    let content = AgreementContent {
        slug: reader.key("slug"),
        title: reader.text("title"),
        short_title: reader.text("short_title"),
        aliases: reader.texts("aliases"),
        kind: reader.string_enum("kind", AgreementKind::Other),
        adoption: reader.text("adoption"),
        agreed_on: reader.date("agreed_on"),
        place: reader.text_optional("place"),
        summary: reader.text("summary"),
        provenance: provenance(reader, names),
        covered_from: reader.date_optional("covered_from"),
        covered_to: reader.date_optional("covered_to"),
        not_covered: reader.text_optional("not_covered"),
        external_ids: external_ids(reader),
        parties: reader.parts("party", "a party of an agreement", |reader| AgreementPartyContent {
            party: reader.reference("party", &names.parties).unwrap_or_default(),
            role: reader.string_enum("role", AgreementRole::Party),
            capacity: reader.text_optional("capacity"),
            held_by: reader.reference_optional("held_by", &names.parties),
            provenance: provenance(reader, names),
        }),
        relations: reader.parts("relations", "a relation", |reader| AgreementRelationContent {
            kind: reader.string_enum("kind", RelationKind::Implements),
            agreement: reader.reference("agreement", &names.agreements).unwrap_or_default(),
        }),
        endings: reader.parts("ending", "an ending", |reader| ending(reader, names)),
        topic_treatments: reader.parts("topic_treatments", "a treatment of a topic", |reader| {
            TopicTreatmentContent {
                scheme: reader.text("scheme"),
                code: reader.text("code"),
                extent: reader.integer("extent"),
            }
        }),
    };
    let entry = names.agreements.defined(&content.slug, reader.location());
    let (slug, id) = (content.slug.clone(), entry.map_or_else(Id::new, |entry| entry.id));
    let mut position = 0;
    reader.records("clause", "a clause", |reader| {
        position += 1;
        clause(import_set, reader, names, (&slug, id), position);
    });
    add(&mut import_set.agreements, &mut import_set.failed, reader, entry, content);
}

fn ending<'a>(reader: &mut Reader<'a>, names: &Names<'a>) -> EndingContent {
    EndingContent {
        ended_on: reader.date("ended_on"),
        kind: reader.string_enum("kind", EndingKind::Terminated),
        held_by: reader.reference_optional("held_by", &names.parties),
        provenance: provenance(reader, names),
    }
}

fn clause<'a>(
    import_set: &mut ImportSet<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
    (slug, agreement): (&str, AgreementId),
    position: i32,
) {
    let number = reader.key("number");
    let entry = names.clauses.defined(&format!("{slug}/{number}"), reader.location());
    let own = entry.map(|entry| entry.id);
    let content = ClauseContent {
        agreement,
        number,
        position,
        parent: reader.reference_optional("parent", &ClauseLookup { names, agreement: slug }),
        heading: reader.text("heading"),
        aliases: reader.texts("aliases"),
        summary: reader.text("summary"),
        text: reader.text_optional("text"),
        nature: reader.string_enum("nature", ClauseNature::OneOff),
        weight: reader.integer_optional("weight").unwrap_or(DEFAULT_WEIGHT),
        topic: reader.reference("topic", &names.topics).unwrap_or_default(),
        provenance: provenance(reader, names),
        obligations: reader.parts("obligations", "an obligation", |reader| ObligationContent {
            party: reader.reference("party", &names.parties).unwrap_or_default(),
            role: reader.string_enum("role", ObligationRole::Obliged),
            held_by: reader.reference_optional("held_by", &names.parties),
            provenance: provenance(reader, names),
        }),
        deadlines: reader.parts("deadlines", "a deadline", |reader| deadline(reader, names, own)),
        criteria: reader.parts("criteria", "a criterion", |reader| CriterionContent {
            status: reader.string_enum("status", CriterionStatus::Minimal),
            text: reader.text("text"),
        }),
        external_ids: external_ids(reader),
    };
    add(&mut import_set.clauses, &mut import_set.failed, reader, entry, content);
}

/// Reads a proposal.
pub(super) fn proposal<'a>(
    import_set: &mut ImportSet<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
) {
    let content = ProposalContent {
        slug: reader.key("slug"),
        title: reader.text("title"),
        aliases: reader.texts("aliases"),
        summary: reader.text("summary"),
        standing: reader.string_enum("standing", ProposalStanding::Official),
        is_package: reader.boolean("is_package"),
        made_on: reader.date("made_on"),
        proposed_by: reader.references("proposed_by", &names.parties),
        addressed_to: reader.references("addressed_to", &names.parties),
        agreements: reader.references("agreements", &names.agreements),
        responds_to: reader.reference_optional("responds_to", &names.proposals),
        provenance: provenance(reader, names),
        external_ids: external_ids(reader),
    };
    reader.expect("proposed_by");
    reader.expect("addressed_to");
    let entry = names.proposals.defined(&content.slug, reader.location());
    let (slug, id) = (content.slug.clone(), entry.map_or_else(Id::new, |entry| entry.id));
    let mut position = 0;
    reader.records("caveat", "a caveat", |reader| {
        position += 1;
        caveat(import_set, reader, names, (&slug, id), position);
    });
    add(&mut import_set.proposals, &mut import_set.failed, reader, entry, content);
}

fn caveat<'a>(
    import_set: &mut ImportSet<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
    (slug, proposal): (&str, ProposalId),
    position: i32,
) {
    let number = reader.key("number");
    let entry = names.caveats.defined(&format!("{slug}/{number}"), reader.location());
    let content = CaveatContent {
        proposal,
        number,
        position,
        kind: reader.string_enum("kind", CaveatKind::Demand),
        heading: reader.text("heading"),
        aliases: reader.texts("aliases"),
        summary: reader.text("summary"),
        text: reader.text_optional("text"),
        topic: reader.reference("topic", &names.topics).unwrap_or_default(),
        owed_by: reader.references("owed_by", &names.parties),
        owed_to: reader.references("owed_to", &names.parties),
        in_exchange_for: reader.references("in_exchange_for", &names.caveats),
        answers: reader.references("answers", &names.caveats),
        clause_links: reader.parts("clause_links", "a link to a clause", |reader| {
            CaveatClauseLinkContent {
                clause: reader.reference("clause", &names.clauses).unwrap_or_default(),
                kind: reader.string_enum("kind", CaveatLinkKind::Overlaps),
                note: reader.text_optional("note"),
            }
        }),
        provenance: provenance(reader, names),
        external_ids: external_ids(reader),
    };
    let own: Option<CaveatId> = entry.map(|entry| entry.id);
    if own.is_some_and(|own| content.in_exchange_for.contains(&own)) {
        // This error must be reported here. Before writing, the exchanges are merged with those of other caveats and
        // sorted, so their indexes no longer match the dossier.
        let line =
            reader.location().map_or(reader.line(), |location| location.line_of("in_exchange_for"));
        let message = "is this caveat itself; a caveat cannot be exchanged for itself";
        reader.add_error(line, "in_exchange_for", message);
    }
    add(&mut import_set.caveats, &mut import_set.failed, reader, entry, content);
}
