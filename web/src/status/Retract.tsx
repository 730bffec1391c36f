import { type FormEvent, useId, useState } from 'react';
import { ErrorSummary, Field, FormFailure, type Problem } from '../components/Form';
import { newKey } from '../form/key';
import { texts } from '../texts';
import { deleteReason, storedReason, storeReason } from './drafts';
import { retractionProblems, useRetraction } from './useRetraction';

interface Props {
  assessmentId: string;
  /** The version of the subject that the user has seen. */
  version: number | undefined;
  /** Whether to focus the field, because the button that opened the form is removed. */
  takesFocus?: boolean;
  onDone?: () => void;
}

/** Retracts an assessment. It stays in the history, with the name of the user and the reason. */
export function Retract({ assessmentId, version, takesFocus = false, onDone }: Props) {
  const id = useId();
  const [restored] = useState(() => storedReason(assessmentId));
  const [reason, setReason] = useState(restored?.reason ?? '');
  const [isFull, setFull] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [key] = useState(() => restored?.key ?? newKey());
  const { retract, isSending, error } = useRetraction(assessmentId, version, key);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isSending) return;
    if (!reason.trim()) return setProblems([{ field: id, message: texts.retract.reasonMissing }]);
    setProblems([]);
    const errors = await retract(reason.trim());
    if (!errors) return;
    if (errors.length === 0) {
      deleteReason(assessmentId);
      return onDone?.();
    }
    setProblems(retractionProblems(errors, id));
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
              const { value } = event.target;
              setReason(value);
              if (!value.trim()) deleteReason(assessmentId);
              setFull(value.trim() !== '' && !storeReason(assessmentId, { reason: value, key }));
            }}
          />
        )}
      </Field>
      {isFull && <p role="alert">{texts.recordForm.storageFull}</p>}
      {/* Not `disabled`, which would lose the focus. */}
      <button type="submit" aria-disabled={isSending}>
        {texts.retract.submit}
      </button>
      <FormFailure error={error} />
    </form>
  );
}
