import { pathTo } from '../../../components/TrackableLink';
import { texts } from '../../../texts';
import { defineKind } from '../kind';
import {
  ArchivePreconditionDocument,
  CreatePreconditionDocument,
  PreconditionRecordDocument,
  UpdatePreconditionDocument,
} from './Precondition.gen';
import { confidence, note, PARTIES, provenance, STEP } from './fields';

const { field } = texts.record;

export const precondition = defineKind({
  fields: {
    stepId: { type: 'reference', ...field.stepId, to: STEP, isRequired: true },
    kind: { type: 'choice', ...field.preconditionKind, choices: texts.preconditionKind.DONE, isRequired: true },
    requiresId: { type: 'reference', ...field.requiresId, to: STEP, isRequired: true },
    needs: { type: 'choice', ...field.needs, choices: texts.preconditionNeed, initial: 'DONE' },
    heldById: { type: 'reference', ...field.reading, to: PARTIES },
    ...provenance,
    confidence,
    note,
  },
  read: PreconditionRecordDocument,
  create: CreatePreconditionDocument,
  update: UpdatePreconditionDocument,
  archive: ArchivePreconditionDocument,
  idField: 'preconditionId',
  recorded: (record) => record,
  nameOf: ({ stepId, requiresId }) => `${stepId.label} ← ${requiresId.label}`,
  pathTo: ({ step }) => pathTo(step),
});
