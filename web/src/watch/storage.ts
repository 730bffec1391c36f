import { useSyncExternalStore } from 'react';
import type { ChangeFilter } from '../api/types.gen';

// The watched pages are in the browser's storage, separately for each account. The server does not store them.

/** A page or a filter that the user watches. */
export interface Watch {
  /** The address of the page in the app. */
  to: string;
  title: string;
  /** The changes that count as news of the page. */
  filter: ChangeFilter;
  /** The end of the change log when the user last saw the page. Null if the log was empty. */
  seen: string | null;
}

/** The API counts changes for at most 50 filters at once. */
export const MAX_WATCHES = 50;

const PREFIX = 'clausewatch-watch-';
const NONE: readonly Watch[] = [];
const listeners = new Set<() => void>();
let parsed: { key: string; text: string | null; watches: readonly Watch[] } = { key: '', text: null, watches: NONE };

/** The pages that the account watches. `account` is its name, or undefined without a sign-in. */
export function watchesOf(account: string | undefined): readonly Watch[] {
  const key = PREFIX + (account ?? '');
  const text = readText(key);
  // Returns the same array until the list changes, because React compares arrays by identity.
  if (parsed.key !== key || parsed.text !== text) parsed = { key, text, watches: parse(text) };
  return parsed.watches;
}

export function useWatches(account: string | undefined): readonly Watch[] {
  return useSyncExternalStore(subscribe, () => watchesOf(account));
}

/** Adds a watch, or replaces the watch of the same address. */
export function watch(account: string | undefined, added: Watch) {
  const watches = watchesOf(account);
  const isKnown = watches.some(({ to }) => to === added.to);
  if (!isKnown && watches.length >= MAX_WATCHES) return;
  write(account, isKnown ? watches.map((watch) => (watch.to === added.to ? added : watch)) : [...watches, added]);
}

export function unwatch(account: string | undefined, to: string) {
  write(account, watchesOf(account).filter((watch) => watch.to !== to));
}

/** Marks all changes as seen, for example after a restored backup has replaced the log. */
export function markAllSeen(account: string | undefined, seen: string | null) {
  write(account, watchesOf(account).map((watch) => ({ ...watch, seen })));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  // Other tabs also change the list.
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

function write(account: string | undefined, watches: readonly Watch[]) {
  try {
    localStorage.setItem(PREFIX + (account ?? ''), JSON.stringify(watches));
  } catch {
    // Without storage no page can be watched.
  }
  for (const listener of listeners) listener();
}

function readText(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function parse(text: string | null): readonly Watch[] {
  try {
    const watches: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(watches) ? watches.filter(isWatch) : NONE;
  } catch {
    return NONE;
  }
}

function isWatch(value: unknown): value is Watch {
  const { to, title, filter, seen } = (value ?? {}) as Record<string, unknown>;
  const isText = (part: unknown) => typeof part === 'string';
  return isText(to) && isText(title) && typeof filter === 'object' && filter !== null && (isText(seen) || seen === null);
}
