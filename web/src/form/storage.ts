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

/** Stores a draft under a name, which changes with the format of the draft. Returns false if the browser's storage is full or unavailable. */
export function storeDraft<Value>(name: string, value: Value): boolean {
  // The page is about to reload.
  if (isSignedOut()) return true;
  return writeDraft(name, draftText(value));
}

/** The text that `storeDraft` stores. */
export function draftText<Value>(value: Value): string {
  const stored: Stored<Value> = { by: viewerName(), value };
  return JSON.stringify(stored);
}

/** The draft of the current user with this name. */
export const storedDraft = <Value>(name: string): Value | undefined => draftIn<Value>(readDraft(name))?.value;

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
export const draftNames = (): string[] => names() ?? [];

/** Deletes the draft with this name, unless it is a draft of another user. */
export function deleteDraft(name: string) {
  if (draftIn(readDraft(name))) removeDraft(name);
}

/** Calls `listener` when another tab stores a draft of the current user under this name. Returns a function that stops these calls. */
export function onDraftElsewhere(name: string, listener: () => void): () => void {
  const onStorage = ({ key, newValue }: StorageEvent) => {
    if (key === draftKey(name) && draftIn(newValue) !== undefined) listener();
  };
  window.addEventListener('storage', onStorage);
  return () => window.removeEventListener('storage', onStorage);
}
