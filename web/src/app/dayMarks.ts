import { useMemo } from 'react';
import { useQuery } from '../api/query';
import type { DayMarkFragment } from '../api/types.gen';
import { texts } from '../texts';
import { AgreementDayMarksDocument, AllDayMarksDocument, ClauseDayMarksDocument, ProposalDayMarksDocument } from './dayMarks.gen';

/** The record whose changes the day slider marks. An object without fields stands for all agreements. */
export interface DayMarksOf {
  agreement?: string;
  number?: string;
  proposal?: string;
}

/** A day on which something happened or changed. */
export interface DayMark {
  day: string;
  /** The events and changes of the day, such as the titles of events. */
  labels: readonly string[];
  hasEvent: boolean;
}

/** The days with events, or with assessments from the viewpoint `heldBy`, in order. Empty while loading. */
export function useDayMarks(of: DayMarksOf | undefined, heldBy: string | undefined): readonly DayMark[] {
  const { agreement: slug = '', number = '', proposal: proposalSlug = '' } = of ?? {};
  const kind = of && kindOf(of);
  const [all] = useQuery({ query: AllDayMarksDocument, pause: kind !== 'all' });
  const [agreement] = useQuery({ query: AgreementDayMarksDocument, variables: { agreement: slug }, pause: kind !== 'agreement' });
  const [clause] = useQuery({ query: ClauseDayMarksDocument, variables: { agreement: slug, number }, pause: kind !== 'clause' });
  const [proposal] = useQuery({ query: ProposalDayMarksDocument, variables: { proposal: proposalSlug }, pause: kind !== 'proposal' });
  const lists = { all: all.data, agreement: agreement.data?.agreement, clause: clause.data?.clause, proposal: proposal.data?.proposal };
  const list = kind && lists[kind];
  return useMemo(
    () => marksOf([...(list?.beginning?.nodes ?? []), ...(list?.end?.nodes ?? [])], heldBy),
    [list, heldBy],
  );
}

function kindOf({ agreement, number, proposal }: DayMarksOf) {
  if (proposal !== undefined) return 'proposal';
  if (agreement === undefined) return 'all';
  return number === undefined ? 'agreement' : 'clause';
}

/** One mark for each day, in order. `entries` may contain an entry twice. */
export function marksOf(entries: readonly DayMarkFragment[], heldBy: string | undefined): DayMark[] {
  const days = new Map<string, { ids: Set<string>; labels: string[]; hasEvent: boolean }>();
  for (const entry of entries) {
    const known = knownEntry(entry, heldBy);
    if (!known) continue;
    const mark = days.get(known.day) ?? { ids: new Set(), labels: [], hasEvent: false };
    days.set(known.day, mark);
    if (mark.ids.has(known.id)) continue;
    mark.ids.add(known.id);
    // Events come first, because they are more informative than the changes that follow from them.
    if (entry.__typename === 'Event') mark.labels.unshift(known.label);
    else mark.labels.push(known.label);
    mark.hasEvent ||= entry.__typename === 'Event';
  }
  return [...days]
    .map(([day, { labels, hasEvent }]) => ({ day, labels, hasEvent }))
    .sort((one, other) => one.day.localeCompare(other.day));
}

/** The day and the name of an entry. Undefined for assessments from another viewpoint. */
function knownEntry(entry: DayMarkFragment, heldBy: string | undefined) {
  if (entry.__typename === 'Event') return { id: entry.id, day: entry.happenedOn, label: entry.title };
  if (!('effectiveOn' in entry) || entry.heldBy?.slug !== heldBy) return undefined;
  const { id, effectiveOn: day } = entry;
  switch (entry.__typename) {
    case 'ClauseAssessment':
      return { id, day, label: texts.view.changed(entry.clause.reference, texts.clauseStatus[entry.clauseStatus].label) };
    case 'CaveatAssessment':
      return { id, day, label: texts.view.changed(entry.caveat.reference, texts.caveatStatus[entry.caveatStatus]) };
    case 'ProposalAssessment':
      return { id, day, label: texts.view.changed(entry.proposal.reference, texts.proposalStatus[entry.proposalStatus]) };
  }
}

/** The last mark before a day, and the first one after it. */
export function neighbours(marks: readonly DayMark[], day: string): { previous?: DayMark; next?: DayMark } {
  return { previous: marks.findLast((mark) => mark.day < day), next: marks.find((mark) => mark.day > day) };
}

/** The years to label on an axis between two days: every year, or every second, fifth, tenth year and so on. At most `maximum`. */
export function labelledYears(from: string, to: string, maximum: number): number[] {
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4))];
  const step = [1, 2, 5, 10, 20, 50, 100].find((size) => (last - first) / size <= maximum) ?? 1000;
  const years: number[] = [];
  for (let year = Math.ceil((first + 1) / step) * step; year <= last; year += step) years.push(year);
  return years;
}
