import type { CaveatAssessmentFragment, ProposalHistoryQuery, ProposalAssessmentFragment } from '../../api/types.gen';
import type { Proposal } from './Proposal';

export type Event = Proposal['events']['nodes'][number];
export type Assessment = ProposalAssessmentFragment | CaveatAssessmentFragment;

export interface Entry {
  id: string;
  /** The day by which the entry is sorted. */
  day: string;
  /** The date in EDTF, as precise as it is recorded. */
  date: string;
  /** The numbers of the assessed caveats. Empty if the entry is about the proposal itself. */
  numbers: readonly string[];
  assessment?: Assessment;
  /** The assessments of the entry that can be retracted, each with the version of its subject. */
  retractable: readonly Retractable[];
  event?: Event;
}

interface Retractable {
  assessmentId: string;
  /** The number of the caveat. Undefined for the proposal itself. */
  number?: string;
  version: number;
}

/** Events and assessments, latest first. Equal assessments of several caveats on one day are one entry. */
export function entriesOf({ proposal }: ProposalHistoryQuery, events: readonly Event[]): Entry[] {
  const entries: Entry[] = [
    ...events.map((event) => ({ id: event.id, day: event.happenedOn, date: event.date, numbers: [], retractable: [], event })),
    ...(proposal?.assessments.nodes ?? []).map((assessment) => {
      const { id, effectiveOn: day, effectiveDate: date } = assessment;
      return { id, day, date, numbers: [], assessment, retractable: [{ assessmentId: id, version: proposal?.version ?? 0 }] };
    }),
  ];
  const alike = new Map<string, Entry>();
  for (const { number, version, assessments } of proposal?.caveats.nodes ?? []) {
    for (const assessment of assessments.nodes) {
      const { id, effectiveOn: day, effectiveDate: date, caveatStatus, breachedBy, heldBy, note, citations } = assessment;
      const breakers = breachedBy.map(({ id }) => id);
      const key = JSON.stringify([date, caveatStatus, heldBy?.id, note, breakers, citations]);
      const entry = alike.get(key);
      const numbers = [...(entry?.numbers ?? []), number];
      const retractable = [...(entry?.retractable ?? []), { assessmentId: id, number, version }];
      alike.set(key, { ...(entry ?? { id, day, date, assessment }), numbers, retractable });
    }
  }
  return [...entries, ...alike.values()].sort((first, second) => second.day.localeCompare(first.day));
}
