import { useState } from 'react';
import { useDraftState, useDraftStorage } from '../form/useDraft';
import { texts } from '../texts';
import { draftBaseOf, useConcurrentChanges } from './concurrentChanges';
import { correctionDraft, hasContent, statusDraft, storedDraft } from './drafts';
import type { Status, StatusAssessment, StatusSubject } from './subject';
import type { Draft } from './update';

interface Start {
  /** The id of the holder of a new draft. */
  heldBy: string | undefined;
  /** The day that the page shows. */
  day: string;
  /** The id of the assessment to correct. */
  corrects: string | undefined;
  /** The assessment to correct. Undefined if it was retracted. */
  corrected: StatusAssessment | undefined;
  /** The status that the user has already chosen. */
  status: Status | undefined;
}

/**
 * The draft of a status, and the changes of its subject since it was started. The draft is stored, and restored when the form
 * is opened again.
 */
export function useDraft(subject: StatusSubject, start: Start) {
  const name = start.corrects === undefined ? statusDraft(subject.id) : correctionDraft(start.corrects);
  const [restored] = useState(() => storedDraft(name));
  const [initial] = useState(() => initialDraft(subject, start));
  const state = useDraftState<Draft>(withStatus(restored, start.status), () => initial);
  const concurrent = useConcurrentChanges(subject, restored?.base ?? draftBaseOf(subject));
  const { draft, key, unanswered } = state;
  const isFilled = hasContent(draft, initial);
  const storage = useDraftStorage(name, { draft, key, unanswered, base: concurrent.base }, isFilled);
  return { ...state, name, concurrent, storage, isFilled, isRestored: restored !== undefined };
}

/** The restored draft, with the status that the user has just chosen. */
const withStatus = <Stored extends { draft: Draft }>(restored: Stored | undefined, status: Status | undefined) =>
  restored && status ? { ...restored, draft: { ...restored.draft, status } } : restored;

export type DraftState = ReturnType<typeof useDraft>;

/** The draft of a new form: a copy of the assessment to correct, or the momentum and confidence of the assessment in force. */
function initialDraft({ inForce }: StatusSubject, { heldBy = '', day, corrected, status }: Start): Draft {
  if (corrected) return { ...draftFrom(corrected), correction: { assessmentId: corrected.id, reason: texts.correct.given } };
  return {
    status,
    breachedBy: [],
    effectiveDate: day,
    note: '',
    momentum: inForce?.momentum ?? 'STEADY',
    confidence: inForce?.confidence,
    heldBy,
    event: '',
    evidence: [],
    isWithoutEvidence: false,
  };
}

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
