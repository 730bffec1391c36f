import { useLayoutEffect, useSyncExternalStore } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { viewOf, withView } from './view';

// All keys in one place. Pages say what theirs do by `useShortcut`; the dialog behind `?` lists them.

/** Two keys, one after the other, lead to a page. */
const PAGES = {
  'g o': '/',
  'g p': '/proposals',
  'g t': '/timeline',
  'g d': '/compare',
  'g c': '/changes',
  'g s': '/search',
} as const;

export type PageShortcut = keyof typeof PAGES;
export type ActionKey = 'u';
export const PAGE_SHORTCUTS = Object.keys(PAGES) as PageShortcut[];
export const ACTION_KEYS: readonly ActionKey[] = ['u'];

/** How long the second key may take. */
const SEQUENCE_TIMEOUT_MS = 1_500;
/** The words to search, in the header or on the search page. */
const SEARCH_INPUT = 'input[type=search][name=q]';
const STORAGE_KEY = 'clausewatch-shortcuts';
/** Where keys have a meaning of their own: what is typed into, chosen from, or answered first. */
const KEYBOARD_WIDGETS = [
  'input:not([type=radio], [type=checkbox])',
  'textarea',
  'select',
  '[contenteditable]:not([contenteditable=false])',
  'dialog',
  ...['textbox', 'searchbox', 'combobox', 'listbox', 'menu', 'menubar', 'tree', 'grid', 'dialog', 'alertdialog'].map(
    (role) => `[role=${role}]`,
  ),
].join(', ');

const handlers = new Map<ActionKey, () => void>();
const listeners = new Set<() => void>();
let openHelp: () => void = () => {};
let previousPress: { key: string; at: number } | undefined;

/** What a key does while a page is shown; nothing where undefined. */
export function useShortcut(key: ActionKey, handler: (() => void) | undefined) {
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
export function useActionKeys(): string {
  return useSyncExternalStore(subscribe, () => [...handlers.keys()].join(' '));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Single keys can disturb those who speak to their computer, who can therefore turn them off. */
export function areEnabled(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setEnabled(isEnabled: boolean) {
  try {
    localStorage.setItem(STORAGE_KEY, isEnabled ? 'on' : 'off');
  } catch {
    // Where nothing can be kept, they are on.
  }
}

interface Press {
  key: string;
  at: number;
}

/** What keys mean: a place to go to, a key of the page, `?`, `/`, or the first half of something. */
export function commandOf({ key, at }: Press, previous: Press | undefined): PageShortcut | ActionKey | '?' | '/' | 'g' | undefined {
  if (previous && at - previous.at < SEQUENCE_TIMEOUT_MS) {
    const sequence = `${previous.key} ${key}`;
    if (sequence in PAGES) return sequence as PageShortcut;
  }
  if (key === '?' || key === '/' || key === 'g') return key;
  return ACTION_KEYS.find((actionKey) => actionKey === key);
}

function onKey(event: KeyboardEvent) {
  const { target, key } = event;
  // Widgets send keys on to their lists as events of their own, which nobody pressed.
  if (!event.isTrusted || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target instanceof Element && target.closest(KEYBOARD_WIDGETS)) return;
  if (!areEnabled()) return;
  const press = { key, at: event.timeStamp };
  const command = commandOf(press, previousPress);
  previousPress = undefined;
  switch (command) {
    case undefined:
      return;
    case 'g':
      previousPress = press;
      return;
    case '?':
      openHelp();
      break;
    case '/':
      document.querySelector<HTMLInputElement>(SEARCH_INPUT)?.focus();
      break;
    case 'u':
      handlers.get(command)?.();
      break;
    default:
      navigate(withView(PAGES[command], viewOf(window.location.search)));
  }
  event.preventDefault();
}

/** Begins to listen. Returns what ends it. */
export function listenToShortcuts(onHelp: () => void): () => void {
  openHelp = onHelp;
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
