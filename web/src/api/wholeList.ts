import { type AnyVariables, Client, fetchExchange, type TypedDocumentNode } from 'urql';
import { pipe, subscribe, take } from 'wonka';
import { texts } from '../texts';
import { CONNECTION } from './client';
import { byId } from './documents';
import { RowsError } from './rowsError';

// The rows of a file are used once, so these requests have a client of their own, without the cache. They do not redirect to the
// sign-in page either: if the session has ended, the page stays.
const client = new Client({ ...CONNECTION, exchanges: [byId(), fetchExchange] });

/** The maximum number of items that the server returns at once. */
const MAX_PAGE = 200;

/** A page of a list of the API. */
export interface ListPage<Node> {
  nodes: readonly Node[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** A list of the API: its query, a function that finds the list in the data, and a function that returns the id of an item. */
export interface PagedList<Data, Variables, Node> {
  document: TypedDocumentNode<Data, Variables>;
  variables: Omit<Variables, 'first' | 'after'>;
  read: (data: Data) => ListPage<Node> | null | undefined;
  idOf: (node: Node) => string;
  /** The number of items per page. Default: `MAX_PAGE`. */
  pageSize?: number;
}

/** All items of a list, for a file. Rejects with a `RowsError` if a page cannot be loaded, or if the list changes twice while it is loaded. */
export async function wholeList<Data, Variables extends AnyVariables, Node>(
  { document, variables, read, idOf, pageSize: first = MAX_PAGE }: PagedList<Data, Variables, Node>,
  signal: AbortSignal,
): Promise<Node[]> {
  const load = async (after: string | undefined) => {
    const page = read(await loadData(document, { ...variables, first, after } as unknown as Variables, signal));
    if (!page) throw new RowsError(texts.export.failed);
    return page;
  };
  return completeList(load, idOf);
}

/** The current data of a query, for a file. Rejects with a `RowsError` if it cannot be loaded. */
export function loadData<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
): Promise<Data> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new RowsError(texts.export.failed));
    if (signal.aborted) return fail();
    const { unsubscribe } = pipe(
      client.query(document, variables),
      take(1),
      // A field with an error is null, so the data of a result with an error is incomplete.
      subscribe(({ data, error }) => (data && !error ? resolve(data) : fail())),
    );
    signal.addEventListener('abort', () => {
      unsubscribe();
      fail();
    });
  });
}

type LoadPage<Node> = (after: string | undefined) => Promise<ListPage<Node>>;

/** All items of a list. If the list changes while its pages are read, reads it once more. Rejects with a `RowsError` if it changes again. */
export async function completeList<Node>(load: LoadPage<Node>, idOf: (node: Node) => string): Promise<Node[]> {
  const nodes = (await allPages(load, idOf)) ?? (await allPages(load, idOf));
  if (!nodes) throw new RowsError(texts.export.changed);
  return nodes;
}

/** The items of all pages. Undefined if an item is missing or repeated, because the list changed in the meantime. */
async function allPages<Node>(load: LoadPage<Node>, idOf: (node: Node) => string): Promise<Node[] | undefined> {
  const nodes: Node[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await load(after);
    nodes.push(...page.nodes);
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!hasNextPage || endCursor === null) {
      const isComplete = nodes.length === page.totalCount && new Set(nodes.map(idOf)).size === page.totalCount;
      return isComplete ? nodes : undefined;
    }
    after = endCursor;
  }
}
