import { dayNumber, dayOf, shortDay } from '../format/days';

/** A day that the axis of a chart marks. */
export interface TimeTick {
  day: string;
  label: string;
}

/** The width of a label in pixels, including the space before the next label. */
const WIDTHS = { year: 60, month: 84, day: 104 };
const STEPS = [
  ...[1, 2, 7, 14].map((count) => ({ unit: 'day' as const, count })),
  ...[1, 2, 3, 6].map((count) => ({ unit: 'month' as const, count })),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map((count) => ({ unit: 'year' as const, count })),
];
const DAYS = { day: 1, month: 28, year: 365 };

/** The days that an axis marks: the first days of years, or of months, or single days, as many as fit. */
export function timeTicks(first: string, last: string, width: number): TimeTick[] {
  const length = dayNumber(last) - dayNumber(first);
  const step = STEPS.find(({ unit, count }) => (length / (DAYS[unit] * count)) * WIDTHS[unit] <= width);
  if (!step) return [];
  const { unit, count } = step;
  // Years and months are counted from the year 0, so that the marked years are round. Days are counted from the first day.
  const start = unit === 'day' ? dayNumber(first) : Math.ceil(indexOf(first, unit) / count) * count;
  const ticks: TimeTick[] = [];
  for (let index = start; index <= indexOf(last, unit); index += count) {
    const day = dayAt(index, unit);
    if (day >= first) ticks.push({ day, label: labelOf(day, unit) });
  }
  return ticks;
}

type Unit = (typeof STEPS)[number]['unit'];

function indexOf(day: string, unit: Unit): number {
  if (unit === 'day') return dayNumber(day);
  const year = Number(day.slice(0, 4));
  return unit === 'year' ? year : year * 12 + Number(day.slice(5, 7)) - 1;
}

function dayAt(index: number, unit: Unit): string {
  if (unit === 'day') return dayOf(index);
  const [year, month] = unit === 'year' ? [index, 0] : [Math.floor(index / 12), index % 12];
  return `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}-01`;
}

function labelOf(day: string, unit: Unit): string {
  if (unit === 'year') return String(Number(day.slice(0, 4)));
  return unit === 'month' ? shortDay(day).replace(/^1 /, '') : shortDay(day);
}
