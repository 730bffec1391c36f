import { texts } from '../../../texts';
import { defineKind } from '../kind';
import { ArchiveClauseDocument, ClauseRecordDocument, CreateClauseDocument, UpdateClauseDocument } from './Clause.gen';
import { deadlineFields, recordedDeadline } from './deadline';
import { AGREEMENTS, aliases, CLAUSES, confidence, externalIds, holder, note, PARTIES, provenance, TOPICS } from './fields';

const { field, part } = texts.record;
const { COMPLETE, PARTIAL, MINIMAL, BREACHED } = texts.clauseStatus;

export const clause = defineKind({
  fields: {
    agreementId: { type: 'reference', ...field.agreementId, to: AGREEMENTS, isRequired: true, isFixed: true },
    number: { type: 'text', ...field.clauseNumber, isRequired: true },
    heading: { type: 'text', ...field.heading, isRequired: true },
    parentId: { type: 'reference', ...field.parentId, to: CLAUSES },
    topicId: { type: 'reference', ...field.topicId, to: TOPICS, isRequired: true },
    nature: { type: 'choice', ...field.nature, choices: texts.clauseNature, isRequired: true },
    summary: { type: 'longText', ...field.contentSummary, isRequired: true },
    text: { type: 'longText', ...field.text },
    ...provenance,
    obligations: {
      type: 'parts',
      ...field.obligations,
      part: part.obligation,
      fields: {
        partyId: { type: 'reference', ...field.partyId, to: PARTIES, isRequired: true },
        role: { type: 'choice', ...field.role, choices: texts.obligationRole, isRequired: true },
        heldById: holder,
        ...provenance,
        confidence,
        note,
      },
    },
    deadlines: { type: 'parts', ...field.deadlines, part: part.deadline, fields: deadlineFields },
    criteria: {
      type: 'parts',
      ...field.criteria,
      part: part.criterion,
      fields: {
        status: { type: 'choice', ...field.criterionStatus, choices: { COMPLETE, PARTIAL, MINIMAL, BREACHED }, isRequired: true },
        text: { type: 'longText', ...field.criterionText, isRequired: true },
      },
    },
    position: { type: 'number', ...field.position },
    weight: { type: 'number', ...field.weight },
    confidence,
    note,
    aliases,
    externalIds,
  },
  read: ClauseRecordDocument,
  create: CreateClauseDocument,
  update: UpdateClauseDocument,
  archive: ArchiveClauseDocument,
  idField: 'clauseId',
  recorded: (record) => ({ ...record, deadlines: record.deadlines.map(recordedDeadline) }),
  nameOf: ({ agreementId, number }) => `${agreementId.label}, ${number}`,
  pathTo: ({ agreement, number }) => `/agreements/${agreement.slug}/clauses/${encodeURIComponent(number)}`,
});
