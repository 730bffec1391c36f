import { useState } from 'react';
import { useDraftState, useDraftStorage } from '../form/useDraft';
import { today } from '../format/days';
import { draftBaseOf, useConcurrentChanges } from './concurrentChanges';
import { hasContent, statusDraft, storedDraft } from './drafts';
import type { StatusAssessment, StatusSubject } from './subject';
import type { Draft } from './update';

/**
 * The draft of a status, and the changes of its subject since it was started. The draft is stored, and restored when the form
 * is opened again. `heldBy` is the id of the holder of a new draft.
 */
export function useDraft(subject: StatusSubject, heldBy: string | undefined) {
  const [restored] = useState(() => storedDraft(subject.id));
  const state = useDraftState<Draft>(restored, () => emptyDraft(heldBy));
  const concurrent = useConcurrentChanges(subject, restored?.base ?? draftBaseOf(subject));
  const { draft, key } = state;
  useDraftStorage(statusDraft(subject.id), { draft, key, base: concurrent.base }, hasContent(draft));
  return { ...state, concurrent, isRestored: restored !== undefined };
}

export type DraftState = ReturnType<typeof useDraft>;

const emptyDraft = (heldBy = ''): Draft => ({
  status: undefined,
  breachedBy: [],
  effectiveDate: today(),
  note: '',
  momentum: 'STEADY',
  confidence: undefined,
  heldBy,
  event: '',
  evidence: [],
  isWithoutEvidence: false,
});

/** The content of an assessment as a draft. */
export const draftFrom = (assessment: StatusAssessment): Draft => ({
  status: assessment.status,
  breachedBy: assessment.breachedBy?.map(({ id }) => id) ?? [],
  effectiveDate: assessment.effectiveDate,
  note: assessment.note,
  momentum: assessment.momentum,
  confidence: assessment.confidence,
  heldBy: assessment.heldBy?.id ?? '',
  event: assessment.event?.id ?? '',
  evidence: assessment.citations.map(({ source, ...place }) => ({ key: source.id, existing: source, place })),
  isWithoutEvidence: assessment.citations.length === 0,
});
