import { texts } from '../../../texts';
import { defineKind } from '../kind';
import { ArchiveCaveatDocument, CaveatRecordDocument, CreateCaveatDocument, UpdateCaveatDocument } from './Caveat.gen';
import { aliases, CLAUSES, confidence, externalIds, note, PARTIES, provenance, TOPICS } from './fields';

const { field, part } = texts.record;

const CAVEATS = { search: ['CAVEAT'] } as const;

export const caveat = defineKind({
  fields: {
    proposalId: { type: 'reference', ...field.proposalId, to: { search: ['PROPOSAL'] }, isRequired: true, isFixed: true },
    number: { type: 'text', ...field.caveatNumber, isRequired: true },
    heading: { type: 'text', ...field.heading, isRequired: true },
    kind: { type: 'choice', ...field.caveatKind, choices: texts.caveatKind, isRequired: true },
    topicId: { type: 'reference', ...field.topicId, to: TOPICS, isRequired: true },
    summary: { type: 'longText', ...field.contentSummary, isRequired: true },
    text: { type: 'longText', ...field.text },
    owedByIds: { type: 'references', ...field.owedByIds, to: PARTIES },
    owedToIds: { type: 'references', ...field.owedToIds, to: PARTIES },
    inExchangeForIds: { type: 'references', ...field.inExchangeForIds, to: CAVEATS },
    answersIds: { type: 'references', ...field.answersIds, to: CAVEATS },
    clauseLinks: {
      type: 'parts',
      ...field.clauseLinks,
      part: part.clauseLink,
      fields: {
        kind: { type: 'choice', ...field.linkKind, choices: texts.caveatToClause, isRequired: true },
        clauseId: { type: 'reference', ...field.clauseId, to: CLAUSES, isRequired: true },
        note: { type: 'longText', ...field.linkNote },
      },
    },
    ...provenance,
    position: { type: 'number', ...field.position },
    confidence,
    note,
    aliases,
    externalIds,
  },
  read: CaveatRecordDocument,
  create: CreateCaveatDocument,
  update: UpdateCaveatDocument,
  archive: ArchiveCaveatDocument,
  idField: 'caveatId',
  recorded: (record) => record,
  nameOf: ({ proposalId, number }) => `${proposalId.label}, ${number}`,
  pathTo: ({ proposal, number }) => `/proposals/${proposal.slug}#${encodeURIComponent(number)}`,
});
