import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { onHost } from '../browser/base';
import { texts } from '../texts';
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
  'g r': '/review',
  'g s': '/search',
} as const;

export type PageShortcut = keyof typeof PAGES;
/** Keys whose meaning is the same on every page that has them. */
export type ActionKey = 'u' | 'k' | 'c' | 'e' | 'n' | 'z' | 'x' | 'p' | 'd' | ',' | '.' | 't';
export const PAGE_SHORTCUTS = Object.keys(PAGES) as PageShortcut[];
export const ACTION_KEYS: readonly ActionKey[] = ['u', 'k', 'c', 'e', 'n', 'z', 'x', 'p', 'd', ',', '.', 't'];
/** The keys of a list of choices, in order. */
export const CHOICE_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;
/** Keys that move through a list. */
export const MOVE_KEYS = ['j', 'k'] as const;
export type ChoiceKey = (typeof CHOICE_KEYS)[number];

/** All keys that a page can define, in the order in which the list of shortcuts shows them. */
export const PAGE_KEYS: readonly Shortcut['key'][] = [...new Set([...ACTION_KEYS, ...CHOICE_KEYS, ...MOVE_KEYS])];

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

/** A key of the page, and its function. */
export interface Shortcut {
  key: ActionKey | ChoiceKey | (typeof MOVE_KEYS)[number];
  label: string;
  run: () => void;
}

/** The keys of the components on the page. If two components use the same key, the component mounted later handles it. */
let groups: readonly (readonly Shortcut[])[] = [];
/** The keys of all groups, each with the function that handles it. */
let shortcuts: readonly Shortcut[] = [];
const listeners = new Set<() => void>();
let openHelp: () => void = () => {};
let previousPress: { key: string; at: number } | undefined;

/** Sets the function of a key while the component is mounted. If `handler` is undefined, the key has no function. */
export function useShortcut(key: ActionKey, handler: (() => void) | undefined) {
  useShortcuts(handler ? [{ key, label: texts.shortcuts.page[key], run: handler }] : NONE);
}

const NONE: readonly Shortcut[] = [];

/** Sets the functions of keys while the component is mounted. */
export function useShortcuts(all: readonly Shortcut[]) {
  const latest = useRef(all);
  const keys = all.map(({ key, label }) => `${key} ${label}`).join('\n');
  // Layout effects, so that a key works as soon as its button is visible.
  useLayoutEffect(() => {
    latest.current = all;
  });
  useLayoutEffect(() => {
    const group = latest.current.map(({ key, label }) => ({
      key,
      label,
      run: () => latest.current.find((shortcut) => shortcut.key === key)?.run(),
    }));
    if (group.length === 0) return;
    setGroups([...groups, group]);
    return () => setGroups(groups.filter((other) => other !== group));
  }, [keys]);
}

function setGroups(next: typeof groups) {
  groups = next;
  shortcuts = [...new Map(groups.flat().map((shortcut) => [shortcut.key, shortcut])).values()];
  for (const listener of listeners) listener();
}

/** The keys that have a function on this page. */
export function usePageShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => shortcuts);
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
    // Without storage, shortcuts stay on.
  }
}

interface Press {
  key: string;
  at: number;
}

/** The command of a key: a page, an action of the page, `?`, `/`, or `g` as the first key of a pair. */
export function commandOf({ key, at }: Press, previous: Press | undefined): PageShortcut | Shortcut['key'] | '?' | '/' | 'g' | undefined {
  if (previous && at - previous.at < SEQUENCE_TIMEOUT_MS) {
    const sequence = `${previous.key} ${key}`;
    if (sequence in PAGES) return sequence as PageShortcut;
  }
  if (key === '?' || key === '/' || key === 'g') return key;
  return PAGE_KEYS.find((pageKey) => pageKey === key);
}

function onKey(event: KeyboardEvent) {
  const { target, key } = event;
  // Some widgets dispatch key events to their own lists. Such events have `isTrusted` false.
  if (!event.isTrusted || event.defaultPrevented || event.isComposing) return;
  // A held key acts only once, because some keys record or publish.
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target instanceof Element && target.closest(KEYBOARD_WIDGETS)) return;
  if (!areEnabled()) return;
  const press = { key, at: event.timeStamp };
  const command = commandOf(press, previousPress);
  previousPress = undefined;
  const shortcut = shortcuts.find(({ key }) => key === command);
  if (shortcut) {
    event.preventDefault();
    return shortcut.run();
  }
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
    default:
      // A key that only other pages define does nothing here.
      if (!(command in PAGES)) return;
      navigate(onHost(withView(PAGES[command as PageShortcut], viewOf(window.location.search))));
  }
  event.preventDefault();
}

/** On a narrow screen the header has no search field, but the search page has one. */
function focusSearch() {
  const field = document.querySelector<HTMLInputElement>(SEARCH_INPUT);
  if (field?.checkVisibility()) field.focus();
  else navigate(onHost(withView(PAGES['g s'], viewOf(window.location.search))));
}

/** Starts to handle keys. Returns a function that stops this. */
export function listenToShortcuts(onHelp: () => void): () => void {
  openHelp = onHelp;
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
