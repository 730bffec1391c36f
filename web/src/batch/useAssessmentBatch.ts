import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import type { AssessmentItemInput, ItemResultFragment } from '../api/types.gen';
import { pollNow } from '../api/live';
import { newKey } from '../form/key';
import { useSending } from '../form/useSending';
import { texts } from '../texts';
import { RecordAssessmentsDocument, RetractAssessmentsDocument } from './Batch.gen';
import type { Done } from './BatchNotice';
import { countEffects, errorsByItem } from './records';

/** A batch that the server has checked. */
export interface CheckedBatch {
  items: readonly AssessmentItemInput[];
  results: readonly ItemResultFragment[];
  faults: ReturnType<typeof errorsByItem>;
}

/** Checks assessments, shows what they change, and records them together. */
export function useAssessmentBatch(onDone: (done: Done) => void) {
  const { send, error, isSending } = useSending(RecordAssessmentsDocument);
  const [, retract] = useMutation(RetractAssessmentsDocument);
  const [checked, setChecked] = useState<CheckedBatch>();
  const key = useRef(newKey());

  /** Asks the server what the items would change. */
  async function check(items: readonly AssessmentItemInput[]) {
    const answer = await send({ items: [...items], dryRun: true });
    if (!answer) return;
    key.current = newKey();
    setChecked({ items, results: answer.items, faults: errorsByItem(answer.userErrors) });
  }

  /** Records the checked items. The server rejects them if a record has changed since. */
  async function record() {
    if (!checked) return;
    const versions = checked.results.map(({ subject }) => subject?.version);
    const items = checked.items.map((item, index) => ({ ...item, expectedVersion: versions[index] }));
    const answer = await send({ items, idempotencyKey: key.current });
    if (!answer) return;
    key.current = newKey();
    if (answer.userErrors.length > 0) {
      return setChecked({ ...checked, results: answer.items, faults: errorsByItem(answer.userErrors) });
    }
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

  return { checked, check, record, error, isSending, back: () => setChecked(undefined) };
}
