import { useSyncExternalStore } from 'react';
import type { CombinedError } from 'urql';
import { isAffected } from './affected';
import { viewerName } from './auth';
import { client, isStaleCursor, needsSignIn, refetchAll } from './client';
import { LiveChangesDocument, LiveEndDocument } from './live.gen';
import { subscribeToChanges } from './subscription';
import type { LiveChangesQuery } from './types.gen';

// Follows the change log while the tab is visible. A query reads the log up to its end, and a subscription continues from
// there. If no subscription can be opened, the query is repeated. After a change, all affected queries are sent again. Changes
// by other accounts are also shown as news.

export type LiveChange = NonNullable<LiveChangesQuery['changes']>['nodes'][number];

export interface Live {
  state: 'starting' | 'following' | 'paused' | 'lost';
  /** The latest changes by other accounts since the page was opened, newest first. Dismissed changes are removed. */
  news: readonly LiveChange[];
  /** Cursor of the last entry of the log. Null if the log is empty, undefined before the first query. */
  end: string | null | undefined;
  /** Time of the next attempt to connect, in ms since the epoch. 0 unless the connection is lost. */
  retryAt: number;
}

const PAGE_SIZE = 50;
const MAX_NEWS = 20;
/** Interval of polls while there is no subscription. */
const POLL_INTERVAL_MS = 5_000;
/** Changes in quick succession, such as those of an import, are collected for `BATCH_MS`, and published at most once a second. */
const BATCH_MS = 50;
const MIN_PUBLISH_INTERVAL_MS = 1_000;

/** Delay in ms before the next attempt. After 1, 2, 3 … failures in a row: 2, 4, 8 … 60 seconds, plus up to 20 %. */
export function backoff(failures: number, random = Math.random()): number {
  return Math.min(60_000, 1_000 * 2 ** failures) * (1 + random / 5);
}

let live: Live = { state: 'starting', news: [], end: undefined, retryAt: 0 };
const listeners = new Set<() => void>();
/** The last entry that was read. Undefined before the first query; `EMPTY_LOG` if the log had no entry then. */
let logEnd: { position: number; cursor: string | null } | undefined;
const EMPTY_LOG = { position: 0, cursor: null };
let failures = 0;
let pollTimer: ReturnType<typeof setTimeout> | undefined;
let isPolling = false;
/** Whether a poll was requested during another poll, whose response may lack the newest changes. */
let pollsAgain = false;
let subscription: { stop: () => void; isOpen: boolean } | undefined;
let failedSubscriptions = 0;
let nextSubscriptionAt = 0;
let receivedChanges: LiveChange[] = [];
let publishTimer: ReturnType<typeof setTimeout> | undefined;
let publishedAt = 0;

function setLive(next: Partial<Live>) {
  live = { ...live, ...next };
  for (const listener of listeners) listener();
}

async function poll() {
  if (isPolling) {
    pollsAgain = true;
    return;
  }
  isPolling = true;
  clearTimeout(pollTimer);
  try {
    await catchUp();
    const wasLost = failures > 0;
    failures = 0;
    if (live.state !== 'following' && !document.hidden) setLive({ state: 'following', retryAt: 0 });
    // Queries that failed while the connection was lost show an error until they are sent again.
    if (wasLost) refetchAll();
    subscribe();
    if (!subscription?.isOpen) schedulePoll(POLL_INTERVAL_MS);
  } catch (error) {
    stopSubscription();
    if (needsSignIn(error as CombinedError)) {
      // Polling stops here. The sign-in reloads the app, which polls again.
      clearTimeout(pollTimer);
      setLive({ state: 'paused', retryAt: 0 });
      return;
    }
    failures += 1;
    const delay = backoff(failures);
    setLive({ state: 'lost', retryAt: Date.now() + delay });
    schedulePoll(delay);
  } finally {
    isPolling = false;
    if (pollsAgain) {
      pollsAgain = false;
      void poll();
    }
  }
}

/** Reads the log up to its end. */
async function catchUp() {
  const context = { requestPolicy: 'network-only', background: true } as const;
  if (logEnd === undefined) {
    const { data, error } = await client.query(LiveEndDocument, {}, context).toPromise();
    if (!data?.changes) throw error ?? new Error('no change log');
    logEnd = data.changes.nodes[0] ?? EMPTY_LOG;
    setLive({ end: logEnd.cursor });
    return;
  }
  for (;;) {
    const { data, error } = await client.query(LiveChangesDocument, { after: logEnd.cursor, first: PAGE_SIZE }, context).toPromise();
    if (isStaleCursor(error)) {
      // The log was replaced, for example by a restored backup, so the data on the page is out of date. All queries are sent again.
      logEnd = undefined;
      stopSubscription();
      await catchUp();
      refetchAll();
      return;
    }
    if (!data?.changes) throw error ?? new Error('no change log');
    for (const change of data.changes.nodes) receive(change);
    if (!data.changes.pageInfo.hasNextPage) return;
  }
}

/** Opens the subscription, unless it is open, the tab is hidden, no cursor is known yet, or the last attempt failed recently. */
function subscribe() {
  if (subscription || !logEnd?.cursor || document.hidden || Date.now() < nextSubscriptionAt) return;
  const opened = {
    isOpen: false,
    stop: subscribeToChanges(logEnd.cursor, {
      onOpen: () => {
        opened.isOpen = true;
        failedSubscriptions = 0;
        clearTimeout(pollTimer);
      },
      onChange: receive,
      onEnd: () => {
        if (subscription === opened) subscription = undefined;
        failedSubscriptions += 1;
        nextSubscriptionAt = Date.now() + backoff(failedSubscriptions);
        if (!document.hidden) void poll();
      },
    }),
  };
  subscription = opened;
}

function stopSubscription() {
  subscription?.stop();
  subscription = undefined;
}

/** Keeps an entry of the log for `publishChanges`. Ignores known entries: the query and the subscription may both return them. */
function receive(change: LiveChange & { cursor: string }) {
  if (logEnd && change.position <= logEnd.position) return;
  logEnd = { position: change.position, cursor: change.cursor };
  receivedChanges.push(change);
  publishTimer ??= setTimeout(publishChanges, Math.max(BATCH_MS, publishedAt + MIN_PUBLISH_INTERVAL_MS - Date.now()));
}

function publishChanges() {
  publishTimer = undefined;
  publishedAt = Date.now();
  const changes = receivedChanges;
  receivedChanges = [];
  // The user's own changes are not news.
  const others = changes.filter(({ actor }) => actor !== viewerName());
  setLive({ news: [...others.reverse(), ...live.news].slice(0, MAX_NEWS), end: logEnd?.cursor });
  refetchAll(({ query }, data) => changes.some((change) => isAffected(query, data, change)));
}

function schedulePoll(delay: number) {
  clearTimeout(pollTimer);
  if (!document.hidden) pollTimer = setTimeout(() => void poll(), delay);
}

/** Starts to follow the log. Returns a function that stops following it. */
export function followChangeLog(): () => void {
  const onVisibility = () => {
    if (document.hidden) {
      clearTimeout(pollTimer);
      stopSubscription();
      setLive({ state: 'paused' });
    } else void poll();
  };
  const onOnline = () => void poll();
  const onOffline = () => {
    stopSubscription();
    void poll();
  };
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  window.addEventListener('offline', onOffline);
  // This poll must precede the queries of the page. If they were sent first, a change before the poll would be missed.
  void poll();
  return () => {
    clearTimeout(pollTimer);
    stopSubscription();
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('online', onOnline);
    window.removeEventListener('offline', onOffline);
  };
}

/** Polls at once, after a mutation or when the user retries. */
export const pollNow = () => void poll();

export const dismissNews = () => setLive({ news: [] });

export function useLive(): Live {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => live,
  );
}
