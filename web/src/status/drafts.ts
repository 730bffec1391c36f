import { deleteDraft as deleteStored, storeDraft, type StoredDraft, storedDraft as readStored } from '../form/storage';
import type { DraftBase } from './concurrentChanges';
import type { Draft } from './update';

/** The reason for a retraction that is not recorded yet. */
export interface StoredReason {
  reason: string;
  /** The idempotency key of the retraction. */
  key: string;
}

/** The name of the draft of a status. The number changes with the format of the draft, so that drafts of an earlier version are ignored. */
export const statusDraft = (subjectId: string) => `status-4-${subjectId}`;
/** The name of the draft that corrects an assessment. */
export const correctionDraft = (assessmentId: string) => `correction-1-${assessmentId}`;
export const reasonDraft = (assessmentId: string) => `reason-${assessmentId}`;

/** Whether the draft has input that the user would miss. `initial` is the draft with which the form opened. */
export const hasContent = (draft: Draft, initial: Draft) =>
  draft.correction ? JSON.stringify(draft) !== JSON.stringify(initial) : Boolean(draft.status || draft.note.trim() || draft.evidence.length);

export const storedDraft = (name: string) => readStored<StoredDraft<Draft, DraftBase>>(name);
export const deleteDraft = deleteStored;

/** Returns false if the browser's storage is full or unavailable. */
export const storeReason = (assessmentId: string, stored: StoredReason): boolean => storeDraft(reasonDraft(assessmentId), stored);
export const storedReason = (assessmentId: string) => readStored<StoredReason>(reasonDraft(assessmentId));
export const deleteReason = (assessmentId: string) => deleteStored(reasonDraft(assessmentId));
