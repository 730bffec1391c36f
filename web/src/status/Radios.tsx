import type { ReactNode } from 'react';
import { Group } from '../components/Form';
import styles from './Status.module.css';

interface RadiosProps<Value extends string> {
  id: string;
  legend: string;
  hint?: string;
  error: string | undefined;
  value: Value | undefined;
  choices: readonly { value: Value; label: string; meaning: string; glyph?: ReactNode; criterion?: string; shortcut?: string }[];
  onChange: (value: Value) => void;
}

/** Radio buttons, each with its meaning beside it, and its criterion below if it has one. */
export function Radios<Value extends string>({ id, legend, hint, error, value, choices, onChange }: RadiosProps<Value>) {
  return (
    <Group id={id} legend={legend} hint={hint} error={error}>
      {choices.map((choice, index) => (
        <label key={choice.value}>
          <input
            // The error summary links to the first radio button.
            id={index === 0 ? id : undefined}
            type="radio"
            name={id}
            value={choice.value}
            checked={choice.value === value}
            aria-keyshortcuts={choice.shortcut}
            onChange={() => onChange(choice.value)}
          />
          <span>
            {choice.glyph}
            <strong>{choice.label}</strong> <span className="muted">{choice.meaning}</span>
            {choice.shortcut && (
              <kbd className={styles.key} aria-hidden="true">
                {choice.shortcut}
              </kbd>
            )}
            {choice.criterion && <span className={styles.criterion}>{choice.criterion}</span>}
          </span>
        </label>
      ))}
    </Group>
  );
}
