import { dateRange, isDay, monthName, shortDay } from './days';

// Dates in the Extended Date/Time Format: a day, month or year, an approximate day, month or year (`~`), or an interval.

/** The periods of a date: one period, or the first and the last period of an interval. Empty if the text is not a date. */
function periodsOf(date: string): string[] {
  const periods = date.endsWith('~') ? [date.slice(0, -1)] : date.split('/');
  const isValid = periods.length <= 2 && periods.every((period) => lastDayOf(period) !== undefined);
  return isValid ? periods : [];
}

/** The last day of a day, month or year. Undefined if the text is none of these. */
function lastDayOf(period: string): string | undefined {
  if (isDay(period)) return period;
  if (/^\d{4}$/.test(period)) return [`${period}-12-31`].find(isDay);
  return ['31', '30', '29', '28'].map((day) => `${period}-${day}`).find(isDay);
}

/** The first day of a valid day, month or year. */
const firstDayOf = (period: string) => period + '-01-01'.slice(period.length - 4);

/** The last day of a date, on which a status takes effect. Undefined if the text is not a date, or ends before it begins. */
export function lastDay(date: string): string | undefined {
  const periods = periodsOf(date);
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const end = lastDayOf(last);
  return end !== undefined && end >= firstDayOf(first) ? end : undefined;
}

/** Such as `14 Feb 2015`, `February 2015`, `2015`, `about 14 Feb 2015` or `1 – 14 Feb 2015`. */
export function dateText(date: string): string {
  const periods = periodsOf(date);
  const [first, last] = periods;
  if (first === undefined) return date;
  if (date.endsWith('~')) return `about ${periodText(first)}`;
  if (last === undefined) return periodText(first);
  return isDay(first) && isDay(last) ? dateRange(first, last) : `${periodText(first)} – ${periodText(last)}`;
}

function periodText(period: string): string {
  if (isDay(period)) return shortDay(period);
  return period.length === 4 ? period : monthName(period);
}
