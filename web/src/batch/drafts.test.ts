import { expect, test, vi } from 'vitest';
import { matchDraft } from './drafts';

vi.mock('../form/storage', () => ({ storedDraft: () => undefined }));

const stored = { draft: { note: 'Seen.' }, base: { page: '/agreements/minsk-2?batch=status', records: ['c', 'a'] } };

test('a draft applies to those of its records that the list has', () => {
  expect(matchDraft(stored, ['a', 'b', 'c'])).toEqual({ ids: ['a', 'c'], unmatched: undefined });
  expect(matchDraft(stored, ['a'])).toEqual({ ids: ['a'], unmatched: undefined });
});

test('a draft without any record in the list is reported', () => {
  const unmatched = { count: 2, note: 'Seen.' };
  expect(matchDraft(stored, ['b'])).toEqual({ ids: [], unmatched });
  expect(matchDraft(stored, [])).toEqual({ ids: [], unmatched });
  expect(matchDraft(undefined, ['a'])).toEqual({ ids: [], unmatched: undefined });
});
