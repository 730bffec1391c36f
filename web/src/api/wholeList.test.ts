import { expect, test } from 'vitest';
import { allPages, type ListPage } from './wholeList';

const PAGES: Record<string, ListPage<string>> = {
  start: { nodes: ['a', 'b'], pageInfo: { hasNextPage: true, endCursor: 'b' } },
  b: { nodes: ['c'], pageInfo: { hasNextPage: true, endCursor: 'c' } },
  c: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
};

test('all pages of a list are read in order', async () => {
  expect(await allPages((after) => Promise.resolve(PAGES[after ?? 'start']))).toEqual(['a', 'b', 'c']);
});

test('an incomplete list is no list', async () => {
  expect(await allPages((after) => Promise.resolve(after === 'b' ? undefined : PAGES[after ?? 'start']))).toBeUndefined();
  expect(await allPages(() => Promise.resolve(null))).toBeUndefined();
});
