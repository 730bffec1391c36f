import { expect, test } from 'vitest';
import { withPresentSlug } from './address';

test('the address of a renamed record gets the present slug, and keeps the rest', () => {
  expect(withPresentSlug('/agreements/old', 'old', 'new')).toBe('/agreements/new');
  expect(withPresentSlug('/agreements/old/clauses/4.a', 'old', 'new')).toBe('/agreements/new/clauses/4.a');
  expect(withPresentSlug('/agreements/old/sequence', 'old', 'new')).toBe('/agreements/new/sequence');
  expect(withPresentSlug('/proposals/old', 'old', 'new')).toBe('/proposals/new');
});

test('other addresses do not change', () => {
  // The user may have opened another page before the result arrives.
  expect(withPresentSlug('/agreements/another', 'old', 'new')).toBe('/agreements/another');
  expect(withPresentSlug('/agreements/another/clauses/old', 'old', 'new')).toBe('/agreements/another/clauses/old');
  expect(withPresentSlug('/timeline', 'old', 'new')).toBe('/timeline');
});
