import type { OverviewSeriesQuery } from '../../api/types.gen';
import type { ChartMark } from '../../components/chartMarks';
import { texts } from '../../texts';

type Event = NonNullable<OverviewSeriesQuery['events']>['nodes'][number];

interface Ending {
  shortTitle: string;
  endedOn: string | null;
}

/** The marks of a chart: one for each day, in order. The end of an agreement is marked only if its day has no event. Omits days before `from`. */
export function marksOf(events: readonly Event[], endings: readonly Ending[], from: string): ChartMark[] {
  const ends = new Map<string, string[]>();
  for (const { endedOn, shortTitle } of endings) {
    if (endedOn !== null) ends.set(endedOn, [...(ends.get(endedOn) ?? []), shortTitle]);
  }
  const marks = new Map<string, ChartMark>();
  for (const { id, title, happenedOn } of events) {
    // `events` begins with the event after which the most clauses changed. Only the first event of each day is marked.
    if (!marks.has(happenedOn)) marks.set(happenedOn, { day: happenedOn, label: title, to: `/events/${id}` });
  }
  for (const [day, agreements] of ends) {
    if (!marks.has(day)) marks.set(day, { day, label: texts.overview.ended(agreements) });
  }
  return [...marks.values()].filter(({ day }) => day >= from).sort((first, second) => first.day.localeCompare(second.day));
}
