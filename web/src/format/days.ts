import { LOCALE } from './locale';

// Days are strings of the form YYYY-MM-DD, as in the API. They have no time zone.

const DAY_MS = 86_400_000;
const SHORT = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat(LOCALE, { month: 'long', year: 'numeric', timeZone: 'UTC' });
const INSTANT = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** Whether the text is a day of the calendar in the form YYYY-MM-DD, from the year 1. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The current day in UTC, as on the server. */
export function today(now = new Date()): string {
  return now.toISOString().slice(0, 10);
}

/** Days since 1970-01-01, for scales and sliders. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

export function dayOf(number: number): string {
  return new Date(Math.round(number) * DAY_MS).toISOString().slice(0, 10);
}

/** British English shortens September to four letters, all other months to three. */
const withShortMonths = (text: string) => text.replace('Sept', 'Sep');

/** Such as `12 Feb 2015`. The month is a word, because 2/12 is ambiguous. */
export function shortDay(day: string): string {
  return withShortMonths(SHORT.format(new Date(`${day}T00:00:00Z`)));
}

/** Such as `12 – 14 Feb 2015` or `12 Feb – 1 Mar 2015`. */
export function dateRange(first: string, last: string): string {
  return withShortMonths(SHORT.formatRange(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`)));
}

/** The name of a month of the form YYYY-MM, such as `February 2015`. */
export function monthName(month: string): string {
  return MONTH.format(new Date(`${month}-01T00:00:00Z`));
}

/** Such as `26 Jan 2022, 16:20 UTC`. */
export function instant(text: string): string {
  return `${withShortMonths(INSTANT.format(new Date(text)))} UTC`;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const NAME = `(${MONTHS.join('|')})[a-z]*\\.?`;
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,? )?';
const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[t ].*)?$/;
const DAY_FIRST = /^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})$/;
const EITHER_FIRST = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})$/;
const DAY_AND_NAME = new RegExp(`^${WEEKDAY}(\\d{1,2})(?:st|nd|rd|th|\\.)? (?:of )?${NAME},? (\\d{4})$`);
const NAME_AND_DAY = new RegExp(`^${WEEKDAY}${NAME} (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})$`);

/**
 * Reads a date in one of the usual forms: `2022-02-24`, `24.2.2022`, `24 February 2022`, `February 24, 2022`, `24/2/2022` or `2/24/2022`.
 * Returns no day if the text is not a date, and two if it is ambiguous, such as 5/6/2022.
 */
export function parseDays(text: string): string[] {
  return [...new Set(candidateDays(text))].filter(isDay);
}

/** The day that the text names, if the calendar does not have it, such as `30 February 2022`. Otherwise undefined. */
export function impossibleDay(text: string): string | undefined {
  const days = candidateDays(text);
  if (days.some(isDay)) return undefined;
  const day = days.find((day) => isDay(`${day.slice(0, 7)}-01`));
  return day && `${Number(day.slice(8))} ${monthName(day.slice(0, 7))}`;
}

/** The days that a text may mean. They may not exist in the calendar, such as `2022-02-30`. */
function candidateDays(original: string): string[] {
  const text = original.trim().toLowerCase().replace(/\s+/g, ' ');
  let parts = YEAR_FIRST.exec(text);
  if (parts) return [dayFrom(parts[1], parts[3], parts[4])];
  parts = DAY_FIRST.exec(text);
  if (parts) return [dayFrom(parts[3], parts[2], parts[1])];
  parts = EITHER_FIRST.exec(text);
  if (parts) return [dayFrom(parts[4], parts[3], parts[1]), dayFrom(parts[4], parts[1], parts[3])];
  parts = DAY_AND_NAME.exec(text);
  if (parts) return [dayFrom(parts[3], monthOf(parts[2]), parts[1])];
  parts = NAME_AND_DAY.exec(text);
  if (parts) return [dayFrom(parts[3], monthOf(parts[1]), parts[2])];
  return [];
}

const monthOf = (name = '') => String(MONTHS.indexOf(name) + 1);

const dayFrom = (year = '', month = '', day = '') => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
