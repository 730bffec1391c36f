import { createRequest, gql } from 'urql';
import { expect, test, vi } from 'vitest';
import { filter, pipe, subscribe, take, toPromise } from 'wonka';
import { client, refetchAll } from './client';

test('a query that is shown again after a change is fetched again, even if a request for it was cancelled', async () => {
  let title = 'before';
  const fetch = vi.fn(async () => {
    const data = { source: { __typename: 'Source', id: '1', title } };
    return new Response(JSON.stringify({ data }), { headers: { 'content-type': 'application/json' } });
  });
  vi.stubGlobal('fetch', fetch);
  const request = createRequest(gql`{ source(url: "https://example.org") { id title } }`, {});
  const shown = () => pipe(client.executeQuery(request), filter(({ stale }) => !stale), take(1), toPromise);
  expect((await shown()).data.source.title).toBe('before');
  title = 'after';
  expect((await shown()).data.source.title).toBe('before');

  refetchAll();
  // Imitates `useQuery`, which reads the cache while it renders.
  pipe(client.executeQuery(request), subscribe(() => {})).unsubscribe();
  expect((await shown()).data.source.title).toBe('after');
  expect((await shown()).data.source.title).toBe('after');
  expect(fetch).toHaveBeenCalledTimes(2);
  vi.unstubAllGlobals();
});
