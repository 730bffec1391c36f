import { gql } from 'urql';
import { expect, test, vi } from 'vitest';
import { client } from './client';

test('a null from an error is not cached as a record that does not exist', async () => {
  const answers = [
    { data: { agreement: null }, errors: [{ message: 'refused', path: ['agreement', 'title'] }] },
    { data: { agreement: { __typename: 'Agreement', id: '1', title: 'Minsk II' } } },
  ];
  const fetch = vi.fn(async () => new Response(JSON.stringify(answers.shift()), { headers: { 'content-type': 'application/json' } }));
  vi.stubGlobal('fetch', fetch);
  const query = gql`{ agreement(slug: "minsk-2") { id title } }`;
  const first = await client.query(query, {}).toPromise();
  expect([first.data, first.error?.graphQLErrors.map((error) => error.message)]).toEqual([undefined, ['refused']]);
  const second = await client.query(query, {}).toPromise();
  expect(second.data).toMatchObject({ agreement: { title: 'Minsk II' } });
  expect(fetch).toHaveBeenCalledTimes(2);
  vi.unstubAllGlobals();
});
