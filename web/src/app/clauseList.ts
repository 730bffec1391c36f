import { useEffect, useState } from 'react';
import { client } from '../api/client';
import type { ClauseNumbersQuery } from '../api/types.gen';
import { ClauseNumbersDocument } from './clauseList.gen';

// The clauses before and after a clause: in the filtered list that the user came from, or else in the whole agreement.

export interface ListedClause {
  number: string;
  heading: string;
}

/** A filtered list of clauses, as the user last saw it in this tab. Later changes of statuses do not change it. */
interface ClauseList {
  /** The slug of the agreement. */
  slug: string;
  /** The address of the page with the list. */
  address: string;
  clauses: readonly ListedClause[];
}

const STORAGE_KEY = 'clausewatch-clause-list';

/** Remembers the list, or forgets it if the list is undefined. */
export function rememberList(list: ClauseList | undefined) {
  try {
    if (list) sessionStorage.setItem(STORAGE_KEY, JSON.stringify(list));
    else sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // Without storage, the neighbours come from the agreement.
  }
}

/** The list, if the clause is in it. */
function rememberedList(slug: string, number: string): ClauseList | undefined {
  try {
    const list = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as ClauseList | null;
    return list?.slug === slug && list.clauses.some((clause) => clause.number === number) ? list : undefined;
  } catch {
    return undefined;
  }
}

const PAGE_SIZE = 200;

/** All clauses of an agreement, in order. Undefined if they cannot be loaded. */
async function loadClauses(slug: string): Promise<readonly ListedClause[] | undefined> {
  const clauses: ListedClause[] = [];
  let after: string | null = null;
  for (;;) {
    const page: ClauseNumbersQuery | undefined = await loadPage(slug, after);
    if (!page?.agreement) return undefined;
    const { nodes, pageInfo } = page.agreement.clauses;
    clauses.push(...nodes);
    if (!pageInfo.hasNextPage) return clauses;
    after = pageInfo.endCursor;
  }
}

async function loadPage(slug: string, after: string | null) {
  const variables = { slug, first: PAGE_SIZE, after };
  return (await client.query(ClauseNumbersDocument, variables, { background: true }).toPromise()).data;
}

export interface Neighbours {
  previous: ListedClause | undefined;
  next: ListedClause | undefined;
  /** The place of the clause in the list, from 1. */
  place: number;
  count: number;
  /** The address of the filtered list. Undefined for the list of the agreement. */
  address: string | undefined;
}

/** The clauses before and after a clause. Undefined while loading. */
export function useNeighbours(slug: string, number: string): Neighbours | undefined {
  const [list] = useState(() => rememberedList(slug, number));
  const [loaded, setLoaded] = useState<readonly ListedClause[]>();
  useEffect(() => {
    if (list) return;
    let isUnmounted = false;
    void loadClauses(slug).then((clauses) => {
      if (!isUnmounted) setLoaded(clauses);
    });
    return () => {
      isUnmounted = true;
    };
  }, [slug, list]);
  const clauses = list?.clauses ?? loaded;
  const index = clauses?.findIndex((clause) => clause.number === number) ?? -1;
  if (!clauses || index < 0) return undefined;
  return { previous: clauses[index - 1], next: clauses[index + 1], place: index + 1, count: clauses.length, address: list?.address };
}
