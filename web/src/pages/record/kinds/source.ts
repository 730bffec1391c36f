import { texts } from '../../../texts';
import { defineKind } from '../kind';
import { ArchiveSourceDocument, CreateSourceDocument, SourceRecordDocument, UpdateSourceDocument } from './Source.gen';
import { externalIds } from './fields';

const { field } = texts.record;

export const source = defineKind({
  fields: {
    title: { type: 'text', ...field.title, isRequired: true },
    kind: { type: 'choice', ...field.sourceKind, choices: texts.sourceKind, isRequired: true },
    url: { type: 'url', ...field.url },
    archivedUrl: { type: 'url', ...field.archivedUrl },
    publisher: { type: 'text', ...field.publisher },
    publishedOn: { type: 'day', ...field.publishedOn },
    language: { type: 'text', ...field.language },
    externalIds,
    slug: { type: 'text', ...field.dossierSlug },
  },
  read: SourceRecordDocument,
  create: CreateSourceDocument,
  update: UpdateSourceDocument,
  archive: ArchiveSourceDocument,
  idField: 'sourceId',
  recorded: (record) => record,
  nameOf: ({ title }) => title,
  pathTo: ({ id }) => `/sources/${id}`,
});
