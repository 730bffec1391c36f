import { texts } from '../../../texts';
import { defineKind } from '../kind';
import { ArchivePartyDocument, CreatePartyDocument, PartyRecordDocument, UpdatePartyDocument } from './Party.gen';
import { aliases, externalIds, PARTIES } from './fields';

const { field } = texts.record;

export const party = defineKind({
  fields: {
    name: { type: 'text', ...field.fullName, isRequired: true },
    shortName: { type: 'text', ...field.shortName, isRequired: true },
    kind: { type: 'choice', ...field.partyKind, choices: texts.partyKind, isRequired: true },
    representsId: { type: 'reference', ...field.representsId, to: PARTIES, isShown: ({ kind }) => kind === 'PERSON' },
    aliases,
    externalIds,
    slug: { type: 'text', ...field.slug, isRequired: true, proposedFrom: 'shortName' },
  },
  read: PartyRecordDocument,
  create: CreatePartyDocument,
  update: UpdatePartyDocument,
  archive: ArchivePartyDocument,
  idField: 'partyId',
  recorded: (record) => record,
  nameOf: ({ shortName }) => shortName,
  pathTo: ({ slug }) => `/parties/${slug}`,
});
