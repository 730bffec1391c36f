import { instant, shortDay } from '../format/days';
import { texts } from '../texts';

/** A day, such as `12 Feb 2015`, or a dash if there is none. */
export function DayText({ day }: { day: string | null | undefined }) {
  return day ? <time dateTime={day} className="nowrap">{shortDay(day)}</time> : <span>{texts.states.none}</span>;
}

/** The day of an event, or its first and last day, such as `12 Feb 2015 – 14 Feb 2015`. */
export function DayRange({ first, last }: { first: string; last: string | null }) {
  return (
    <>
      <DayText day={first} />
      {last && (
        <>
          {' – '}
          <DayText day={last} />
        </>
      )}
    </>
  );
}

export function InstantText({ at }: { at: string }) {
  return <time dateTime={at} className="nowrap">{instant(at)}</time>;
}
