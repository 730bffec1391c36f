import { isDay } from '../../format/days';

export interface Days {
  from: string;
  to: string;
  /** Whether the first is not after the second. */
  isInOrder: boolean;
}

/** The two days that the address names, or else from the first day there is to the last. */
export function daysOf(parameters: URLSearchParams, first: string, last: string): Days {
  const dayOf = (name: string, otherwise: string) => {
    const text = parameters.get(name) ?? '';
    return isDay(text) ? text : otherwise;
  };
  const to = dayOf('to', last);
  const from = dayOf('from', first < to ? first : to);
  return { from, to, isInOrder: from <= to };
}
