import type { AnyVariables, TypedDocumentNode } from 'urql';
import { client } from './client';

/** The maximum number of items that the server returns at once. */
const MAX_PAGE = 200;

/** A page of a list of the API. */
export interface ListPage<Node> {
  nodes: readonly Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** A list of the API: its query, and the function that finds the list in the data. */
export interface PagedList<Data, Variables, Node> {
  document: TypedDocumentNode<Data, Variables>;
  variables: Omit<Variables, 'first' | 'after'>;
  read: (data: Data) => ListPage<Node> | null | undefined;
  /** The number of items of a page. Default: as many as the server returns. */
  pageSize?: number;
}

/** All items of a list, for a file. Undefined if a page cannot be loaded. */
export function wholeList<Data, Variables extends AnyVariables, Node>(list: PagedList<Data, Variables, Node>): Promise<Node[] | undefined> {
  const { document, variables, read, pageSize: first = MAX_PAGE } = list;
  return allPages(async (after) => {
    const data = await loadData(document, { ...variables, first, after } as unknown as Variables);
    return data && read(data);
  });
}

/** The current data of a query, for a file. Undefined if it cannot be loaded. */
export async function loadData<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data | undefined> {
  // In the background: if the session has ended, the page stays.
  const context = { requestPolicy: 'network-only', background: true } as const;
  return (await client.query(document, variables, context).toPromise()).data;
}

/** The items of all pages. `load` returns the page after a cursor. Undefined if it fails for one of the pages. */
export async function allPages<Node>(
  load: (after: string | undefined) => Promise<ListPage<Node> | null | undefined>,
): Promise<Node[] | undefined> {
  const nodes: Node[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await load(after);
    if (!page) return undefined;
    nodes.push(...page.nodes);
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!hasNextPage || endCursor === null) return nodes;
    after = endCursor;
  }
}
