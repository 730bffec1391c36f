import { pathTo } from '../../../components/TrackableLink';
import { texts } from '../../../texts';
import { defineKind } from '../kind';
import {
  ArchiveInterpretationDocument,
  CreateInterpretationDocument,
  InterpretationRecordDocument,
  UpdateInterpretationDocument,
} from './Interpretation.gen';
import { confidence, note, PARTIES, provenance } from './fields';

const { field } = texts.record;

export const interpretation = defineKind({
  fields: {
    subjectId: { type: 'reference', ...field.subjectId, to: { search: ['CLAUSE', 'CAVEAT'] }, isRequired: true },
    heldById: { type: 'reference', ...field.interpretedBy, to: PARTIES, isRequired: true },
    statedOn: { type: 'day', ...field.statedOn, isRequired: true },
    term: { type: 'text', ...field.term },
    meaning: { type: 'longText', ...field.meaning, isRequired: true },
    ...provenance,
    confidence,
    note,
  },
  read: InterpretationRecordDocument,
  create: CreateInterpretationDocument,
  update: UpdateInterpretationDocument,
  archive: ArchiveInterpretationDocument,
  idField: 'interpretationId',
  recorded: (record) => record,
  nameOf: ({ subjectId, heldById }) => `${subjectId.label}, ${heldById.label}`,
  pathTo: ({ subject }) => pathTo(subject),
});
