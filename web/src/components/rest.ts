import { useEffect, useEffectEvent, useState } from 'react';

/** Tells what was typed or dragged once that rests for so long, unless it is told already or not whole yet. */
export function useRest(typed: string, told: string, milliseconds: number, tell: (value: string) => void, isWhole = true) {
  const onRest = useEffectEvent(tell);
  useEffect(() => {
    if (!isWhole || typed === told) return;
    const timer = setTimeout(() => onRest(typed), milliseconds);
    return () => clearTimeout(timer);
  }, [typed, told, milliseconds, isWhole]);
}

/** What was typed, once the typing has rested for so long. */
export function useRested(typed: string, milliseconds: number): string {
  const [rested, setRested] = useState(typed);
  useRest(typed, rested, milliseconds, setRested);
  return rested;
}
