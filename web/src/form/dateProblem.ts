import { texts } from '../texts';
import { impossibleDayIn } from './typedDates';

/** The reason why a text is not a date. The hint above the field lists the valid forms. */
export function dateProblem(text: string): string {
  const day = impossibleDayIn(text);
  return day === undefined ? texts.day.noDate : texts.day.impossible(day);
}
