import { useState } from 'react';
import { useViewer } from '../api/auth';
import { refetchSubmissions } from '../api/submissions';
import type { Problem } from '../components/Form';
import { isConflict } from '../form/problems';
import { type Sending, useDraftSending } from '../form/useSending';
import { texts } from '../texts';
import { deleteDraft } from './drafts';
import { latestDay } from './latestDay';
import { rememberSources } from './recentSources';
import type { Answer, StatusSubject, SubmissionAnswer } from './subject';
import { type Draft, inputOf, type Outcome, type Recorded, statusProblems, validate } from './update';
import type { DraftState } from './useDraft';

/** Validates a draft and sends it. */
export function useStatusUpdate(subject: StatusSubject, state: DraftState) {
  const { draft, concurrent, name } = state;
  const isReviewed = useViewer()?.reviewRequired === true;
  const mutation = (isReviewed ? subject.kind.submit : subject.kind.update) as Sending<object, Answer | SubmissionAnswer>;
  const { send: sendDraft, isSending, error, isHere } = useDraftSending<Answer | SubmissionAnswer>(mutation, state);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  /** Whether the server rejected the draft because of a conflict. */
  const [isRejected, setRejected] = useState(false);
  /** The recording of an earlier version of the draft, whose response was lost. */
  const [earlier, setEarlier] = useState<Recorded>();

  /** Sends the draft, which is based on this version of the subject. Returns the outcome, if the user is still on the page. */
  async function send(version: number, content: Draft = draft): Promise<Outcome | undefined> {
    const invalid = validate(content, subject.firstDay, latestDay());
    setProblems(invalid);
    if (invalid.length > 0) return undefined;
    const sent = await sendDraft(inputOf(content, subject, version));
    if (!sent) return undefined;
    const { answer, isEarlier } = sent;
    if ('submission' in answer) {
      if (answer.submission) {
        refetchSubmissions();
        if (isEarlier) {
          setProblems([{ message: texts.review.earlier }]);
          return undefined;
        }
        deleteDraft(name);
        return isHere() ? { submissionId: answer.submission.id } : undefined;
      }
    } else if (answer.assessment && answer.subject) {
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

  return { send, acceptChanges, problems, error, isSending, isRejected, earlier, isReviewed };
}
