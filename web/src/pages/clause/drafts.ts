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

/** The reason for a retraction that is not recorded yet. */
export interface StoredReason {
  reason: string;
  /** The idempotency key of the retraction. */
  key: string;
}

/** The number changes with the format of `StoredDraft`, so that drafts of an earlier version of the app are ignored. */
const STATUS = 'clausewatch-draft-3-';
const REASON = 'clausewatch-reason-';

/** Whether the draft has input that the user would miss. */
export const hasContent = ({ status, note, evidence }: Draft) => Boolean(status || note.trim() || evidence.length);

export const storeDraft = (clauseId: string, stored: StoredDraft) => write(STATUS + clauseId, stored);
export const storedDraft = (clauseId: string) => read<StoredDraft>(STATUS + clauseId);
export const deleteDraft = (clauseId: string) => remove(STATUS + clauseId);

export const storeReason = (assessmentId: string, stored: StoredReason) => write(REASON + assessmentId, stored);
export const storedReason = (assessmentId: string) => read<StoredReason>(REASON + assessmentId);
export const deleteReason = (assessmentId: string) => remove(REASON + assessmentId);

function write(name: string, value: StoredDraft | StoredReason) {
  if (isSignedOut()) return;
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Without storage, the browser still asks before the user leaves the page.
  }
}

function read<Value>(name: string): Value | undefined {
  try {
    const text = sessionStorage.getItem(name);
    return text === null ? undefined : (JSON.parse(text) as Value);
  } catch {
    return undefined;
  }
}

function remove(name: string) {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // Without storage there is no draft.
  }
}
