import { afterEach, expect, test, vi } from 'vitest';
import { countDistinct } from './distinct';

afterEach(() => vi.unstubAllGlobals());

/** Replaces `fetch`. The mock responds with changes about a record at these positions, and with an error for any other record. */
function stubChanges(positions: Record<string, readonly number[]>) {
  const fetch = vi.fn(async (_: unknown, { body }: { body: string }) => {
    const { variables } = JSON.parse(body) as { variables: { filter: { about: [string] } } };
    const found = positions[variables.filter.about[0]];
    const nodes = found?.map((position) => ({ __typename: 'Change', position }));
    const response = nodes ? { data: { changes: { __typename: 'ChangeConnection', nodes } } } : { data: null, errors: [{ message: 'refused' }] };
    return new Response(JSON.stringify(response), { headers: { 'content-type': 'application/json' } });
  });
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

const about = (id: string) => ({ after: 'cursor', filter: { about: [id] } });

test('a change that several watched pages have is counted once', async () => {
  const fetch = stubChanges({ a: [4, 5, 6], b: [5, 6, 7], c: [6] });
  expect(await countDistinct([about('a'), about('b'), about('c')], 100)).toBe(4);
  expect(fetch).toHaveBeenCalledTimes(3);
});

test('the number is unknown if the changes of a page cannot be loaded', async () => {
  stubChanges({ a: [4] });
  expect(await countDistinct([about('a'), about('x')], 100)).toBeUndefined();
});
