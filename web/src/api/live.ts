import { useSyncExternalStore } from 'react';
import type { CombinedError } from 'urql';
import { viewerName } from './auth';
import { client, needsSignIn, refresh } from './client';
import { LiveChangesDocument, LiveEndDocument } from './live.gen';
import type { LiveChangesQuery } from './types.gen';

// The one place that follows the change log: by its cursor, with a small query, and not while the tab
// is hidden. What it learns, it tells the page; then everything that is shown is asked for again.

export type LiveChange = NonNullable<LiveChangesQuery['changes']>['nodes'][number];

export interface Live {
  state: 'starting' | 'following' | 'paused' | 'lost';
  /** What happened since the page was opened and nobody has dismissed, latest first. */
  news: readonly LiveChange[];
  /** When it is tried again (ms since the epoch); 0 unless the connection is lost. */
  retryAt: number;
}

const PAGE = 50;
const NEWS_KEPT = 20;
export const EVERY_MS = 5_000;

/** How long to wait after so many failures in a row: 2, 4, 8 … 60 seconds, each up to a fifth longer. */
export function backoff(failures: number, random = Math.random()): number {
  return Math.min(60_000, 1_000 * 2 ** failures) * (1 + random / 5);
}

let live: Live = { state: 'starting', news: [], retryAt: 0 };
const listeners = new Set<() => void>();
/** How far the log was read; undefined before it was begun, null where it had no change then. */
let cursor: string | null | undefined;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;
/** Somebody wanted to know while it was being asked: what happened since then may not be in the answer. */
let again = false;

function tell(next: Partial<Live>) {
  live = { ...live, ...next };
  for (const listener of listeners) listener();
}

async function ask() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  clearTimeout(timer);
  try {
    const news = await newChanges();
    const wasLost = failures > 0;
    failures = 0;
    if (news.length > 0 || live.state !== 'following') {
      // What somebody did themselves is no news to them.
      const others = news.filter(({ actor }) => actor !== viewerName());
      tell({ state: 'following', retryAt: 0, news: [...others.reverse(), ...live.news].slice(0, NEWS_KEPT) });
    }
    // After a lost connection pages may show an error where there is none any more.
    if (news.length > 0 || wasLost) refresh();
    schedule(EVERY_MS);
  } catch (error) {
    if (needsSignIn(error as CombinedError)) {
      // Who may not read has nothing to follow, until the sign-in asks again.
      clearTimeout(timer);
      tell({ state: 'paused', retryAt: 0 });
      return;
    }
    failures += 1;
    const wait = backoff(failures);
    tell({ state: 'lost', retryAt: Date.now() + wait });
    schedule(wait);
  } finally {
    asking = false;
    if (again) {
      again = false;
      void ask();
    }
  }
}

async function newChanges(): Promise<LiveChange[]> {
  const context = { requestPolicy: 'network-only', aside: true } as const;
  if (cursor === undefined) {
    const { data, error } = await client.query(LiveEndDocument, {}, context).toPromise();
    if (!data?.changes) throw error ?? new Error('no change log');
    cursor = data.changes.edges[0]?.cursor ?? null;
    return [];
  }
  const news: LiveChange[] = [];
  for (;;) {
    const { data, error } = await client.query(LiveChangesDocument, { after: cursor, first: PAGE }, context).toPromise();
    if (!data?.changes) throw error ?? new Error('no change log');
    news.push(...data.changes.nodes);
    cursor = data.changes.pageInfo.endCursor ?? cursor;
    if (!data.changes.pageInfo.hasNextPage) return news;
  }
}

function schedule(wait: number) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(() => void ask(), wait);
}

/** Begins to follow the log. Returns what ends it. */
export function follow(): () => void {
  const onVisibility = () => {
    if (document.hidden) {
      clearTimeout(timer);
      tell({ state: 'paused' });
    } else void ask();
  };
  const onOnline = () => void ask();
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  // Before the page's own questions, lest what happens after them is taken for something that they told.
  void ask();
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('online', onOnline);
  };
}

/** Asks at once: after something was written here, or because someone does not want to wait. */
export const poke = () => void ask();

export const dismissNews = () => tell({ news: [] });

export function useLive(): Live {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => live,
  );
}
