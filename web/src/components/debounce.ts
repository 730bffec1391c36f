import { useEffect, useEffectEvent, useState } from 'react';

/** Tells what was typed or dragged once that rests for so long, unless it is told already or not whole yet. */
export function useDebouncedEffect(value: string, handledValue: string, milliseconds: number, handle: (value: string) => void, isComplete = true) {
  const onDebounced = useEffectEvent(handle);
  useEffect(() => {
    if (!isComplete || value === handledValue) return;
    const timer = setTimeout(() => onDebounced(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, handledValue, milliseconds, isComplete]);
}

/** What was typed, once the typing has rested for so long. */
export function useDebounced(value: string, milliseconds: number): string {
  const [debounced, setDebounced] = useState(value);
  useDebouncedEffect(value, debounced, milliseconds, setDebounced);
  return debounced;
}
