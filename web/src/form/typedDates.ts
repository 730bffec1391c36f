import { impossibleDay, parseDays } from '../format/days';
import { lastDay } from '../format/edtf';

/** The date that a typed text means, such as `2015-02-14` for `14 February 2015`. A text that is not a date stays as it is. */
export function readDate(text: string): string {
  const date = text.trim().replace(/\s*\/\s*/g, '/');
  // A text that begins with a year can be an incomplete interval, so the rest of it must not be ignored.
  if (lastDay(date) !== undefined || /^\d{4}/.test(date)) return date;
  const [day, other] = parseDays(date);
  return day === undefined || other !== undefined ? date : day;
}

/** The first day that a typed date contains but the calendar does not, such as `30 February 2022`. Undefined if there is none. */
export function impossibleDayIn(date: string): string | undefined {
  const periods = date.replace(/~$/, '').split('/');
  // A day can also be written with slashes.
  return [date, ...periods].map(impossibleDay).find((day) => day !== undefined);
}
