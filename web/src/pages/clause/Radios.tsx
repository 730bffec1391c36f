import type { ReactNode } from 'react';
import { texts } from '../../texts';
import styles from './Clause.module.css';

interface RadiosProps<Value extends string> {
  id: string;
  legend: string;
  hint?: string;
  error: string | undefined;
  value: Value | undefined;
  choices: readonly { value: Value; label: string; meaning: string; glyph?: ReactNode }[];
  onChange: (value: Value) => void;
}

/** One of a few, each with its written meaning beside it. */
export function Radios<Value extends string>({ id, legend, hint, error, value, choices, onChange }: RadiosProps<Value>) {
  return (
    <fieldset
      className={error ? `${styles.radios} ${styles.wrong}` : styles.radios}
      aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined}
    >
      <legend>{legend}</legend>
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          <span className="visually-hidden">{texts.form.errorPrefix}</span> {error}
        </p>
      )}
      {choices.map((choice, index) => (
        <label key={choice.value}>
          <input
            // The way from the error summary leads to the first.
            id={index === 0 ? id : undefined}
            type="radio"
            name={id}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>
            {choice.glyph}
            <strong>{choice.label}</strong> <span className="muted">{choice.meaning}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
