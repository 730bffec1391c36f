import { expect, test } from 'vitest';
import { entryOf } from './drafts';

test('the name of a draft says of which form it is', () => {
  const entry = (name: string) => {
    const { kind, id, record, parameters } = entryOf(name) ?? {};
    return [kind, id, record, parameters];
  };
  expect(entry('status-4-AbC-_1')).toEqual(['status', 'AbC-_1', undefined, undefined]);
  expect(entry('reason-AbC')).toEqual(['reason', 'AbC', undefined, undefined]);
  expect(entry('record-1-event-new-concernsIds=Ab-c')).toEqual(['new', undefined, 'event', 'concernsIds=Ab-c']);
  expect(entry('record-1-clause-new-')).toEqual(['new', undefined, 'clause', '']);
  expect(entry('record-1-clause-AbC-_1')).toEqual(['edit', 'AbC-_1', 'clause', undefined]);
  expect(entryOf('coding-x')).toBeUndefined();
});
