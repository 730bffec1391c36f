import { useLayoutEffect, useSyncExternalStore } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { onHost } from '../browser/base';
import { viewOf, withView } from './view';

// All keys in one place. Pages say what theirs do by `useShortcut`; the dialog behind `?` lists them.

/** Two keys, one after the other, lead to a page. */
const PLACES = {
  'g o': '/',
  'g p': '/proposals',
  'g t': '/timeline',
  'g d': '/compare',
  'g c': '/changes',
  'g s': '/search',
} as const;

export type Place = keyof typeof PLACES;
export type PageKey = 'u';
export const PLACE_KEYS = Object.keys(PLACES) as Place[];
export const PAGE_KEYS: readonly PageKey[] = ['u'];

/** How long the second key may take. */
const PATIENCE_MS = 1_500;
/** The words to search, in the header or on the search page. */
const SEARCH = 'input[type=search][name=q]';
const SETTING = 'clausewatch-shortcuts';
/** Where keys have a meaning of their own: what is typed into, chosen from, or answered first. */
const OWN_KEYS = [
  'input:not([type=radio], [type=checkbox])',
  'textarea',
  'select',
  '[contenteditable]:not([contenteditable=false])',
  'dialog',
  ...['textbox', 'searchbox', 'combobox', 'listbox', 'menu', 'menubar', 'tree', 'grid', 'dialog', 'alertdialog'].map(
    (role) => `[role=${role}]`,
  ),
].join(', ');

const handlers = new Map<PageKey, () => void>();
const listeners = new Set<() => void>();
let openHelp: () => void = () => {};
let first: { key: string; at: number } | undefined;

/** What a key does while a page is shown; nothing where undefined. */
export function useShortcut(key: PageKey, handler: (() => void) | undefined) {
  // As soon as it is seen what the key does.
  useLayoutEffect(() => {
    if (!handler) return;
    handlers.set(key, handler);
    for (const listener of listeners) listener();
    return () => {
      if (handlers.get(key) === handler) handlers.delete(key);
      for (const listener of listeners) listener();
    };
  }, [key, handler]);
}

/** Which keys of `PAGE_KEYS` do something on this page. */
export function usePageKeys(): string {
  return useSyncExternalStore(subscribe, () => [...handlers.keys()].join(' '));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Single keys can disturb those who speak to their computer, who can therefore turn them off. */
export function areOn(): boolean {
  try {
    return localStorage.getItem(SETTING) !== 'off';
  } catch {
    return true;
  }
}

export function turn(on: boolean) {
  try {
    localStorage.setItem(SETTING, on ? 'on' : 'off');
  } catch {
    // Where nothing can be kept, they are on.
  }
}

interface Press {
  key: string;
  at: number;
}

/** What keys mean: a place to go to, a key of the page, `?`, `/`, or the first half of something. */
export function meaningOf({ key, at }: Press, before: Press | undefined): Place | PageKey | '?' | '/' | 'g' | undefined {
  if (before && at - before.at < PATIENCE_MS) {
    const both = `${before.key} ${key}`;
    if (both in PLACES) return both as Place;
  }
  if (key === '?' || key === '/' || key === 'g') return key;
  return PAGE_KEYS.find((it) => it === key);
}

function onKey(event: KeyboardEvent) {
  const { target, key } = event;
  // Widgets send keys on to their lists as events of their own, which nobody pressed.
  if (!event.isTrusted || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target instanceof Element && target.closest(OWN_KEYS)) return;
  if (!areOn()) return;
  const press = { key, at: event.timeStamp };
  const meaning = meaningOf(press, first);
  first = undefined;
  switch (meaning) {
    case undefined:
      return;
    case 'g':
      first = press;
      return;
    case '?':
      openHelp();
      break;
    case '/':
      document.querySelector<HTMLInputElement>(SEARCH)?.focus();
      break;
    case 'u':
      handlers.get(meaning)?.();
      break;
    default:
      navigate(onHost(withView(PLACES[meaning], viewOf(window.location.search))));
  }
  event.preventDefault();
}

/** Begins to listen. Returns what ends it. */
export function listen(onHelp: () => void): () => void {
  openHelp = onHelp;
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
