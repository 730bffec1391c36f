import { useState } from 'react';
import type { Problem } from '../components/Form';
import { isConflict } from '../form/problems';
import { useSending } from '../form/useSending';
import { texts } from '../texts';
import { deleteDraft } from './drafts';
import { latestDay } from './latestDay';
import type { StatusSubject } from './subject';
import { inputOf, type Recorded, statusProblems, validate } from './update';
import type { DraftState } from './useDraft';

/** Validates a draft and sends it. */
export function useStatusUpdate(subject: StatusSubject, { draft, concurrent, renewKey }: DraftState, onRecorded: (recorded: Recorded) => void) {
  const { send: sendInput, isSending, error, isHere } = useSending(subject.kind.update);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  /** Whether the server rejected the draft because of a conflict. */
  const [isRejected, setRejected] = useState(false);

  /** Sends the draft, which is based on this version of the subject. */
  async function send(version: number, key: string) {
    const invalid = validate(draft, subject.firstDay, latestDay());
    setProblems(invalid);
    if (invalid.length > 0) return;
    const answer = await sendInput(inputOf(draft, subject, version, key));
    if (!answer) return;
    if (answer.assessment && answer.subject) {
      deleteDraft(subject.id);
      // The user may have left the page.
      if (!isHere()) return;
      return onRecorded({ assessment: answer.assessment, version: answer.subject.version });
    }
    renewKey();
    if (!isConflict(answer.userErrors)) return setProblems(statusProblems(answer.userErrors, draft));
    setRejected(true);
    if (!(await concurrent.check())) setProblems([{ message: texts.conflict.unknown }]);
  }

  /** Accepts the changes of others as the base of the draft. Returns the version of the subject. */
  function acceptChanges(): number {
    setRejected(false);
    return concurrent.accept();
  }

  return { send, acceptChanges, problems, error, isSending, isRejected };
}
