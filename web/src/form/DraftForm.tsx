import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { CombinedError } from 'urql';
import { Announcement } from '../components/Announcement';
import { ErrorSummary, FormFailure, type Problem } from '../components/Form';
import { texts } from '../texts';
import styles from './DraftForm.module.css';
import type { DraftStorage } from './useDraft';
import { useSubmitShortcut } from './useSubmitShortcut';

/** The value of a second submit button, which opens the next form after this one. */
export const THEN_NEXT = 'next';

const NO_PROBLEMS: readonly Problem[] = [];

interface Props {
  /** The title above the form. It gets the focus when the form opens. Undefined if the page's title is enough. */
  title?: string;
  /** Whether the form is beside the page on wide screens. */
  isPanel?: boolean;
  /** Whether the form shows a draft of an earlier visit. */
  isRestored: boolean;
  storage: DraftStorage;
  /** Shows the form again, with the stored draft. */
  onRestart: () => void;
  problems: readonly Problem[];
  /** The reason why the last attempt to send the form failed. */
  error: CombinedError | undefined;
  isSending: boolean;
  /** `isThenNext` is true if Ctrl+Shift+Enter or the button with the value `THEN_NEXT` was pressed. */
  onSubmit: (isThenNext: boolean) => void;
  /** Notices above the fields. */
  notice?: ReactNode;
  fields: ReactNode;
  /** A conflict, or another text above the buttons. */
  beforeActions?: ReactNode;
  submit: string;
  /** Buttons and links beside the submit button. */
  actions: ReactNode;
}

/**
 * The frame of a form whose input is stored as a draft. Problems of fields are shown first, at the top. Once the fields are valid,
 * problems of the whole form are shown beside the submit button, which stays in view. Ctrl+Enter sends the form.
 */
export function DraftForm(props: Props) {
  const { title, isPanel, isRestored, storage, onRestart, problems, error, isSending, onSubmit, notice, fields, beforeActions, submit, actions } =
    props;
  const form = useRef<HTMLFormElement>(null);
  const isShifted = useSubmitShortcut(form);
  const [incomplete, setIncomplete] = useState(NO_PROBLEMS);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Waits until the page has focused its own heading.
    const frame = requestAnimationFrame(() => {
      heading.current?.focus({ preventScroll: true });
      // This lets the form fill a small window, with its buttons in view.
      heading.current?.scrollIntoView({ block: 'start' });
    });
    return () => cancelAnimationFrame(frame);
  }, []);
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
    const { submitter } = event.nativeEvent as SubmitEvent;
    if (dates.length === 0) onSubmit(isShifted() || submitter?.getAttribute('value') === THEN_NEXT);
  };
  // Escape leaves the field, so that the single-key shortcuts of the page work again.
  const leaveField = ({ key, target, defaultPrevented }: KeyboardEvent) => {
    const isField = target instanceof Element && target.matches('textarea, select, input:not([type=search], [type=radio], [type=checkbox])');
    if (key === 'Escape' && isField && !defaultPrevented) heading.current?.focus();
  };
  return (
    <section
      onKeyDown={isPanel ? leaveField : undefined}
      className={`${styles.box} ${isPanel ? styles.panel : ''} ${title === undefined ? styles.plain : ''} no-print`}
      data-form
      data-panel={isPanel || undefined}
      aria-labelledby={title === undefined ? undefined : 'update-title'}
    >
      {title !== undefined && (
        <h2 id="update-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
      )}
      {isRestored && <Announcement>{texts.recordForm.restored}</Announcement>}
      <StorageNotice storage={storage} onRestart={onRestart} />
      <ErrorSummary problems={fieldProblems} />
      {notice}
      <form ref={form} onSubmit={handleSubmit} noValidate>
        {/* Anything entered while the form is being sent would be lost with the draft. */}
        <div inert={isSending}>{fields}</div>
        {/* Beside the submit button, so that it is visible after sending. */}
        <ErrorSummary problems={otherProblems} />
        <FormFailure error={error} />
        {beforeActions}
        <p className={`actions ${styles.bar}`}>
          <button type="submit" className="primary" aria-keyshortcuts="Control+Enter" disabled={isSending}>
            {submit}
          </button>
          {actions}
        </p>
      </form>
    </section>
  );
}

/** States why the draft is not stored. If another tab has changed it, the user chooses between the two versions. */
export function StorageNotice({ storage: { keepMine, isFull }, onRestart }: { storage: DraftStorage; onRestart: () => void }) {
  if (!keepMine) {
    return (
      isFull && (
        <p className={styles.elsewhere} role="alert">
          {texts.recordForm.storageFull}
        </p>
      )
    );
  }
  return (
    <div className={styles.elsewhere} role="alert">
      <p>{texts.recordForm.elsewhere}</p>
      <p className="actions">
        <button type="button" onClick={onRestart}>
          {texts.recordForm.takeOther}
        </button>
        <button type="button" onClick={keepMine}>
          {texts.recordForm.keepMine}
        </button>
      </p>
    </div>
  );
}

/** The date fields with an incomplete date. Their value is empty, so the form would be sent without the date. */
function incompleteDates(form: HTMLFormElement): readonly Problem[] {
  const inputs = [...form.querySelectorAll<HTMLInputElement>('input[type=date]')].filter(({ validity }) => validity.badInput);
  if (inputs.length === 0) return NO_PROBLEMS;
  return inputs.map(({ id, labels }) => ({ field: id, message: texts.recordForm.incompleteDate(labels?.[0]?.firstChild?.textContent ?? '') }));
}
