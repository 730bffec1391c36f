import { useEffect, useRef, useState } from 'react';
import { isSignedOut } from '../api/auth';
import { newKey } from './key';
import { deleteDraft, draftText, onDraftElsewhere, storeDraft, type StoredDraft, storedDraft, storedText } from './storage';

type Restored<Draft> = Pick<StoredDraft<Draft, unknown>, 'draft' | 'key' | 'unanswered'>;

/**
 * The content of a form, and its idempotency key. The key stays the same when the content changes, so that the server records
 * the form at most once: an earlier version of the form may have been recorded although its response was lost.
 */
export function useDraftState<Draft extends object>(restored: Restored<Draft> | undefined, initial: () => Draft) {
  const [draft, setDraft] = useState<Draft>(() => restored?.draft ?? initial());
  const [key, setKey] = useState(() => restored?.key ?? newKey());
  const [unanswered, setUnanswered] = useState(restored?.unanswered ?? []);

  /** Creates a new idempotency key, because the server has used this one. */
  function renewKey() {
    setKey(newKey());
    setUnanswered([]);
  }

  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));

  return { draft, key, unanswered, setUnanswered, change, renewKey };
}

export type DraftSendingState = Pick<ReturnType<typeof useDraftState>, 'key' | 'unanswered' | 'setUnanswered' | 'renewKey'>;

/** The reasons why the draft of a form is not stored. */
export interface DraftStorage {
  /** Stores the draft of this tab. Defined if another tab has stored a different draft. */
  keepMine: (() => void) | undefined;
  /** Whether the browser's storage is full or unavailable. The stored draft, if any, then lacks the latest input. */
  isFull: boolean;
}

/**
 * Stores a draft while it has input that the user would miss, and asks before the user leaves the page. It never replaces the
 * draft of another tab before the user decides.
 */
export function useDraftStorage<Draft, Base>(
  name: string,
  { draft, key, unanswered, base }: StoredDraft<Draft, Base>,
  hasContent: boolean,
): DraftStorage {
  /** The text that this tab has most recently read or written. */
  const lastText = useRef<string | null | undefined>(undefined);
  const [isElsewhere, setElsewhere] = useState(false);
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    lastText.current ??= storedText(name);
    return onDraftElsewhere(name, () => setElsewhere(storedText(name) !== lastText.current));
  }, [name]);
  useEffect(() => {
    if (isElsewhere) return;
    const present = storedText(name);
    const isOthers = storedDraft(name) !== undefined && present !== lastText.current;
    if (!hasContent) {
      if (!isOthers) deleteDraft(name);
      return setFull(false);
    }
    const stored: StoredDraft<Draft, Base> = { draft, key, unanswered, base };
    if (isOthers && present !== draftText(stored)) return setElsewhere(true);
    const isStored = storeDraft(name, stored);
    if (isStored) lastText.current = draftText(stored);
    setFull(!isStored);
  }, [name, draft, key, unanswered, base, hasContent, isElsewhere]);
  useEffect(() => {
    if (!hasContent) return;
    const confirmLeaving = (event: BeforeUnloadEvent) => {
      if (!isSignedOut()) event.preventDefault();
    };
    window.addEventListener('beforeunload', confirmLeaving);
    return () => window.removeEventListener('beforeunload', confirmLeaving);
  }, [hasContent]);
  const keepMine = () => {
    lastText.current = storedText(name);
    setElsewhere(false);
  };
  return { keepMine: isElsewhere ? keepMine : undefined, isFull };
}
