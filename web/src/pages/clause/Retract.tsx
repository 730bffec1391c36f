import { type FormEvent, useId, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { pollNow } from '../../api/live';
import { ErrorSummary, Field, FormFailure, type Problem } from '../../components/Form';
import { texts } from '../../texts';
import { RetractClauseAssessmentDocument } from './Clause.gen';
import { newKey } from './update';

interface Props {
  assessmentId: string;
  /** The clause's version that this is decided on. */
  version: number | undefined;
  /** Where it is opened by a button that then goes away. */
  takesFocus?: boolean;
  onDone?: () => void;
}

/** Takes a judgement back. It stays in the history, with who took it back and why. */
export function Retract({ assessmentId, version, takesFocus = false, onDone }: Props) {
  const id = useId();
  const [reason, setReason] = useState('');
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [{ fetching, error }, retract] = useMutation(RetractClauseAssessmentDocument);
  const key = useRef(newKey());

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!reason.trim()) return setProblems([{ field: id, message: texts.retract.reasonMissing }]);
    setProblems([]);
    const input = { assessmentId, expectedVersion: version, idempotencyKey: key.current, reason: reason.trim() };
    const { data } = await retract({ input });
    const answer = data?.retractAssessment;
    if (!answer) return;
    pollNow();
    if (answer.userErrors.length === 0) return onDone?.();
    key.current = newKey();
    setProblems(
      answer.userErrors.map(({ code, path, message }) => ({
        field: path.includes('reason') ? id : undefined,
        message: code === 'CONFLICT' ? texts.retract.conflict : message,
      })),
    );
  }

  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary problems={problems} />
      <Field
        id={id}
        label={texts.retract.reason}
        hint={texts.retract.reasonHint}
        error={problems.find((problem) => problem.field === id)?.message}
      >
        {(control) => (
          <input
            {...control}
            type="text"
            autoFocus={takesFocus}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
              key.current = newKey();
            }}
          />
        )}
      </Field>
      <button type="submit" disabled={fetching}>
        {texts.retract.submit}
      </button>
      <FormFailure error={error} />
    </form>
  );
}
