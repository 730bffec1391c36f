import { useState } from 'react';
import { isDay } from '../format/days';
import { lastDay } from '../format/edtf';
import { texts } from '../texts';
import { DateInput } from './DateInput';
import type { ControlProps } from './Form';

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
  const isOther = isChecked || (value !== '' && !isDay(value));
  const hintId = `${control.id}-forms`;
  function choose(isChosen: boolean) {
    setChecked(isChosen);
    if (!isChosen && !isDay(value)) onText(lastDay(value) ?? '');
  }
  return (
    <>
      {isOther ? (
        <input
          {...control}
          type="text"
          autoComplete="off"
          aria-describedby={[control['aria-describedby'], hintId].filter(Boolean).join(' ')}
          value={value}
          onChange={(event) => onText(event.target.value.trim())}
        />
      ) : (
        <DateInput {...control} min={min} max={max} value={value} onText={onText} />
      )}{' '}
      <label>
        <input type="checkbox" checked={isOther} onChange={(event) => choose(event.target.checked)} /> {texts.day.isOther}
      </label>
      {isOther && (
        <div id={hintId} className="hint">
          {texts.day.forms}
        </div>
      )}
    </>
  );
}
