import { useState } from 'react';
import { DateInput } from '../components/DateInput';
import type { ControlProps } from '../components/Form';
import { isDay } from '../format/days';
import { lastDay } from '../format/edtf';
import { texts } from '../texts';
import { readDate } from './typedDates';
import styles from './RecordFields.module.css';

interface Props extends ControlProps {
  /** A day, or the text of a date in EDTF. */
  value: string;
  min?: string;
  max?: string;
  onText: (date: string) => void;
}

/** A date field. For a month, a year, an interval or an approximate date, a check box turns it into a text field. */
export function EdtfInput({ value, min, max, onText, ...control }: Props) {
  const [isChecked, setChecked] = useState(false);
  /** The text that was replaced with a day when the check box was cleared, and this day. Checking the box again restores the text. */
  const [replaced, setReplaced] = useState<{ text: string; day: string }>();
  /** Whether the user tried to clear the check box while the text was not a date. Clearing the box would erase the text. */
  const [isRefused, setRefused] = useState(false);
  /** The text as the user typed it, such as `14 February 2015` for the value `2015-02-14`. */
  const [typed, setTyped] = useState(value);
  const isOther = isChecked || (value !== '' && !isDay(value));
  const hintId = `${control.id}-forms`;
  function choose(isChosen: boolean) {
    const day = lastDay(value);
    const isText = !isChosen && value !== '' && !isDay(value);
    setRefused(isText && day === undefined);
    if (isText && day === undefined) return;
    setChecked(isChosen);
    if (isText && day !== undefined) {
      setReplaced({ text: value, day });
      onText(day);
    } else if (isChosen && replaced?.day === value) onText(replaced.text);
  }
  return (
    <>
      {isOther && (
        <div id={hintId} className="hint">
          {texts.day.forms}
        </div>
      )}
      {isOther ? (
        <input
          {...control}
          type="text"
          autoComplete="off"
          aria-describedby={[control['aria-describedby'], hintId].filter(Boolean).join(' ')}
          value={readDate(typed) === value ? typed : value}
          onChange={({ target }) => {
            setRefused(false);
            setTyped(target.value);
            // A typed day must not turn the text field into a date field.
            setChecked(true);
            onText(readDate(target.value));
          }}
        />
      ) : (
        <DateInput {...control} min={min} max={max} value={value} onText={onText} />
      )}{' '}
      <label className={styles.isOther}>
        <input type="checkbox" checked={isOther} onChange={(event) => choose(event.target.checked)} /> {texts.day.isOther}
      </label>
      <span role="status" className="hint">
        {isRefused && texts.day.notLeft}
      </span>
    </>
  );
}
