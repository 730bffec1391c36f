import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, fetchExchange, gql, type OperationResult } from 'urql';
import { afterEach, expect, test, vi } from 'vitest';
import { byId } from './documents';
import { keys } from './keys';

function clientOf(answer: unknown) {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } }));
  vi.stubGlobal('fetch', fetch);
  const client = new Client({
    url: 'http://server.test/graphql',
    preferGetMethod: false,
    exchanges: [cacheExchange({ keys }), byId((document) => (document as { documentId?: string }).documentId), fetchExchange],
  });
  return { client, fetch };
}

afterEach(() => void vi.unstubAllGlobals());

const withId = (documentId: string, text: string) => Object.assign(gql(text), { documentId });

test('a query is sent by its id in the address, and its result is cached', async () => {
  const { client, fetch } = clientOf({ data: { agreement: { __typename: 'Agreement', id: '1', title: 'Minsk II' } } });
  const query = withId('sha256:01', 'query Title($slug: String!) { agreement(slug: $slug) { id title } }');
  const results: OperationResult[] = [];
  for (let time = 0; time < 2; time += 1) results.push(await client.query(query, { slug: 'minsk-2' }).toPromise());
  expect(results.map(({ data }) => data.agreement.title)).toEqual(['Minsk II', 'Minsk II']);
  expect(fetch).toHaveBeenCalledTimes(1);
  const [url, init] = fetch.mock.calls[0]!;
  expect([init.method, url]).toEqual(['GET', 'http://server.test/graphql?documentId=sha256%3A01&variables=%7B%22slug%22%3A%22minsk-2%22%7D']);
});

test('mutations, and queries too long for an address, are sent by POST', async () => {
  const { client, fetch } = clientOf({ data: { agreement: null, archiveTopic: null } });
  const slug = 'a'.repeat(3_000);
  await client.query(withId('sha256:02', 'query Long($slug: String!) { agreement(slug: $slug) { id } }'), { slug }).toPromise();
  await client.mutation(withId('sha256:03', 'mutation Archive { archiveTopic { id } }'), {}).toPromise();
  const sent = fetch.mock.calls.map(([, init]) => [init.method, JSON.parse(String(init.body))]);
  expect(sent).toEqual([
    ['POST', { documentId: 'sha256:02', variables: { slug } }],
    ['POST', { documentId: 'sha256:03' }],
  ]);
});

test('a document without an id is sent as text', async () => {
  const { client, fetch } = clientOf({ data: { agreement: null } });
  await client.query(gql('query Other { agreement(slug: "x") { id } }'), {}).toPromise();
  expect(JSON.parse(String(fetch.mock.calls[0]![1].body)).query).toContain('query Other');
});
