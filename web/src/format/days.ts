// Days are text of the form YYYY-MM-DD throughout, as in the API, and never of a time zone.

const LOCALE = 'en-GB';
const DAY_MS = 86_400_000;
const SHORT = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const LONG = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const INSTANT = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** Whether this is a day of the calendar, written as days are. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Today in UTC, as the server counts. */
export function today(now = new Date()): string {
  return now.toISOString().slice(0, 10);
}

/** The day's number, for scales and sliders. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

export function dayOf(number: number): string {
  return new Date(Math.round(number) * DAY_MS).toISOString().slice(0, 10);
}

/** Such as `12 Feb 2015`: the month in letters, as 2/12 is two days. */
export function shortDay(day: string): string {
  return SHORT.format(new Date(`${day}T00:00:00Z`));
}

/** Such as `12 February 2015`. */
export function longDay(day: string): string {
  return LONG.format(new Date(`${day}T00:00:00Z`));
}

/** Such as `26 Jan 2022, 16:20 UTC`. */
export function instant(text: string): string {
  return `${INSTANT.format(new Date(text))} UTC`;
}
