import { beforeEach, expect, test } from 'vitest';
import { markAllSeen, MAX_WATCHES, unwatch, watch, watchesOf } from './storage';

const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  globalThis.localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  } as unknown as Storage;
});

const page = (to: string, seen: string | null = 'c') => ({ to, title: to, filter: { about: [to] }, seen });

test('watches are kept for each account', () => {
  watch('eve', page('/a'));
  watch(undefined, page('/b'));
  expect(watchesOf('eve').map(({ to }) => to)).toEqual(['/a']);
  expect(watchesOf(undefined).map(({ to }) => to)).toEqual(['/b']);
  expect(watchesOf('nina')).toEqual([]);
});

test('a page is watched once, and no longer after unwatching', () => {
  watch('eve', page('/a', 'c1'));
  watch('eve', page('/b', 'c1'));
  watch('eve', page('/a', 'c2'));
  expect(watchesOf('eve').map(({ to, seen }) => [to, seen])).toEqual([['/a', 'c2'], ['/b', 'c1']]);
  expect(watchesOf('eve')).toBe(watchesOf('eve'));
  markAllSeen('eve', null);
  expect(watchesOf('eve').every(({ seen }) => seen === null)).toBe(true);
  unwatch('eve', '/a');
  expect(watchesOf('eve').map(({ to }) => to)).toEqual(['/b']);
});

test('no more is watched than the API counts', () => {
  for (let index = 0; index <= MAX_WATCHES; index += 1) watch('eve', page(`/${index}`));
  expect(watchesOf('eve')).toHaveLength(MAX_WATCHES);
});

test('damaged storage is ignored', () => {
  for (const text of ['{', '{}', 'null', '[1, null, {"to":"/a"}]']) {
    stored.set('clausewatch-watch-eve', text);
    expect(watchesOf('eve')).toEqual([]);
  }
});
