import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deleteDraft, draftNames, storeDraft, storedDraft } from './storage';

const viewer = vi.hoisted(() => ({ name: 'Eve' }));

vi.mock('../api/auth', () => ({ isSignedOut: () => false, viewerName: () => viewer.name }));

/** A browser's storage for at most this many characters. */
function storage(size: number) {
  const texts: Record<string, string> = {};
  const methods = {
    getItem: (key: string) => texts[key] ?? null,
    setItem(key: string, text: string) {
      const others = Object.entries(texts).filter(([other]) => other !== key);
      if (others.reduce((sum, [, other]) => sum + other.length, text.length) > size) throw new DOMException('full', 'QuotaExceededError');
      texts[key] = text;
    },
    removeItem: (key: string) => delete texts[key],
  };
  // `Object.keys` of a storage returns the names of its items.
  return new Proxy(texts, { get: (_, name) => methods[name as keyof typeof methods] }) as unknown as Storage;
}

beforeEach(() => {
  viewer.name = 'Eve';
  vi.stubGlobal('localStorage', storage(200));
});
afterEach(() => vi.unstubAllGlobals());

test('a draft is stored until it is deleted', () => {
  expect(storeDraft('status-4-C', { note: 'Seen.' })).toBe(true);
  expect(storedDraft('status-4-C')).toEqual({ note: 'Seen.' });
  expect(draftNames()).toEqual(['status-4-C']);
  deleteDraft('status-4-C');
  expect(draftNames()).toEqual([]);
});

test('another account neither reads nor deletes a draft', () => {
  storeDraft('record-sheet', 'reference,status');
  viewer.name = 'Nina';
  expect(storedDraft('record-sheet')).toBeUndefined();
  deleteDraft('record-sheet');
  viewer.name = 'Eve';
  expect(storedDraft('record-sheet')).toBe('reference,status');
});

test('drafts of several accounts with one name are kept', () => {
  storeDraft('record-sheet', 'of Eve');
  viewer.name = 'Nina';
  storeDraft('record-sheet', 'of Nina');
  expect([storedDraft('record-sheet'), draftNames()]).toEqual(['of Nina', ['record-sheet']]);
  viewer.name = 'Eve';
  expect(storedDraft('record-sheet')).toBe('of Eve');
  deleteDraft('record-sheet');
  expect(storedDraft('record-sheet')).toBeUndefined();
  viewer.name = 'Nina';
  expect(storedDraft('record-sheet')).toBe('of Nina');
  deleteDraft('record-sheet');
  expect([storedDraft('record-sheet'), draftNames()]).toEqual([undefined, []]);
});

test('a draft that does not fit is reported, and its earlier version is kept', () => {
  expect(storeDraft('record-sheet', 'short')).toBe(true);
  expect(storeDraft('record-sheet', 'long'.repeat(100))).toBe(false);
  expect(storedDraft('record-sheet')).toBe('short');
  expect(storeDraft('record-sheet', 'shorter')).toBe(true);
});

test('without storage there are no drafts', () => {
  vi.stubGlobal('localStorage', undefined);
  expect(storeDraft('record-sheet', 'short')).toBe(false);
  expect([storedDraft('record-sheet'), draftNames()]).toEqual([undefined, []]);
  deleteDraft('record-sheet');
});

test('a damaged draft is ignored', () => {
  localStorage.setItem('clausewatch-draft-record-sheet', '{');
  expect(storedDraft('record-sheet')).toBeUndefined();
});
