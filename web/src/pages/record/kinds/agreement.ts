import { texts } from '../../../texts';
import { defineKind } from '../kind';
import { AgreementRecordDocument, ArchiveAgreementDocument, CreateAgreementDocument, UpdateAgreementDocument } from './Agreement.gen';
import { AGREEMENTS, aliases, confidence, externalIds, holder, note, PARTIES, provenance } from './fields';

const { field, part } = texts.record;

export const agreement = defineKind({
  fields: {
    title: { type: 'text', ...field.fullTitle, isRequired: true },
    shortTitle: { type: 'text', ...field.shortTitle, isRequired: true },
    kind: { type: 'choice', ...field.agreementKind, choices: texts.agreementKind, isRequired: true },
    agreedOn: { type: 'day', ...field.agreedOn, isRequired: true },
    place: { type: 'text', ...field.place },
    adoption: { type: 'longText', ...field.adoption, isRequired: true },
    summary: { type: 'longText', ...field.summary, isRequired: true },
    parties: {
      type: 'parts',
      ...field.parties,
      part: part.party,
      fields: {
        partyId: { type: 'reference', ...field.partyId, to: PARTIES, isRequired: true },
        role: { type: 'choice', ...field.role, choices: texts.agreementRole, isRequired: true },
        capacity: { type: 'text', ...field.capacity },
        heldById: holder,
        ...provenance,
        confidence,
        note,
      },
    },
    relations: {
      type: 'parts',
      ...field.relations,
      part: part.relation,
      fields: {
        kind: { type: 'choice', ...field.relationKind, choices: texts.agreementRelation, isRequired: true },
        agreementId: { type: 'reference', ...field.relatedAgreement, to: AGREEMENTS, isRequired: true },
      },
    },
    endings: {
      type: 'parts',
      ...field.endings,
      part: part.ending,
      fields: {
        kind: { type: 'choice', ...field.endingKind, choices: texts.endingKind, isRequired: true },
        endedOn: { type: 'day', ...field.agreementEndedOn, isRequired: true },
        heldById: holder,
        ...provenance,
        confidence,
        note,
      },
    },
    topicTreatments: {
      type: 'parts',
      ...field.topicTreatments,
      part: part.topicTreatment,
      fields: {
        scheme: { type: 'text', ...field.topicScheme, isRequired: true },
        code: { type: 'text', ...field.topicCode, isRequired: true },
        extent: { type: 'number', ...field.topicExtent, isRequired: true },
      },
    },
    ...provenance,
    coveredFrom: { type: 'day', ...field.coveredFrom },
    coveredTo: { type: 'day', ...field.coveredTo },
    notCovered: { type: 'longText', ...field.notCovered },
    confidence,
    note,
    aliases,
    externalIds,
    slug: { type: 'text', ...field.slug, isRequired: true, proposedFrom: 'shortTitle' },
  },
  read: AgreementRecordDocument,
  create: CreateAgreementDocument,
  update: UpdateAgreementDocument,
  archive: ArchiveAgreementDocument,
  idField: 'agreementId',
  recorded: (record) => record,
  nameOf: ({ shortTitle }) => shortTitle,
  pathTo: ({ slug }) => `/agreements/${slug}`,
});
