import { texts } from '../../../texts';
import { defineKind } from '../kind';
import { ArchiveEventDocument, CreateEventDocument, EventRecordDocument, UpdateEventDocument } from './Event.gen';
import { aliases, confidence, externalIds, PARTIES, SOURCE, STEP } from './fields';

const { field, part } = texts.record;

export const event = defineKind({
  fields: {
    title: { type: 'text', ...field.title, isRequired: true },
    kind: { type: 'choice', ...field.eventKind, choices: texts.eventKind, isRequired: true },
    date: { type: 'date', ...field.date, isRequired: true },
    place: { type: 'text', ...field.place, isShort: true },
    summary: { type: 'longText', ...field.eventSummary, isRequired: true },
    actorIds: { type: 'references', ...field.actorIds, to: PARTIES },
    concernsIds: { type: 'references', ...field.concernsIds, to: STEP },
    citations: {
      type: 'parts',
      ...field.citations,
      part: part.citation,
      fields: {
        sourceId: { type: 'reference', ...field.citedSource, to: SOURCE, isRequired: true },
        locator: { type: 'text', ...field.sourceLocator },
        quotation: { type: 'longText', ...field.quotation },
        accessedOn: { type: 'day', ...field.accessedOn },
      },
    },
    confidence,
    aliases,
    externalIds,
    slug: { type: 'text', ...field.dossierSlug },
  },
  read: EventRecordDocument,
  create: CreateEventDocument,
  update: UpdateEventDocument,
  archive: ArchiveEventDocument,
  idField: 'eventId',
  recorded: (record) => record,
  nameOf: ({ title }) => title,
  pathTo: ({ id }) => `/events/${id}`,
});
