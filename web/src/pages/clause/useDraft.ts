import { useEffect, useState } from 'react';
import { isSignedOut } from '../../api/auth';
import type { ClauseAssessmentFragment } from '../../api/types.gen';
import { today } from '../../format/days';
import type { Clause } from './Clause';
import { draftBaseOf, useConcurrentChanges } from './concurrentChanges';
import { deleteDraft, hasContent, storeDraft, storedDraft } from './drafts';
import { type Draft, newKey } from './update';

/**
 * The draft of a status, and the changes of the clause since it was started. The draft is stored, and restored when the form
 * is opened again. `heldBy` is the id of the holder of a new draft.
 */
export function useDraft(clause: Clause, heldBy: string | undefined) {
  const [restored] = useState(() => storedDraft(clause.id));
  const [draft, setDraft] = useState<Draft>(() => restored?.draft ?? emptyDraft(heldBy));
  const [key, setKey] = useState(() => restored?.key ?? newKey());
  const concurrent = useConcurrentChanges(clause, restored?.base ?? draftBaseOf(clause));
  const { base } = concurrent;
  useEffect(() => {
    if (!hasContent(draft)) return deleteDraft(clause.id);
    storeDraft(clause.id, { draft, key, base });
    const confirmLeaving = (event: BeforeUnloadEvent) => {
      if (!isSignedOut()) event.preventDefault();
    };
    window.addEventListener('beforeunload', confirmLeaving);
    return () => window.removeEventListener('beforeunload', confirmLeaving);
  }, [clause.id, draft, key, base]);

  /** Replaces the idempotency key, so that the next attempt is another mutation. Returns the new key. */
  function renewKey(): string {
    const renewed = newKey();
    setKey(renewed);
    return renewed;
  }

  function change(part: Partial<Draft>) {
    renewKey();
    setDraft((before) => ({ ...before, ...part }));
  }

  return { draft, key, concurrent, isRestored: restored !== undefined, change, renewKey };
}

export type DraftState = ReturnType<typeof useDraft>;

const emptyDraft = (heldBy = ''): Draft => ({
  status: undefined,
  breachedBy: [],
  effectiveOn: today(),
  note: '',
  momentum: 'STEADY',
  confidence: undefined,
  heldBy,
  event: '',
  evidence: [],
  isWithoutEvidence: false,
});

/** The content of an assessment as a draft. */
export const draftFrom = (assessment: ClauseAssessmentFragment): Draft => ({
  status: assessment.status,
  breachedBy: assessment.breachedBy.map(({ id }) => id),
  effectiveOn: assessment.effectiveOn,
  note: assessment.note,
  momentum: assessment.momentum,
  confidence: assessment.confidence,
  heldBy: assessment.heldBy?.id ?? '',
  event: assessment.event?.id ?? '',
  evidence: assessment.citations.map(({ source, ...place }) => ({ key: source.id, existing: source, place })),
  isWithoutEvidence: assessment.citations.length === 0,
});
