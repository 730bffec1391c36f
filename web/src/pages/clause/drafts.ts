import { isSignedOut } from '../../api/auth';
import type { DraftBase } from './concurrentChanges';
import type { Draft } from './update';

/** A status that was begun and not recorded: it outlasts the form and the page, not the tab. */
export interface StoredDraft {
  draft: Draft;
  /** Under which it was sent, if it was: sent again, it is recorded once. */
  key: string;
  /** What it was decided on. */
  base: DraftBase;
}

/** The number changes with the format of `StoredDraft`, so that drafts of an earlier version of the app are ignored. */
const PREFIX = 'clausewatch-draft-2-';

/** Whether there is anything in it that somebody would miss. */
export const hasContent = ({ status, note, evidence }: Draft) => Boolean(status || note.trim() || evidence.length);

export function storeDraft(clauseId: string, stored: StoredDraft) {
  if (isSignedOut()) return;
  try {
    sessionStorage.setItem(PREFIX + clauseId, JSON.stringify(stored));
  } catch {
    // Where nothing can be kept, the browser asks before the page is left.
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
    // There is nothing, then.
  }
}
