import type { CaveatAssessmentFragment, ProposalHistoryQuery, ProposalAssessmentFragment } from '../../api/types.gen';
import type { Proposal } from './Proposal';

export type Event = Proposal['events']['nodes'][number];
export type Assessment = ProposalAssessmentFragment | CaveatAssessmentFragment;

export interface Entry {
  id: string;
  day: string;
  /** The numbers of the assessed caveats. Empty if the entry is about the proposal itself. */
  numbers: readonly string[];
  assessment?: Assessment;
  event?: Event;
}

/** Events and assessments, latest first. Equal assessments of several caveats on one day are one entry. */
export function entriesOf({ proposal }: ProposalHistoryQuery, events: readonly Event[]): Entry[] {
  const entries: Entry[] = [
    ...events.map((event) => ({ id: event.id, day: event.happenedOn, numbers: [], event })),
    ...(proposal?.assessments.nodes ?? []).map((assessment) => ({ id: assessment.id, day: assessment.effectiveOn, numbers: [], assessment })),
  ];
  const alike = new Map<string, Entry>();
  for (const { number, assessments } of proposal?.caveats.nodes ?? []) {
    for (const assessment of assessments.nodes) {
      const { id, effectiveOn: day, caveatStatus, breachedBy, heldBy, note, citations } = assessment;
      const breakers = breachedBy.map(({ id }) => id);
      const key = JSON.stringify([day, caveatStatus, heldBy?.id, note, breakers, citations]);
      const entry = alike.get(key);
      alike.set(key, entry ? { ...entry, numbers: [...entry.numbers, number] } : { id, day, numbers: [number], assessment });
    }
  }
  return [...entries, ...alike.values()].sort((first, second) => second.day.localeCompare(first.day));
}
