import { isDay } from '../../format/days';

export interface Days {
  from: string;
  to: string;
  /** Whether `from` is not after `to`. */
  isInOrder: boolean;
}

/** The two days in the address. Default: the first and the last day with data. */
export function daysOf(parameters: URLSearchParams, first: string, last: string): Days {
  const dayOf = (name: string, otherwise: string) => {
    const text = parameters.get(name) ?? '';
    return isDay(text) ? text : otherwise;
  };
  const to = dayOf('to', last);
  const from = dayOf('from', first < to ? first : to);
  return { from, to, isInOrder: from <= to };
}
