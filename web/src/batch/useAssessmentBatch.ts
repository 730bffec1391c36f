import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import type { AssessmentItemInput, ItemResultFragment } from '../api/types.gen';
import { useViewer } from '../api/auth';
import { pollNow } from '../api/live';
import { refetchSubmissions } from '../api/submissions';
import { newKey } from '../form/key';
import { useSending } from '../form/useSending';
import { texts } from '../texts';
import { RecordAssessmentsDocument, RetractAssessmentsDocument, SubmitAssessmentsDocument, WithdrawSubmittedDocument } from './Batch.gen';
import type { Done } from './BatchNotice';
import { countEffects, errorsByItem } from './records';

/** A batch that the server has checked. */
export interface CheckedBatch {
  items: readonly AssessmentItemInput[];
  results: readonly ItemResultFragment[];
  faults: ReturnType<typeof errorsByItem>;
}

/** Checks assessments, shows their changes, and records them together. */
export function useAssessmentBatch(onDone: (done: Done) => void) {
  const recording = useSending(RecordAssessmentsDocument);
  const submitting = useSending(SubmitAssessmentsDocument);
  const isReviewed = useViewer()?.reviewRequired === true;
  const [, retract] = useMutation(RetractAssessmentsDocument);
  const [, withdraw] = useMutation(WithdrawSubmittedDocument);
  const [checked, setChecked] = useState<CheckedBatch>();
  const key = useRef(newKey());

  /** Requests the changes that the items would make. */
  async function check(items: readonly AssessmentItemInput[]) {
    const answer = await recording.send({ items: [...items], dryRun: true });
    if (!answer) return;
    key.current = newKey();
    setChecked({ items, results: answer.items, faults: errorsByItem(answer.userErrors) });
  }

  /** Records the checked items, or submits them for review. The server rejects them if a record has changed since the check. */
  async function record() {
    if (!checked) return;
    const versions = checked.results.map(({ subject }) => subject?.version);
    const items = checked.items.map((item, index) => ({ ...item, expectedVersion: versions[index] }));
    const input = { items, idempotencyKey: key.current };
    const submitted = isReviewed ? await submitting.send(input) : undefined;
    const answer = isReviewed ? submitted : await recording.send(input);
    if (!answer) return;
    key.current = newKey();
    if (answer.userErrors.length > 0) {
      return setChecked({ ...checked, results: answer.items, faults: errorsByItem(answer.userErrors) });
    }
    if (submitted) return onSubmitted(submitted.submissions.map(({ id }) => id));
    const assessmentIds = answer.items.flatMap(({ assessment }) => assessment?.id ?? []);
    const undoKey = newKey();
    onDone({
      key: undoKey,
      text: texts.batch.recorded(countEffects(answer.items).added),
      async undo() {
        const input = { assessmentIds, reason: texts.batch.undoReason, idempotencyKey: undoKey };
        const { data } = await retract({ input });
        pollNow();
        return data?.answer?.userErrors.map(({ message }) => message);
      },
    });
  }

  function onSubmitted(ids: readonly string[]) {
    refetchSubmissions();
    onDone({
      key: newKey(),
      text: texts.review.batchDone(ids.length),
      async undo() {
        const problems: string[] = [];
        for (const submissionId of ids) {
          const { data } = await withdraw({ input: { submissionId, reason: texts.review.batchUndo } });
          if (!data?.answer) return undefined;
          problems.push(...data.answer.userErrors.map(({ message }) => message));
        }
        refetchSubmissions();
        return [...new Set(problems)];
      },
    });
  }

  const error = recording.error ?? submitting.error;
  const isSending = recording.isSending || submitting.isSending;
  return { checked, check, record, error, isSending, isReviewed, back: () => setChecked(undefined) };
}
