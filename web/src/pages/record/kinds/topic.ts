import { texts } from '../../../texts';
import { defineKind } from '../kind';
import { ArchiveTopicDocument, CreateTopicDocument, TopicRecordDocument, UpdateTopicDocument } from './Topic.gen';
import { externalIds, TOPICS } from './fields';

const { field } = texts.record;

export const topic = defineKind({
  fields: {
    name: { type: 'text', ...field.name, isRequired: true },
    description: { type: 'longText', ...field.description },
    parentId: { type: 'reference', ...field.widerTopic, to: TOPICS },
    externalIds,
    slug: { type: 'text', ...field.slug, isRequired: true, proposedFrom: 'name' },
  },
  read: TopicRecordDocument,
  create: CreateTopicDocument,
  update: UpdateTopicDocument,
  archive: ArchiveTopicDocument,
  idField: 'topicId',
  recorded: (record) => record,
  nameOf: ({ name }) => name,
  pathTo: () => '/parties#topics',
});
