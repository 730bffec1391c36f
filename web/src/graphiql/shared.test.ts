import { expect, test } from 'vitest';
import { sharedQuery, shareParameters } from './shared';

test('an address opens the query that it was made from', () => {
  for (const shared of [
    { query: '{ topics { slug } }', variables: undefined },
    { query: 'query A($a: ID!) {\n  node(id: $a) { id }\n}', variables: '{ "a": "x&y=+#" }' },
  ]) {
    expect(sharedQuery(`?${shareParameters(shared)}`)).toEqual(shared);
  }
  expect(sharedQuery('')).toBeUndefined();
  expect(sharedQuery('?query=')).toBeUndefined();
});
