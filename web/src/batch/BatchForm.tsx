import { type ReactNode, useEffect, useRef } from 'react';
import { useSubmitShortcut } from '../form/useSubmitShortcut';
import styles from './Batch.module.css';

interface Props {
  title: string;
  /** The title gets the focus whenever this value changes. If undefined, the title never gets the focus. */
  focusOn?: unknown;
  onSubmit: () => void;
  children: ReactNode;
}

/** The frame of the forms of a batch. Ctrl+Enter sends the form. */
export function BatchForm({ title, focusOn, onSubmit, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useSubmitShortcut(form);
  useEffect(() => {
    if (focusOn !== undefined) heading.current?.focus();
  }, [focusOn]);
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-labelledby="batch-title"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {/* If the title has no tab index, a dialog focuses its first field instead. */}
      <h2 id="batch-title" ref={heading} tabIndex={focusOn === undefined ? undefined : -1}>
        {title}
      </h2>
      {children}
    </form>
  );
}
