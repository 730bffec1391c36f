import { useEffect, useEffectEvent, useState } from 'react';

/** Calls `handle` when `value` has not changed for some time, unless it equals `handledValue` or is incomplete. */
function useDebouncedEffect(
  value: string,
  handledValue: string,
  milliseconds: number,
  handle: (value: string) => void,
  isComplete = true,
) {
  const onDebounced = useEffectEvent(handle);
  useEffect(() => {
    if (!isComplete || value === handledValue) return;
    const timer = setTimeout(() => onDebounced(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, handledValue, milliseconds, isComplete]);
}

/**
 * The text of a field whose value is in the address. `report` receives the text when typing pauses. A value from elsewhere, such as the value
 * of a link, replaces the text. A value that the field itself has reported does not replace it, because the text may have changed since.
 */
export function useTyped(
  value: string,
  milliseconds: number,
  report: (value: string) => void,
  isComplete: (text: string) => boolean = () => true,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState(value);
  const [last, setLast] = useState({ value, reported: value });
  // The text is set during rendering, so that no timer sees the old text with the new value.
  if (value !== last.value) {
    if (value !== last.reported) setTyped(value);
    setLast({ value, reported: value });
  }
  const handle = (text: string) => {
    setLast({ value, reported: text });
    report(text);
  };
  useDebouncedEffect(typed.trim(), value, milliseconds, handle, isComplete(typed));
  return [typed, setTyped];
}

/** The last value that stayed the same for this number of milliseconds. */
export function useDebounced(value: string, milliseconds: number): string {
  const [debounced, setDebounced] = useState(value);
  useDebouncedEffect(value, debounced, milliseconds, setDebounced);
  return debounced;
}
