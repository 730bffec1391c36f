import { isSignedOut } from '../../api/auth';
import type { DraftBase } from './concurrentChanges';
import type { Draft } from './update';

/** A status that is not recorded yet. It is stored until the tab is closed. */
export interface StoredDraft {
  draft: Draft;
  /** The idempotency key of the draft, so that sending it again after a lost answer records it once. */
  key: string;
  base: DraftBase;
}

/** The number changes with the format of `StoredDraft`, so that drafts of an earlier version of the app are ignored. */
const PREFIX = 'clausewatch-draft-2-';

/** Whether the draft has input that the user would miss. */
export const hasContent = ({ status, note, evidence }: Draft) => Boolean(status || note.trim() || evidence.length);

export function storeDraft(clauseId: string, stored: StoredDraft) {
  if (isSignedOut()) return;
  try {
    sessionStorage.setItem(PREFIX + clauseId, JSON.stringify(stored));
  } catch {
    // Without storage, the browser still asks before the user leaves the page.
  }
}

export function storedDraft(clauseId: string): StoredDraft | undefined {
  try {
    const text = sessionStorage.getItem(PREFIX + clauseId);
    return text === null ? undefined : (JSON.parse(text) as StoredDraft);
  } catch {
    return undefined;
  }
}

export function deleteDraft(clauseId: string) {
  try {
    sessionStorage.removeItem(PREFIX + clauseId);
  } catch {
    // Without storage there is no draft.
  }
}
