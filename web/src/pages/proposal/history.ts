import type { CaveatJudgementFragment, ProposalHistoryQuery, ProposalJudgementFragment } from '../../api/types.gen';
import type { Proposal } from './Proposal';

export type Event = Proposal['events']['nodes'][number];
export type Judgement = ProposalJudgementFragment | CaveatJudgementFragment;

export interface Entry {
  id: string;
  day: string;
  /** The numbers of the caveats that were judged; none where it is about the proposal itself. */
  numbers: readonly string[];
  judgement?: Judgement;
  event?: Event;
}

/** Events and judgements, latest first. Caveats that were judged alike on one day stand together. */
export function entriesOf({ proposal }: ProposalHistoryQuery, events: readonly Event[]): Entry[] {
  const entries: Entry[] = [
    ...events.map((event) => ({ id: event.id, day: event.happenedOn, numbers: [], event })),
    ...(proposal?.assessments.nodes ?? []).map((it) => ({ id: it.id, day: it.effectiveOn, numbers: [], judgement: it })),
  ];
  const alike = new Map<string, Entry>();
  for (const { number, assessments } of proposal?.caveats.nodes ?? []) {
    for (const judgement of assessments.nodes) {
      const { id, effectiveOn: day, caveatStatus, heldBy, note, evidence } = judgement;
      const key = JSON.stringify([day, caveatStatus, heldBy?.id, note, evidence.map((it) => it.id)]);
      const entry = alike.get(key);
      alike.set(key, entry ? { ...entry, numbers: [...entry.numbers, number] } : { id, day, numbers: [number], judgement });
    }
  }
  return [...entries, ...alike.values()].sort((one, other) => other.day.localeCompare(one.day));
}
