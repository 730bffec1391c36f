//! Reads agreements with their clauses, and proposals with their caveats.

use super::batch::{Batch, add};
use super::deadlines::deadline;
use super::names::{ClauseOf, Names};
use super::reader::Reader;
use crate::domain::Id;
use crate::domain::agreement::{
    AgreementContent, AgreementKind, AgreementPartyContent, AgreementRelationContent,
    AgreementRole, ExternalIdContent, RelationKind,
};
use crate::domain::assessment::Confidence;
use crate::domain::caveat::{CaveatClauseLinkContent, CaveatContent, CaveatKind, CaveatLinkKind};
use crate::domain::clause::{ClauseContent, ClauseNature, ObligationContent, ObligationRole};
use crate::domain::id::{AgreementId, CaveatId, ProposalId};
use crate::domain::proposal::{ProposalContent, ProposalStanding};

/// What holds where a record does not say how sure it is.
pub(super) fn confidence(reader: &mut Reader<'_>) -> Confidence {
    reader.choice_optional("confidence").unwrap_or(Confidence::Medium)
}

/// Reads an agreement.
pub(super) fn agreement<'a>(batch: &mut Batch<'a>, reader: &mut Reader<'a>, names: &Names<'a>) {
    let content = AgreementContent {
        slug: reader.key("slug"),
        title: reader.text("title"),
        short_title: reader.text("short_title"),
        aliases: reader.texts("aliases"),
        kind: reader.choice("kind", AgreementKind::Other),
        adoption: reader.text("adoption"),
        agreed_on: reader.date("agreed_on"),
        place: reader.text_optional("place"),
        summary: reader.text("summary"),
        source: reader.reference_optional("source", &names.sources),
        confidence: confidence(reader),
        note: reader.text_optional("note"),
        external_ids: reader.parts("external_ids", "an identifier", |reader| ExternalIdContent {
            scheme: reader.text("scheme"),
            value: reader.text("value"),
        }),
        parties: reader.parts("party", "a party’s part", |reader| AgreementPartyContent {
            party: reader.reference("party", &names.parties).unwrap_or_default(),
            role: reader.choice("role", AgreementRole::Party),
            capacity: reader.text_optional("capacity"),
            held_by: reader.reference_optional("held_by", &names.parties),
        }),
        relations: reader.parts("relations", "a relation", |reader| AgreementRelationContent {
            kind: reader.choice("kind", RelationKind::Implements),
            agreement: reader.reference("agreement", &names.agreements).unwrap_or_default(),
        }),
    };
    let entry = names.agreements.defined(&content.slug, reader.place());
    let (slug, id) = (content.slug.clone(), entry.map_or_else(Id::new, |entry| entry.id));
    let mut position = 0;
    reader.records("clause", "a clause", |reader| {
        position += 1;
        clause(batch, reader, names, (&slug, id), position);
    });
    add(&mut batch.agreements, &mut batch.failed, reader, entry, content);
}

fn clause<'a>(
    batch: &mut Batch<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
    (slug, agreement): (&str, AgreementId),
    position: i32,
) {
    let number = reader.key("number");
    let entry = names.clauses.defined(&format!("{slug}/{number}"), reader.place());
    let own = entry.map(|entry| entry.id);
    let content = ClauseContent {
        agreement,
        number,
        position,
        parent: reader.reference_optional("parent", &ClauseOf { names, agreement: slug }),
        heading: reader.text("heading"),
        aliases: reader.texts("aliases"),
        summary: reader.text("summary"),
        text: reader.text_optional("text"),
        nature: reader.choice("nature", ClauseNature::OneOff),
        topic: reader.reference("topic", &names.topics).unwrap_or_default(),
        source: reader.reference_optional("source", &names.sources),
        confidence: confidence(reader),
        note: reader.text_optional("note"),
        obligations: reader.parts("obligations", "an obligation", |reader| ObligationContent {
            party: reader.reference("party", &names.parties).unwrap_or_default(),
            role: reader.choice("role", ObligationRole::Obliged),
            held_by: reader.reference_optional("held_by", &names.parties),
        }),
        deadlines: reader.parts("deadlines", "a deadline", |reader| deadline(reader, names, own)),
    };
    add(&mut batch.clauses, &mut batch.failed, reader, entry, content);
}

/// Reads a proposal.
pub(super) fn proposal<'a>(batch: &mut Batch<'a>, reader: &mut Reader<'a>, names: &Names<'a>) {
    let content = ProposalContent {
        slug: reader.key("slug"),
        title: reader.text("title"),
        aliases: reader.texts("aliases"),
        summary: reader.text("summary"),
        standing: reader.choice("standing", ProposalStanding::Official),
        is_package: reader.boolean("is_package"),
        made_on: reader.date("made_on"),
        proposed_by: reader.references("proposed_by", &names.parties),
        addressed_to: reader.references("addressed_to", &names.parties),
        agreements: reader.references("agreements", &names.agreements),
        responds_to: reader.reference_optional("responds_to", &names.proposals),
        source: reader.reference_optional("source", &names.sources),
        confidence: confidence(reader),
        note: reader.text_optional("note"),
    };
    reader.expect("proposed_by");
    reader.expect("addressed_to");
    let entry = names.proposals.defined(&content.slug, reader.place());
    let (slug, id) = (content.slug.clone(), entry.map_or_else(Id::new, |entry| entry.id));
    let mut position = 0;
    reader.records("caveat", "a caveat", |reader| {
        position += 1;
        caveat(batch, reader, names, (&slug, id), position);
    });
    add(&mut batch.proposals, &mut batch.failed, reader, entry, content);
}

fn caveat<'a>(
    batch: &mut Batch<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
    (slug, proposal): (&str, ProposalId),
    position: i32,
) {
    let number = reader.key("number");
    let entry = names.caveats.defined(&format!("{slug}/{number}"), reader.place());
    let content = CaveatContent {
        proposal,
        number,
        position,
        kind: reader.choice("kind", CaveatKind::Demand),
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
                kind: reader.choice("kind", CaveatLinkKind::Overlaps),
                note: reader.text_optional("note"),
            }
        }),
        source: reader.reference_optional("source", &names.sources),
        confidence: confidence(reader),
        note: reader.text_optional("note"),
    };
    let own: Option<CaveatId> = entry.map(|entry| entry.id);
    if own.is_some_and(|own| content.in_exchange_for.contains(&own)) {
        // Said here, since what is written is both sides' statements, in another order.
        let line = reader.place().map_or(reader.line(), |place| place.line_of("in_exchange_for"));
        let message = "names the caveat itself; nothing is exchanged for itself";
        reader.note(line, "in_exchange_for", message);
    }
    add(&mut batch.caveats, &mut batch.failed, reader, entry, content);
}
