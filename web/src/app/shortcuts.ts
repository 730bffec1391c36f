import { useLayoutEffect, useSyncExternalStore } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { onHost } from '../browser/base';
import { viewOf, withView } from './view';

// All keyboard shortcuts. Pages define what their own keys do with `useShortcut`.

/** Pairs of keys that open a page. */
const PAGES = {
  'g o': '/',
  'g a': '/agreements',
  'g p': '/proposals',
  'g t': '/timeline',
  'g d': '/compare',
  'g c': '/changes',
  'g w': '/my-work',
  'g s': '/search',
} as const;

export type PageShortcut = keyof typeof PAGES;
export type ActionKey = 'u' | 'k' | ',' | '.' | 't';
export const PAGE_SHORTCUTS = Object.keys(PAGES) as PageShortcut[];
export const ACTION_KEYS: readonly ActionKey[] = ['u', 'k', ',', '.', 't'];

/** Time limit for the second key of a pair. */
const SEQUENCE_TIMEOUT_MS = 1_500;
/** The search field, in the header or on the search page. */
const SEARCH_INPUT = 'input[type=search][name=q]';
const STORAGE_KEY = 'clausewatch-shortcuts';
/** Elements that handle keys themselves. Shortcuts are off while one of them has the focus. */
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

/** Sets what a key does while the component is mounted. Undefined: nothing. */
export function useShortcut(key: ActionKey, handler: (() => void) | undefined) {
  // A layout effect, so that the key works as soon as its button is visible.
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

/** The keys of `ACTION_KEYS` that do something on this page, separated by spaces. */
export function useActionKeys(): string {
  return useSyncExternalStore(subscribe, () => [...handlers.keys()].join(' '));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Users can turn single-key shortcuts off, because speech input triggers them (WCAG 2.1.4). */
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
    // Without storage they stay on.
  }
}

interface Press {
  key: string;
  at: number;
}

/** The command of a key: a page, an action of the page, `?`, `/`, or `g` as the first key of a pair. */
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
  // Widgets dispatch key events to their lists. They are not trusted.
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
      focusSearch();
      break;
    case 'u':
    case 'k':
    case ',':
    case '.':
    case 't':
      handlers.get(command)?.();
      break;
    default:
      navigate(onHost(withView(PAGES[command], viewOf(window.location.search))));
  }
  event.preventDefault();
}

/** On a narrow screen the header has no search field, but the search page has one. */
function focusSearch() {
  const field = document.querySelector<HTMLInputElement>(SEARCH_INPUT);
  if (field?.checkVisibility()) field.focus();
  else navigate(onHost(withView(PAGES['g s'], viewOf(window.location.search))));
}

/** Starts to listen. Returns a function that stops it. */
export function listenToShortcuts(onHelp: () => void): () => void {
  openHelp = onHelp;
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
