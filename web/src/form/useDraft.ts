import { useEffect, useState } from 'react';
import { isSignedOut } from '../api/auth';
import { newKey } from './key';
import { deleteDraft, storeDraft, type StoredDraft } from './storage';

/** The content of a form, and its idempotency key. A change of the content is another mutation, so it changes the key. */
export function useDraftState<Draft extends object>(restored: { draft: Draft; key: string } | undefined, initial: () => Draft) {
  const [draft, setDraft] = useState<Draft>(() => restored?.draft ?? initial());
  const [key, setKey] = useState(() => restored?.key ?? newKey());

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

  return { draft, key, change, renewKey };
}

/** Stores a draft while it has input that the user would miss, and asks before the user leaves the page. */
export function useDraftStorage<Draft, Base>(name: string, { draft, key, base }: StoredDraft<Draft, Base>, hasContent: boolean) {
  useEffect(() => {
    if (!hasContent) return deleteDraft(name);
    storeDraft<StoredDraft<Draft, Base>>(name, { draft, key, base });
    const confirmLeaving = (event: BeforeUnloadEvent) => {
      if (!isSignedOut()) event.preventDefault();
    };
    window.addEventListener('beforeunload', confirmLeaving);
    return () => window.removeEventListener('beforeunload', confirmLeaving);
  }, [name, draft, key, base, hasContent]);
}
