import { type FormEvent, useId, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { poke } from '../../api/live';
import { ErrorSummary, Field, FormFailure, type Problem } from '../../components/Form';
import { texts } from '../../texts';
import { RetractClauseAssessmentDocument } from './Clause.gen';
import { forgetReason, keepReason, keptReason } from './drafts';
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
  const [begun] = useState(() => keptReason(assessmentId));
  const [reason, setReason] = useState(begun?.reason ?? '');
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [{ fetching, error }, retract] = useMutation(RetractClauseAssessmentDocument);
  const key = useRef(begun?.key ?? newKey());

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (fetching) return;
    if (!reason.trim()) return setProblems([{ field: id, message: texts.retract.reasonMissing }]);
    setProblems([]);
    const input = { assessmentId, expectedVersion: version, idempotencyKey: key.current, reason: reason.trim() };
    const { data } = await retract({ input });
    const answer = data?.retractAssessment;
    if (!answer) return;
    poke();
    if (answer.userErrors.length === 0) {
      forgetReason(assessmentId);
      return onDone?.();
    }
    key.current = newKey();
    keepReason(assessmentId, { reason, key: key.current });
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
        error={problems.find((it) => it.field === id)?.message}
      >
        {(control) => (
          <input
            {...control}
            type="text"
            autoFocus={takesFocus}
            value={reason}
            onChange={(event) => {
              const { value } = event.target;
              setReason(value);
              key.current = newKey();
              if (value.trim()) keepReason(assessmentId, { reason: value, key: key.current });
              else forgetReason(assessmentId);
            }}
          />
        )}
      </Field>
      {/* Not disabled: the focus would be lost. */}
      <button type="submit" aria-disabled={fetching}>
        {texts.retract.submit}
      </button>
      <FormFailure error={error} />
    </form>
  );
}
