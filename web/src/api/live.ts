import { useSyncExternalStore } from 'react';
import type { CombinedError } from 'urql';
import { viewerName } from './auth';
import { client, isStaleCursor, needsSignIn, refresh } from './client';
import { LiveChangesDocument, LiveEndDocument } from './live.gen';
import { subscribeToChanges } from './subscription';
import { isTouched } from './touched';
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

const PAGE = 50;
const NEWS_KEPT = 20;
/** How often the log is asked for where there is no subscription. */
const EVERY_MS = 5_000;
/** Changes that come one after another, as by an import, are told together; pages are asked again once a second at most. */
const TOGETHER_MS = 50;
const PAUSE_MS = 1_000;

/** How long to wait after so many failures in a row: 2, 4, 8 … 60 seconds, each up to a fifth longer. */
export function backoff(failures: number, random = Math.random()): number {
  return Math.min(60_000, 1_000 * 2 ** failures) * (1 + random / 5);
}

let live: Live = { state: 'starting', news: [], retryAt: 0 };
const listeners = new Set<() => void>();
/** How far the log was read; undefined before that was begun, `EMPTY` where it had no entry then. */
let end: { position: number; cursor: string | null } | undefined;
const EMPTY = { position: 0, cursor: null };
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;
/** Somebody wanted to know while it was being asked: what happened since then may not be in the answer. */
let again = false;
let subscription: { stop: () => void; isOpen: boolean } | undefined;
let failedSubscriptions = 0;
let subscribeFrom = 0;
let learned: LiveChange[] = [];
let telling: ReturnType<typeof setTimeout> | undefined;
let toldAt = 0;

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
    await catchUp();
    const wasLost = failures > 0;
    failures = 0;
    if (live.state !== 'following' && !document.hidden) tell({ state: 'following', retryAt: 0 });
    // After a lost connection pages may show an error where there is none any more.
    if (wasLost) refresh();
    subscribe();
    if (!subscription?.isOpen) schedule(EVERY_MS);
  } catch (error) {
    stopSubscription();
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

/** Reads the log up to its end. */
async function catchUp() {
  const context = { requestPolicy: 'network-only', aside: true } as const;
  if (end === undefined) {
    const { data, error } = await client.query(LiveEndDocument, {}, context).toPromise();
    if (!data?.changes) throw error ?? new Error('no change log');
    end = data.changes.nodes[0] ?? EMPTY;
    return;
  }
  for (;;) {
    const { data, error } = await client.query(LiveChangesDocument, { after: end.cursor, first: PAGE }, context).toPromise();
    if (isStaleCursor(error)) {
      // What is shown is of that history, too.
      end = undefined;
      stopSubscription();
      await catchUp();
      refresh();
      return;
    }
    if (!data?.changes) throw error ?? new Error('no change log');
    for (const change of data.changes.nodes) learn(change);
    if (!data.changes.pageInfo.hasNextPage) return;
  }
}

/** Opens the subscription, unless there is one, or nothing to go on from yet, or it failed a short while ago. */
function subscribe() {
  if (subscription || !end?.cursor || document.hidden || Date.now() < subscribeFrom) return;
  const mine = {
    isOpen: false,
    stop: subscribeToChanges(end.cursor, {
      onOpen: () => {
        mine.isOpen = true;
        failedSubscriptions = 0;
        clearTimeout(timer);
      },
      onChange: learn,
      onEnd: () => {
        if (subscription === mine) subscription = undefined;
        failedSubscriptions += 1;
        subscribeFrom = Date.now() + backoff(failedSubscriptions);
        if (!document.hidden) void ask();
      },
    }),
  };
  subscription = mine;
}

function stopSubscription() {
  subscription?.stop();
  subscription = undefined;
}

/** Takes up an entry of the log, unless it is known already: the query and the subscription may both bring it. */
function learn(change: LiveChange & { cursor: string }) {
  if (end && change.position <= end.position) return;
  end = { position: change.position, cursor: change.cursor };
  learned.push(change);
  telling ??= setTimeout(tellLearned, Math.max(TOGETHER_MS, toldAt + PAUSE_MS - Date.now()));
}

function tellLearned() {
  telling = undefined;
  toldAt = Date.now();
  const changes = learned;
  learned = [];
  // What somebody did themselves is no news to them.
  const others = changes.filter(({ actor }) => actor !== viewerName());
  tell({ news: [...others.reverse(), ...live.news].slice(0, NEWS_KEPT) });
  refresh(({ query }, data) => changes.some((change) => isTouched(query, data, change)));
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
      stopSubscription();
      tell({ state: 'paused' });
    } else void ask();
  };
  const onOnline = () => void ask();
  const onOffline = () => {
    stopSubscription();
    void ask();
  };
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  window.addEventListener('offline', onOffline);
  // Before the page's own questions, lest what happens after them is taken for something that they told.
  void ask();
  return () => {
    clearTimeout(timer);
    stopSubscription();
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('online', onOnline);
    window.removeEventListener('offline', onOffline);
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
