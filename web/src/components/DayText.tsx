import { age } from '../format/age';
import { instant, isDay } from '../format/days';
import { dateText } from '../format/edtf';
import { texts } from '../texts';

/** A date in EDTF, such as `12 Feb 2015` or `February 2015`, or a dash if there is none. */
export function DayText({ day }: { day: string | null | undefined }) {
  if (!day) return <span>{texts.states.none}</span>;
  // `<time>` cannot express intervals or approximate dates.
  return isDay(day) ? <time dateTime={day} className="nowrap">{dateText(day)}</time> : <span className="nowrap">{dateText(day)}</span>;
}

export function InstantText({ at }: { at: string }) {
  return <time dateTime={at} className="nowrap">{instant(at)}</time>;
}

/** The time since an instant, such as `5 hours ago`. Its title is the instant. */
export function AgeText({ at }: { at: string }) {
  return <time dateTime={at} title={instant(at)} className="nowrap">{age(at)}</time>;
}
