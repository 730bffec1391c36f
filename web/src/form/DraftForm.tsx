import { type FormEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { CombinedError } from 'urql';
import { ErrorSummary, FormFailure, type Problem } from '../components/Form';
import { texts } from '../texts';
import styles from './DraftForm.module.css';
import { useSubmitShortcut } from './useSubmitShortcut';

const NO_PROBLEMS: readonly Problem[] = [];

interface Props {
  /** The title above the form. It gets the focus when the form opens. Undefined if the page's title is enough. */
  title?: string;
  /** Whether the form shows a draft of an earlier visit. */
  isRestored: boolean;
  problems: readonly Problem[];
  /** Why the last attempt was not sent. */
  error: CombinedError | undefined;
  isSending: boolean;
  onSubmit: () => void;
  /** Notices above the fields. */
  notice?: ReactNode;
  fields: ReactNode;
  /** A conflict, or another text above the buttons. */
  beforeActions?: ReactNode;
  submit: string;
  /** What stands beside the submit button. */
  actions: ReactNode;
}

/**
 * The frame of a form whose input is stored as a draft. Problems of fields are shown first, at the top. Problems of the whole
 * form follow when the fields are valid, beside the submit button. Ctrl+Enter sends the form.
 */
export function DraftForm(props: Props) {
  const { title, isRestored, problems, error, isSending, onSubmit, notice, fields, beforeActions, submit, actions } = props;
  const form = useRef<HTMLFormElement>(null);
  useSubmitShortcut(form);
  const [incomplete, setIncomplete] = useState(NO_PROBLEMS);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const [fieldProblems, otherProblems] = useMemo(() => {
    if (incomplete.length > 0) return [incomplete, NO_PROBLEMS];
    const ofFields = problems.filter(({ field }) => field !== undefined);
    return ofFields.length > 0 ? [ofFields, NO_PROBLEMS] : [NO_PROBLEMS, problems];
  }, [problems, incomplete]);
  const handleSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Ctrl+Enter can be pressed again before the server answers.
    if (isSending) return;
    const dates = incompleteDates(event.currentTarget);
    setIncomplete(dates);
    if (dates.length === 0) onSubmit();
  };
  return (
    <section className={`${styles.box} no-print`} aria-labelledby={title === undefined ? undefined : 'update-title'}>
      {title !== undefined && (
        <h2 id="update-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
      )}
      {isRestored && (
        <p role="status" className="hint">
          {texts.recordForm.restored}
        </p>
      )}
      <ErrorSummary problems={fieldProblems} />
      {notice}
      <form ref={form} onSubmit={handleSubmit} noValidate>
        {/* Input during the sending would not be sent, and would be lost with the draft. */}
        <div inert={isSending}>{fields}</div>
        {/* Beside the submit button, so that it is visible after sending. */}
        <ErrorSummary problems={otherProblems} />
        <FormFailure error={error} />
        {beforeActions}
        <p className="actions">
          <button type="submit" className="primary" aria-keyshortcuts="Control+Enter" disabled={isSending}>
            {submit}
          </button>
          {actions}
        </p>
      </form>
    </section>
  );
}

/** The date fields with a part of a date. Their value is empty, so the form would be sent without the date. */
function incompleteDates(form: HTMLFormElement): readonly Problem[] {
  const inputs = [...form.querySelectorAll<HTMLInputElement>('input[type=date]')].filter(({ validity }) => validity.badInput);
  if (inputs.length === 0) return NO_PROBLEMS;
  return inputs.map(({ id, labels }) => ({ field: id, message: texts.recordForm.incompleteDate(labels?.[0]?.firstChild?.textContent ?? '') }));
}
