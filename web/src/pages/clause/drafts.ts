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

/** Why an assessment is retracted, begun and not sent, or sent without an answer: kept as long. */
export interface KeptReason {
  reason: string;
  /** Under which it was sent, if it was. */
  key: string;
}

const STATUS = 'clausewatch-draft-';
const REASON = 'clausewatch-reason-';

/** Whether there is anything in it that somebody would miss. */
export const isBegun = ({ status, note, evidence }: Draft) => Boolean(status || note.trim() || evidence.length);

export const keep = (clauseId: string, kept: Kept) => write(STATUS + clauseId, kept);
export const kept = (clauseId: string) => read<Kept>(STATUS + clauseId);
export const forget = (clauseId: string) => remove(STATUS + clauseId);

export const keepReason = (assessmentId: string, kept: KeptReason) => write(REASON + assessmentId, kept);
export const keptReason = (assessmentId: string) => read<KeptReason>(REASON + assessmentId);
export const forgetReason = (assessmentId: string) => remove(REASON + assessmentId);

function write(name: string, value: Kept | KeptReason) {
  if (isSignedOut()) return;
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Where nothing can be kept, the browser asks before the page is left.
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
    // There is nothing, then.
  }
}
