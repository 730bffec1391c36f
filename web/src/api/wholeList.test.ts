import { gql } from 'urql';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from './client';
import { RowsError } from './rowsError';
import { completeList, type ListPage, loadData, wholeList } from './wholeList';

afterEach(() => vi.unstubAllGlobals());

const page = (nodes: string, totalCount: number, hasNextPage: boolean): ListPage<string> => ({
  nodes: [...nodes],
  totalCount,
  pageInfo: { hasNextPage, endCursor: nodes.at(-1) ?? null },
});

/** Loads these pages one after the other. */
function loader(...pages: readonly ListPage<string>[]) {
  const rest = [...pages];
  return vi.fn(async (_after: string | undefined) => {
    const next = rest.shift();
    if (!next) throw new RowsError('refused');
    return next;
  });
}

const read = (load: ReturnType<typeof loader>) => completeList(load, (node) => node);

test('all pages of a list are read in order', async () => {
  const load = loader(page('ab', 3, true), page('c', 3, true), page('', 3, false));
  expect(await read(load)).toEqual(['a', 'b', 'c']);
  expect(load.mock.calls).toEqual([[undefined], ['b'], ['c']]);
});

test('an incomplete list is no list', async () => {
  await expect(read(loader(page('ab', 3, true)))).rejects.toThrow('refused');
});

test('a list that changes between its pages is read once more', async () => {
  const complete = [page('ab', 4, true), page('cd', 4, false)];
  // In `missing`, the rows moved up after the first page was read. In `repeated`, they moved down.
  const missing = [page('ab', 4, true), page('d', 4, false)];
  const repeated = [page('ab', 4, true), page('bc', 4, false)];
  for (const changed of [missing, repeated]) {
    const load = loader(...changed, ...complete);
    expect(await read(load)).toEqual(['a', 'b', 'c', 'd']);
    expect(load).toHaveBeenCalledTimes(4);
    await expect(read(loader(...changed, ...changed, ...complete))).rejects.toThrow('The list changed twice while it was loaded');
  }
});

const LIST = gql`query Rows($first: Int!, $after: String) { agreements(first: $first, after: $after) { nodes { __typename id title } } }`;
const AGREEMENT = { __typename: 'Agreement', id: 'A', title: 'Minsk II' };

const answer = (body: object) => new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
const list = { document: LIST, variables: {}, read: ({ agreements }: { agreements: ListPage<{ id: string }> }) => agreements, idOf: ({ id }: { id: string }) => id };

test('the rows of a file are not kept in the cache of the pages', async () => {
  const agreements = { nodes: [AGREEMENT], totalCount: 1, pageInfo: { hasNextPage: false, endCursor: null } };
  vi.stubGlobal('fetch', vi.fn(async () => answer({ data: { agreements } })));
  expect(await wholeList(list, new AbortController().signal)).toEqual([AGREEMENT]);
  const cached = await client.query(LIST, { first: 200 }, { requestPolicy: 'cache-only' }).toPromise();
  expect(cached.data ?? null).toBeNull();
});

test('a result with an error is no result', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => answer({ data: { agreements: null }, errors: [{ message: 'refused' }] })));
  await expect(loadData(LIST, { first: 1 }, new AbortController().signal)).rejects.toThrow(RowsError);
});

test('aborting ends the request and sends no other', async () => {
  const signals: AbortSignal[] = [];
  const fetch = vi.fn(async (_: unknown, options: RequestInit) => {
    if (options.signal) signals.push(options.signal);
    return new Promise<Response>(() => {});
  });
  vi.stubGlobal('fetch', fetch);
  const controller = new AbortController();
  const rows = wholeList(list, controller.signal);
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledOnce());
  controller.abort();
  await expect(rows).rejects.toThrow(RowsError);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  await expect(wholeList(list, controller.signal)).rejects.toThrow(RowsError);
  expect(fetch).toHaveBeenCalledOnce();
});
