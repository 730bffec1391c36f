//! A file for each agreement with its clauses, and for each proposal with its caveats.

use super::Files;
use super::block::{Block, Fields};
use super::database::Database;
use super::names::Names;
use crate::domain::agreement::{AgreementContent, AgreementPartyContent, AgreementRelationContent};
use crate::domain::caveat::{CaveatClauseLinkContent, CaveatContent};
use crate::domain::clause::{ClauseContent, DEFAULT_WEIGHT, ObligationContent};
use crate::domain::criterion::CriterionContent;
use crate::domain::deadline::{Anchor, DeadlineBasis, DeadlineContent, DeadlinePhase};
use crate::domain::ending::EndingContent;
use crate::domain::proposal::ProposalContent;
use crate::domain::topic_treatment::TopicTreatmentContent;

/// Writes agreements and proposals.
pub(super) fn write(files: &mut Files, database: &Database, names: &Names) {
    for (slug, content) in names.in_order(&database.agreements) {
        let file = format!("agreements/{slug}.toml");
        files.add(&file, Block::new("agreement", agreement(content, names)));
        for party in &content.parties {
            files.add(&file, Block::new("agreement.party", agreement_party(party, names)));
        }
        for EndingContent { ended_on, kind, held_by, provenance } in &content.endings {
            let fields = Fields::default()
                .date("ended_on", *ended_on)
                .choice("kind", *kind)
                .text_optional("held_by", names.name_optional(*held_by))
                .provenance(provenance, names);
            files.add(&file, Block::new("agreement.ending", fields));
        }
        let clauses = database.clauses.values();
        let mut clauses: Vec<&ClauseContent> =
            clauses.filter(|clause| names.name(clause.agreement) == slug).collect();
        clauses.sort_by_key(|clause| clause.position);
        for content in clauses {
            files.add(&file, Block::new("agreement.clause", clause(content, database, names)));
        }
    }
    for (slug, content) in names.in_order(&database.proposals) {
        let file = format!("proposals/{slug}.toml");
        files.add(&file, Block::new("proposal", proposal(content, names)));
        let caveats = database.caveats.values();
        let mut caveats: Vec<&CaveatContent> =
            caveats.filter(|caveat| names.name(caveat.proposal) == slug).collect();
        caveats.sort_by_key(|caveat| caveat.position);
        for content in caveats {
            files.add(&file, Block::new("proposal.caveat", caveat(content, names)));
        }
    }
}

fn agreement(content: &AgreementContent, names: &Names) -> Fields {
    // The parties and the endings are written as separate blocks.
    let AgreementContent {
        slug,
        title,
        short_title,
        kind,
        adoption,
        aliases,
        agreed_on,
        place,
        summary,
        provenance,
        covered_from,
        covered_to,
        not_covered,
        external_ids,
        parties: _,
        relations,
        endings: _,
        topic_treatments,
    } = content;
    let relation = |AgreementRelationContent { kind, agreement }: &AgreementRelationContent| {
        Fields::default().choice("kind", *kind).text("agreement", names.name(*agreement))
    };
    let treatment = |TopicTreatmentContent { scheme, code, extent }: &TopicTreatmentContent| {
        Fields::default().text("scheme", scheme).text("code", code).integer("extent", *extent)
    };
    Fields::default()
        .text("slug", slug)
        .text("title", title)
        .text("short_title", short_title)
        .texts("aliases", aliases)
        .choice("kind", *kind)
        .text("adoption", adoption)
        .date("agreed_on", *agreed_on)
        .text_optional("place", place.as_deref())
        .text("summary", summary)
        .provenance(provenance, names)
        .date_optional("covered_from", *covered_from)
        .date_optional("covered_to", *covered_to)
        .text_optional("not_covered", not_covered.as_deref())
        .tables("relations", &relations.iter().map(relation).collect::<Vec<_>>())
        .external_ids(external_ids)
        .tables("topic_treatments", &topic_treatments.iter().map(treatment).collect::<Vec<_>>())
}

fn agreement_party(content: &AgreementPartyContent, names: &Names) -> Fields {
    let AgreementPartyContent { party, role, capacity, held_by, provenance } = content;
    Fields::default()
        .text("party", names.name(*party))
        .choice("role", *role)
        .text_optional("capacity", capacity.as_deref())
        .text_optional("held_by", names.name_optional(*held_by))
        .provenance(provenance, names)
}

fn clause(content: &ClauseContent, database: &Database, names: &Names) -> Fields {
    let ClauseContent {
        agreement: _,
        number,
        position: _,
        parent,
        heading,
        aliases,
        summary,
        text,
        nature,
        weight,
        topic,
        provenance,
        obligations,
        deadlines,
        criteria,
        external_ids,
    } = content;
    let parent = parent.and_then(|parent| database.clauses.get(parent.as_str()));
    let obligation = |obligation: &ObligationContent| {
        let ObligationContent { party, role, held_by, provenance } = obligation;
        Fields::default()
            .text("party", names.name(*party))
            .choice("role", *role)
            .text_optional("held_by", names.name_optional(*held_by))
            .provenance(provenance, names)
    };
    let criterion = |CriterionContent { status, text }: &CriterionContent| {
        Fields::default().choice("status", *status).text("text", text)
    };
    let fields = Fields::default()
        .text("number", number)
        .text_optional("parent", parent.map(|parent| parent.number.as_str()))
        .text("heading", heading)
        .texts("aliases", aliases)
        .text("summary", summary)
        .text_optional("text", text.as_deref())
        .choice("nature", *nature)
        .text("topic", names.name(*topic));
    let fields = if *weight == DEFAULT_WEIGHT { fields } else { fields.integer("weight", *weight) };
    fields
        .provenance(provenance, names)
        .tables("obligations", &obligations.iter().map(obligation).collect::<Vec<_>>())
        .tables(
            "deadlines",
            &deadlines.iter().map(|content| deadline(content, names)).collect::<Vec<_>>(),
        )
        .tables("criteria", &criteria.iter().map(criterion).collect::<Vec<_>>())
        .external_ids(external_ids)
}

fn deadline(content: &DeadlineContent, names: &Names) -> Fields {
    let DeadlineContent { key, rule, phase, basis, held_by, provenance } = content;
    let fields = Fields::default()
        .text("rule", rule)
        .text_optional("key", key.as_deref())
        .choice_unless("phase", *phase, DeadlinePhase::Finish);
    let fields = match basis {
        None => fields,
        Some(DeadlineBasis::Day(day)) => fields.date("due_on", *day),
        Some(DeadlineBasis::EndOf { period, containing }) => {
            let end = Fields::default().choice("period", *period).date("containing", *containing);
            fields.table("end_of", &end)
        }
        Some(DeadlineBasis::After { days, anchor }) => {
            let after = Fields::default().integer("days", *days);
            let after = match anchor {
                Anchor::Event(event) => after.text("event", names.name(*event)),
                Anchor::Completion(clause) => after.text("completion", names.name(*clause)),
                Anchor::Deadline { clause, key } => {
                    let clause = names.name_optional(*clause).unwrap_or_default();
                    after.text("deadline", &format!("{clause}#{key}"))
                }
            };
            fields.table("after", &after)
        }
    };
    fields.text_optional("held_by", names.name_optional(*held_by)).provenance(provenance, names)
}

fn proposal(content: &ProposalContent, names: &Names) -> Fields {
    let ProposalContent {
        slug,
        title,
        aliases,
        summary,
        standing,
        is_package,
        made_on,
        proposed_by,
        addressed_to,
        agreements,
        responds_to,
        provenance,
        external_ids,
    } = content;
    Fields::default()
        .text("slug", slug)
        .text("title", title)
        .texts("aliases", aliases)
        .text("summary", summary)
        .choice("standing", *standing)
        .flag("is_package", *is_package)
        .date("made_on", *made_on)
        .texts_always("proposed_by", &names.names(proposed_by))
        .texts_always("addressed_to", &names.names(addressed_to))
        .texts("agreements", &names.names(agreements))
        .text_optional("responds_to", names.name_optional(*responds_to))
        .provenance(provenance, names)
        .external_ids(external_ids)
}

fn caveat(content: &CaveatContent, names: &Names) -> Fields {
    let CaveatContent {
        proposal: _,
        number,
        position: _,
        kind,
        heading,
        aliases,
        summary,
        text,
        topic,
        owed_by,
        owed_to,
        in_exchange_for,
        answers,
        clause_links,
        provenance,
        external_ids,
    } = content;
    // The order of exchanges has no meaning and depends on ids, so they are sorted by name.
    let mut exchanges = names.names(in_exchange_for);
    exchanges.sort_unstable();
    let link = |CaveatClauseLinkContent { clause, kind, note }: &CaveatClauseLinkContent| {
        Fields::default()
            .text("clause", names.name(*clause))
            .choice("kind", *kind)
            .text_optional("note", note.as_deref())
    };
    Fields::default()
        .text("number", number)
        .choice("kind", *kind)
        .text("heading", heading)
        .texts("aliases", aliases)
        .text("summary", summary)
        .text_optional("text", text.as_deref())
        .text("topic", names.name(*topic))
        .texts("owed_by", &names.names(owed_by))
        .texts("owed_to", &names.names(owed_to))
        .texts("in_exchange_for", &exchanges)
        .texts("answers", &names.names(answers))
        .tables("clause_links", &clause_links.iter().map(link).collect::<Vec<_>>())
        .provenance(provenance, names)
        .external_ids(external_ids)
}
