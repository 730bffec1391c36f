import { isSignedOut, viewerName } from '../api/auth';
import { draftKey, draftNames as names, readDraft, removeDraft, writeDraft } from '../browser/drafts';

/** A form that was not sent yet. */
export interface StoredDraft<Draft, Base> {
  draft: Draft;
  /** The idempotency key of the draft, so that sending it again after a lost response records it only once. */
  key: string;
  /** The inputs that were sent with this key, and whose responses were lost. */
  unanswered: readonly object[];
  /** The state of the record that the draft is based on. */
  base: Base;
}

/** The author is stored, too: another user of the same browser must not send the draft. */
interface Stored<Value> {
  by: string | null | undefined;
  value: Value;
}

/** Stores a draft under a name. Callers use another name when the format of the draft changes, so older drafts are not read. Returns false if the browser's storage is full or unavailable. */
export function storeDraft<Value>(name: string, value: Value): boolean {
  // The user has signed out, and the page is about to reload. Nothing may be stored any more.
  if (isSignedOut()) return true;
  return writeDraft(ownName(name), draftText(value));
}

/** The text that `storeDraft` stores. */
export function draftText<Value>(value: Value): string {
  const stored: Stored<Value> = { by: viewerName(), value };
  return JSON.stringify(stored);
}

/** The stored text of the current user's draft with this name. */
export const storedText = (name: string) => readDraft(ownName(name));

/** The draft of the current user with this name. */
export const storedDraft = <Value>(name: string): Value | undefined => draftIn<Value>(storedText(name))?.value;

/** The name under which the current user's draft is stored. If a draft of another user has the name `name`, the current user's name is appended. */
function ownName(name: string): string {
  const own = name + suffix();
  const text = readDraft(name);
  const isFree = text === null || text === undefined || draftIn(text) !== undefined;
  return isFree && typeof readDraft(own) !== 'string' ? name : own;
}

const suffix = () => `@${viewerName() ?? ''}`;

/** The draft in a stored text. Undefined if it is a draft of another user. */
function draftIn<Value>(text: string | null | undefined): Stored<Value> | undefined {
  try {
    const stored = JSON.parse(text ?? 'null') as Stored<Value> | null;
    return stored && stored.by === viewerName() ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** The names of all stored drafts, including the drafts of other users. */
export function draftNames(): string[] {
  const all = (names() ?? []).map((name) => (name.endsWith(suffix()) ? name.slice(0, -suffix().length) : name));
  return [...new Set(all)];
}

/** Deletes the current user's draft with this name. */
export function deleteDraft(name: string) {
  const own = ownName(name);
  if (draftIn(readDraft(own))) removeDraft(own);
}

/** Calls `listener` when another tab stores a draft of the current user under this name. Returns a function that stops these calls. */
export function onDraftElsewhere(name: string, listener: () => void): () => void {
  const onStorage = ({ key, newValue }: StorageEvent) => {
    if (key === draftKey(ownName(name)) && draftIn(newValue) !== undefined) listener();
  };
  window.addEventListener('storage', onStorage);
  return () => window.removeEventListener('storage', onStorage);
}
