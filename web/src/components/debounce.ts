import { useEffect, useEffectEvent, useState } from 'react';

/** Calls `handle` when `value` has not changed for some time, unless it equals `handledValue` or is incomplete. */
export function useDebouncedEffect(
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

/** The value after it has not changed for some time. */
export function useDebounced(value: string, milliseconds: number): string {
  const [debounced, setDebounced] = useState(value);
  useDebouncedEffect(value, debounced, milliseconds, setDebounced);
  return debounced;
}
