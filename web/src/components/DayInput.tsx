import { isDay } from '../format/days';
import { DateInput } from './DateInput';
import { useTyped } from './debounce';
import type { ControlProps } from './Form';

const DEBOUNCE_MS = 500;
/** Earlier dates have a year that is still being typed. */
const EARLIEST = '1000-01-01';

interface Props extends Partial<ControlProps> {
  value: string;
  min?: string;
  max?: string;
  /** Whether the field may be empty. */
  isOptional?: boolean;
  onDay: (day: string) => void;
}

/** A date field that waits for a pause in typing before it reports the day: typing 2021 also enters the years 2, 20 and 202. */
export function DayInput({ value, min = EARLIEST, max, isOptional = false, onDay, ...rest }: Props) {
  const isComplete = (text: string) => (text === '' ? isOptional : isDay(text) && text >= min && (!max || text <= max));
  const [typed, setTyped] = useTyped(value, DEBOUNCE_MS, onDay, isComplete);
  return (
    <DateInput
      {...rest}
      min={min === EARLIEST ? undefined : min}
      max={max}
      value={typed}
      onText={setTyped}
      onBlur={() => {
        if (!isComplete(typed)) setTyped(value);
        else if (typed !== value) onDay(typed);
      }}
    />
  );
}
