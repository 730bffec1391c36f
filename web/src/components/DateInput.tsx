import { type ClipboardEvent, type KeyboardEvent, useState } from 'react';
import { impossibleDay, isDay, parseDays, shortDay } from '../format/days';
import { texts } from '../texts';
import styles from './DateInput.module.css';
import type { ControlProps } from './Form';

interface Props extends Partial<ControlProps> {
  value: string;
  min?: string;
  max?: string;
  /** Called with a day, or with an empty text if the field is empty or incomplete. */
  onText: (day: string) => void;
  onBlur?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** A date field that accepts pasted dates in all usual forms. A message below gives the reason why a text was not accepted. */
export function DateInput({ onText, ...rest }: Props) {
  const [message, setMessage] = useState('');
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault();
    const text = event.clipboardData.getData('text').trim();
    const days = parseDays(text);
    const [day] = days;
    setMessage(pasteMessage(text, days, rest));
    if (day && days.length === 1) onText(day);
  };
  return (
    <>
      <span className={styles.field}>
        <input
          {...rest}
          type="date"
          onPaste={onPaste}
          onChange={(event) => {
            setMessage('');
            onText(event.target.value);
          }}
        />
        {isDay(rest.value) && (
          <span className={styles.day} aria-hidden="true">
            {shortDay(rest.value)}
          </span>
        )}
      </span>{' '}
      {message && (
        <span className="hint" role="status">
          {message}
        </span>
      )}
    </>
  );
}

/** The message about a pasted text. Empty if the date is unambiguous and accepted. */
function pasteMessage(text: string, days: readonly string[], { min, max }: Pick<Props, 'min' | 'max'>): string {
  const [day, other] = days;
  const quoted = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const impossible = impossibleDay(text);
  if (impossible) return `${texts.day.impossible(impossible)}.`;
  if (!day) return texts.day.invalid(quoted);
  if (other) return texts.day.ambiguous(quoted, shortDay(day), shortDay(other));
  if (min && day < min) return texts.day.tooEarly(shortDay(day), shortDay(min));
  if (max && day > max) return texts.day.tooLate(shortDay(day), shortDay(max));
  // In a numeric date, the user may have meant the day and the month in the other order.
  return /^\d{1,2}[/-]\d/.test(text) ? texts.day.readAs(quoted, shortDay(day)) : '';
}
