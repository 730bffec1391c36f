import { isSignedOut } from '../../api/auth';
import type { Base } from './meanwhile';
import type { Draft } from './update';

/** A status that was begun and not recorded: it outlasts the form and the page, not the tab. */
export interface Kept {
  draft: Draft;
  /** Under which it was sent, if it was: sent again, it is recorded once. */
  key: string;
  /** What it was decided on. */
  base: Base;
}

const PREFIX = 'clausewatch-draft-';

/** Whether there is anything in it that somebody would miss. */
export const isBegun = ({ status, note, evidence }: Draft) => Boolean(status || note.trim() || evidence.length);

export function keep(clauseId: string, kept: Kept) {
  if (isSignedOut()) return;
  try {
    sessionStorage.setItem(PREFIX + clauseId, JSON.stringify(kept));
  } catch {
    // Where nothing can be kept, the browser asks before the page is left.
  }
}

export function kept(clauseId: string): Kept | undefined {
  try {
    const text = sessionStorage.getItem(PREFIX + clauseId);
    return text === null ? undefined : (JSON.parse(text) as Kept);
  } catch {
    return undefined;
  }
}

export function forget(clauseId: string) {
  try {
    sessionStorage.removeItem(PREFIX + clauseId);
  } catch {
    // There is nothing, then.
  }
}
