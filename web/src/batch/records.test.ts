import { expect, test } from 'vitest';
import { errorsByItem } from './records';

test('the errors of items name their fields as the form does', () => {
  const error = (path: readonly string[], message: string) => ({ code: 'INVALID', path: ['input', ...path], message }) as const;
  const { items, whole } = errorsByItem([
    error(['items', '0', 'effectiveDate'], '0224-02-02 is before 2015-02-12, the day on which the record was agreed'),
    error(['items', '0', 'evidence', '1', 'sourceId'], 'the source does not exist'),
    error(['items', '2', 'topicId'], 'the topic does not exist'),
    error(['items', '2', 'expectedVersion'], 'version 3 is stale: the current version is 4; read the record again'),
    error(['items', '3', 'subject'], '“minsk-2/99” does not exist'),
    error(['items'], 'at most 1000 items are accepted'),
  ]);
  expect(Object.fromEntries(items)).toEqual({
    0: [
      { field: 'effectiveDate', text: 'In effect since: 0224-02-02 is before 2015-02-12, the day on which the record was agreed' },
      { field: 'evidence', text: 'Sources: the source does not exist' },
    ],
    2: [
      { field: 'topicId', text: 'New topic: the topic does not exist' },
      { field: 'expectedVersion', text: 'Version 3 is stale: the current version is 4; read the record again' },
    ],
    3: [{ field: 'subject', text: '“minsk-2/99” does not exist' }],
  });
  expect(whole).toEqual(['at most 1000 items are accepted']);
});
