import { useEffect, useState } from 'react';
import { isDay } from '../format/days';
import { DateInput } from './DateInput';
import type { ControlProps } from './Form';
import { useDebouncedEffect } from './debounce';

const DEBOUNCE_MS = 500;
/** What is before it is the beginning of a year that is still being typed. */
const EARLIEST = '1000-01-01';

interface Props extends Partial<ControlProps> {
  value: string;
  min?: string;
  max?: string;
  /** Whether there may be no day, which is the empty text. */
  isOptional?: boolean;
  onDay: (day: string) => void;
}

/** A day by the keys or the calendar. It is told once the typing rests: on the way to 2021 are the years 2, 20 and 202. */
export function DayInput({ value, min = EARLIEST, max, isOptional = false, onDay, ...rest }: Props) {
  const [typed, setTyped] = useState(value);
  const isComplete = typed === '' ? isOptional : isDay(typed) && typed >= min && (!max || typed <= max);
  useEffect(() => setTyped(value), [value]);
  useDebouncedEffect(typed, value, DEBOUNCE_MS, onDay, isComplete);
  return (
    <DateInput
      {...rest}
      min={min === EARLIEST ? undefined : min}
      max={max}
      value={typed}
      onText={setTyped}
      onBlur={() => {
        if (!isComplete) setTyped(value);
        else if (typed !== value) onDay(typed);
      }}
    />
  );
}
