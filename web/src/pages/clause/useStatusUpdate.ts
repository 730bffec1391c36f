import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { pollNow } from '../../api/live';
import type { Problem } from '../../components/Form';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import { UpdateClauseStatusDocument } from './Clause.gen';
import { deleteDraft } from './drafts';
import { latestDay } from './latestDay';
import { inputOf, isConflict, type Recorded, serverProblems, validate } from './update';
import type { DraftState } from './useDraft';

/** Validates a draft and sends it. */
export function useStatusUpdate(clause: Clause, { draft, concurrent, renewKey }: DraftState, onRecorded: (recorded: Recorded) => void) {
  const [{ fetching, error }, update] = useMutation(UpdateClauseStatusDocument);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  /** Whether the server rejected the draft because of a conflict. */
  const [isRejected, setRejected] = useState(false);
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  /** Sends the draft, which is based on this version of the clause. */
  async function send(version: number, key: string) {
    const invalid = validate(draft, clause.agreement.agreedOn, latestDay());
    setProblems(invalid);
    if (invalid.length > 0) return;
    const { data } = await update({ input: inputOf(draft, clause.id, version, key) });
    const answer = data?.updateClauseStatus;
    if (!answer) return;
    pollNow();
    if (answer.assessment && answer.clause) {
      deleteDraft(clause.id);
      // The user may have left the page.
      if (!isMounted.current) return;
      return onRecorded({ assessment: answer.assessment, version: answer.clause.version });
    }
    renewKey();
    if (!isConflict(answer.userErrors)) return setProblems(serverProblems(answer.userErrors, draft));
    setRejected(true);
    if (!(await concurrent.check())) setProblems([{ message: texts.conflict.unknown }]);
  }

  /** Accepts the changes of others as the base of the draft. Returns the version of the clause. */
  function acceptChanges(): number {
    setRejected(false);
    return concurrent.accept();
  }

  return { send, acceptChanges, problems, error, isSending: fetching, isRejected };
}
