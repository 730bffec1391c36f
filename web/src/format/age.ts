import { counted } from './sentences';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The time since an instant, such as `3 days ago`. */
export function age(at: string, now = Date.now()): string {
  const elapsed = Math.max(0, now - Date.parse(at));
  const [unit, one, many] =
    elapsed >= DAY_MS ? ([DAY_MS, 'day', 'days'] as const) : elapsed >= HOUR_MS ? ([HOUR_MS, 'hour', 'hours'] as const) : ([MINUTE_MS, 'minute', 'minutes'] as const);
  return `${counted(Math.floor(elapsed / unit), one, many)} ago`;
}
