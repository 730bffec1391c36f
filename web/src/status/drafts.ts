import { deleteDraft as deleteStored, storeDraft, type StoredDraft, storedDraft as readStored } from '../form/storage';
import type { DraftBase } from './concurrentChanges';
import type { Draft } from './update';

/** The reason for a retraction that is not recorded yet. */
export interface StoredReason {
  reason: string;
  /** The idempotency key of the retraction. */
  key: string;
}

/** The number changes with the format of the draft, so that drafts of an earlier version of the app are ignored. */
export const statusDraft = (clauseId: string) => `status-4-${clauseId}`;
const reasonDraft = (assessmentId: string) => `reason-${assessmentId}`;

/** Whether the draft has input that the user would miss. */
export const hasContent = ({ status, note, evidence }: Draft) => Boolean(status || note.trim() || evidence.length);

export const storedDraft = (clauseId: string) => readStored<StoredDraft<Draft, DraftBase>>(statusDraft(clauseId));
export const deleteDraft = (clauseId: string) => deleteStored(statusDraft(clauseId));

export const storeReason = (assessmentId: string, stored: StoredReason) => storeDraft(reasonDraft(assessmentId), stored);
export const storedReason = (assessmentId: string) => readStored<StoredReason>(reasonDraft(assessmentId));
export const deleteReason = (assessmentId: string) => deleteStored(reasonDraft(assessmentId));
