import { useSyncExternalStore } from 'react';
import type { CombinedError } from 'urql';
import { viewerName } from './auth';
import { client, isStaleCursor, needsSignIn, refetchAll } from './client';
import { LiveChangesDocument, LiveEndDocument } from './live.gen';
import { subscribeToChanges } from './subscription';
import { isAffected } from './affected';
import type { LiveChangesQuery } from './types.gen';

// The one place that follows the change log, and not while the tab is hidden. A query brings the page up to the end of the
// log; from there a subscription follows. Where none can be opened, the query is repeated. What is learned is told to the
// page, and the queries that it touches are asked again.

export type LiveChange = NonNullable<LiveChangesQuery['changes']>['nodes'][number];

export interface Live {
  state: 'starting' | 'following' | 'paused' | 'lost';
  /** What happened since the page was opened and nobody has dismissed, latest first. */
  news: readonly LiveChange[];
  /** When it is tried again (ms since the epoch); 0 unless the connection is lost. */
  retryAt: number;
}

const PAGE_SIZE = 50;
const MAX_NEWS = 20;
/** How often the log is asked for where there is no subscription. */
const POLL_INTERVAL_MS = 5_000;
/** Changes that come one after another, as by an import, are told together; pages are asked again once a second at most. */
const BATCH_MS = 50;
const MIN_PUBLISH_INTERVAL_MS = 1_000;

/** How long to wait after so many failures in a row: 2, 4, 8 … 60 seconds, each up to a fifth longer. */
export function backoff(failures: number, random = Math.random()): number {
  return Math.min(60_000, 1_000 * 2 ** failures) * (1 + random / 5);
}

let live: Live = { state: 'starting', news: [], retryAt: 0 };
const listeners = new Set<() => void>();
/** How far the log was read; undefined before that was begun, `EMPTY` where it had no entry then. */
let logEnd: { position: number; cursor: string | null } | undefined;
const EMPTY_LOG = { position: 0, cursor: null };
let failures = 0;
let pollTimer: ReturnType<typeof setTimeout> | undefined;
let isPolling = false;
/** Somebody wanted to know while it was being asked: what happened since then may not be in the answer. */
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
    // After a lost connection pages may show an error where there is none any more.
    if (wasLost) refetchAll();
    subscribe();
    if (!subscription?.isOpen) schedulePoll(POLL_INTERVAL_MS);
  } catch (error) {
    stopSubscription();
    if (needsSignIn(error as CombinedError)) {
      // Who may not read has nothing to follow, until the sign-in asks again.
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
    return;
  }
  for (;;) {
    const { data, error } = await client.query(LiveChangesDocument, { after: logEnd.cursor, first: PAGE_SIZE }, context).toPromise();
    if (isStaleCursor(error)) {
      // What is shown is of that history, too.
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

/** Opens the subscription, unless there is one, or nothing to go on from yet, or it failed a short while ago. */
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

/** Takes up an entry of the log, unless it is known already: the query and the subscription may both bring it. */
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
  // What somebody did themselves is no news to them.
  const others = changes.filter(({ actor }) => actor !== viewerName());
  setLive({ news: [...others.reverse(), ...live.news].slice(0, MAX_NEWS) });
  refetchAll(({ query }, data) => changes.some((change) => isAffected(query, data, change)));
}

function schedulePoll(delay: number) {
  clearTimeout(pollTimer);
  if (!document.hidden) pollTimer = setTimeout(() => void poll(), delay);
}

/** Begins to follow the log. Returns what ends it. */
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
  // Before the page's own questions, lest what happens after them is taken for something that they told.
  void poll();
  return () => {
    clearTimeout(pollTimer);
    stopSubscription();
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('online', onOnline);
    window.removeEventListener('offline', onOffline);
  };
}

/** Asks at once: after something was written here, or because someone does not want to wait. */
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
