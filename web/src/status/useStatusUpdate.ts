import { useState } from 'react';
import type { Problem } from '../components/Form';
import { isConflict } from '../form/problems';
import { useDraftSending } from '../form/useSending';
import { texts } from '../texts';
import { deleteDraft } from './drafts';
import { latestDay } from './latestDay';
import { rememberSources } from './recentSources';
import type { StatusSubject } from './subject';
import { type Draft, inputOf, type Recorded, statusProblems, validate } from './update';
import type { DraftState } from './useDraft';

/** Validates a draft and sends it. */
export function useStatusUpdate(subject: StatusSubject, state: DraftState) {
  const { draft, concurrent, name } = state;
  const { send: sendDraft, isSending, error, isHere } = useDraftSending(subject.kind.update, state);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  /** Whether the server rejected the draft because of a conflict. */
  const [isRejected, setRejected] = useState(false);
  /** What the server had recorded from an earlier version of the draft, whose answer was lost. */
  const [earlier, setEarlier] = useState<Recorded>();

  /** Sends the draft, which is based on this version of the subject. Returns what was recorded, if the user is still here. */
  async function send(version: number, content: Draft = draft): Promise<Recorded | undefined> {
    const invalid = validate(content, subject.firstDay, latestDay());
    setProblems(invalid);
    if (invalid.length > 0) return undefined;
    const sent = await sendDraft(inputOf(content, subject, version));
    if (!sent) return undefined;
    const { answer, isEarlier } = sent;
    if (answer.assessment && answer.subject) {
      const recorded = { assessment: answer.assessment, version: answer.subject.version, at: Date.now() };
      rememberSources(answer.assessment);
      if (isEarlier) {
        setEarlier(recorded);
        return undefined;
      }
      deleteDraft(name);
      return isHere() ? recorded : undefined;
    }
    if (!isConflict(answer.userErrors)) {
      setProblems(statusProblems(answer.userErrors, content));
      return undefined;
    }
    setEarlier(undefined);
    setRejected(true);
    if (!(await concurrent.check())) setProblems([{ message: texts.conflict.unknown }]);
    return undefined;
  }

  /** Accepts the changes of others as the base of the draft. Returns the version of the subject. */
  function acceptChanges(): number {
    setRejected(false);
    return concurrent.accept();
  }

  return { send, acceptChanges, problems, error, isSending, isRejected, earlier };
}
