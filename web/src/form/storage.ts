import { isSignedOut, viewerName } from '../api/auth';
import { draftNames as names, readDraft, removeDraft, writeDraft } from '../browser/drafts';

/** A form that was not sent yet. */
export interface StoredDraft<Draft, Base> {
  draft: Draft;
  /** The idempotency key of the draft, so that sending it again after a lost answer records it once. */
  key: string;
  /** The state of the record that the draft is based on. */
  base: Base;
}

/** The author is stored, too: another user of the same browser must not send the draft. */
interface Stored<Value> {
  by: string | null | undefined;
  value: Value;
}

/** Stores a draft under a name, which changes with the format of the draft. */
export function storeDraft<Value>(name: string, value: Value) {
  if (isSignedOut()) return;
  const stored: Stored<Value> = { by: viewerName(), value };
  writeDraft(name, JSON.stringify(stored));
}

/** The draft of the current user with this name. */
export function storedDraft<Value>(name: string): Value | undefined {
  try {
    const stored = JSON.parse(readDraft(name) ?? 'null') as Stored<Value> | null;
    return stored && stored.by === viewerName() ? stored.value : undefined;
  } catch {
    return undefined;
  }
}

/** The names of all stored drafts, including those of other users. */
export const draftNames = (): string[] => names() ?? [];

export const deleteDraft = removeDraft;
