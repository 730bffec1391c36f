import { useState } from 'react';
import type { Problem } from '../../components/Form';
import { isConflict } from '../../form/problems';
import { useSending } from '../../form/useSending';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import { UpdateClauseStatusDocument } from './Clause.gen';
import { deleteDraft } from './drafts';
import { latestDay } from './latestDay';
import { inputOf, type Recorded, statusProblems, validate } from './update';
import type { DraftState } from './useDraft';

/** Validates a draft and sends it. */
export function useStatusUpdate(clause: Clause, { draft, concurrent, renewKey }: DraftState, onRecorded: (recorded: Recorded) => void) {
  const { send: sendInput, isSending, error, isHere } = useSending(UpdateClauseStatusDocument);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  /** Whether the server rejected the draft because of a conflict. */
  const [isRejected, setRejected] = useState(false);

  /** Sends the draft, which is based on this version of the clause. */
  async function send(version: number, key: string) {
    const invalid = validate(draft, clause.agreement.agreedOn, latestDay());
    setProblems(invalid);
    if (invalid.length > 0) return;
    const answer = await sendInput(inputOf(draft, clause.id, version, key));
    if (!answer) return;
    if (answer.assessment && answer.clause) {
      deleteDraft(clause.id);
      // The user may have left the page.
      if (!isHere()) return;
      return onRecorded({ assessment: answer.assessment, version: answer.clause.version });
    }
    renewKey();
    if (!isConflict(answer.userErrors)) return setProblems(statusProblems(answer.userErrors, draft));
    setRejected(true);
    if (!(await concurrent.check())) setProblems([{ message: texts.conflict.unknown }]);
  }

  /** Accepts the changes of others as the base of the draft. Returns the version of the clause. */
  function acceptChanges(): number {
    setRejected(false);
    return concurrent.accept();
  }

  return { send, acceptChanges, problems, error, isSending, isRejected };
}
