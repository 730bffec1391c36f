import type {
  SequenceAsItIsQuery,
  SequencePreconditionFragment,
  SequenceQuery,
  SequenceStepFragment,
} from '../../api/types.gen';

export type Step = SequenceStepFragment;
export type Precondition = SequencePreconditionFragment;
export type Sequence = NonNullable<SequenceQuery['agreement']>['sequence'];

/** How a step stands: done, taken as done, could be done, waits, or waits for itself in a circle. */
export type Turn = 'DONE' | 'ASSUMED' | 'READY' | 'BLOCKED' | 'DEADLOCKED';

export interface GraphStep {
  step: Step;
  turn: Turn;
  /** The stage that it belongs to; undefined for what never has its turn. */
  rank: number | undefined;
}

/** What must be done before what, with everything that says so. */
export interface Edge {
  from: string;
  to: string;
  preconditions: readonly Precondition[];
  isCircular: boolean;
}

export interface Graph {
  steps: readonly GraphStep[];
  edges: readonly Edge[];
}

/** How the address names a step, as the API takes it. */
export function stepName(step: Precondition['step']): string {
  switch (step.__typename) {
    case 'Clause':
      return `${step.agreement.slug}/${step.number}`;
    case 'Caveat':
      return `${step.proposal.slug}/${step.number}`;
    case 'Proposal':
      return step.slug;
  }
}

/** The steps, some more than once: by stage, and then what has no turn. */
const stepsOf = (sequence: Sequence): Step[] => [
  ...sequence.stages.flatMap(({ steps }) => steps),
  ...sequence.deadlocks.flatMap(({ steps }) => steps),
  ...sequence.blocked.map(({ step }) => step),
  ...sequence.ready,
];

/** A step as a reader knows it, by its name in the address; that name itself where there is no such step. */
export const referenceOf = (name: string, sequence: Sequence | undefined) =>
  (sequence && stepsOf(sequence).find((it) => stepName(it) === name)?.reference) ?? name;

/** What follows from what is taken as done. */
export interface Effect {
  /** How many deadlocks are left; undefined where there was none. */
  deadlocks: number | undefined;
  /** How many steps wait for nothing, and would wait otherwise. */
  freed: number;
}

type AsItIs = NonNullable<SequenceAsItIsQuery['agreement']>['sequence'];

export function effectOf(sequence: Sequence, asItIs: AsItIs): Effect {
  const ready = new Set(asItIs.ready.map((it) => it.id));
  return {
    deadlocks: asItIs.deadlocks.length > 0 ? sequence.deadlocks.length : undefined,
    freed: sequence.ready.filter((it) => !ready.has(it.id)).length,
  };
}

/** Every step once, by stage and then what has no turn, and the preconditions that count between them. */
export function graphOf(sequence: Sequence, readings: readonly string[] | undefined, assumed: readonly string[]): Graph {
  const ranks = new Map(sequence.stages.flatMap(({ rank, steps }) => steps.map((it) => [it.id, rank] as const)));
  const ready = new Set(sequence.ready.map((it) => it.id));
  const blocked = new Set(sequence.blocked.map(({ step }) => step.id));
  const circular = new Set(sequence.deadlocks.flatMap(({ steps }) => steps.map((it) => it.id)));
  const turnOf = (step: Step): Turn => {
    if (assumed.includes(stepName(step))) return 'ASSUMED';
    if (circular.has(step.id)) return 'DEADLOCKED';
    if (ready.has(step.id)) return 'READY';
    return blocked.has(step.id) ? 'BLOCKED' : 'DONE';
  };
  const steps = [...new Map(stepsOf(sequence).map((step) => [step.id, step])).values()].map((step) => ({
    step,
    turn: turnOf(step),
    rank: ranks.get(step.id),
  }));
  const closing = new Set(
    sequence.deadlocks.flatMap(({ preconditions }) => preconditions.map((it) => `${it.requires.id} ${it.step.id}`)),
  );
  const ids = new Set(steps.map(({ step }) => step.id));
  // What is done waits for nothing any more.
  const waiting = new Set(steps.flatMap(({ step, turn }) => (turn === 'DONE' || turn === 'ASSUMED' ? [] : [step.id])));
  const edges = new Map<string, Precondition[]>();
  for (const precondition of counting(steps.flatMap(({ step }) => step.preconditions), readings)) {
    if (!ids.has(precondition.requires.id) || !waiting.has(precondition.step.id)) continue;
    const key = `${precondition.requires.id} ${precondition.step.id}`;
    edges.set(key, [...(edges.get(key) ?? []), precondition]);
  }
  return {
    steps,
    edges: [...edges].map(([key, preconditions]) => {
      const [from = '', to = ''] = key.split(' ');
      return { from, to, preconditions, isCircular: closing.has(key) };
    }),
  };
}

/**
 * The preconditions that count, by the rule of the API: the text's own and those of the readers. What
 * the text says of two steps is left out where every reader puts the two the other way round.
 */
export function counting(all: readonly Precondition[], readings: readonly string[] | undefined): Precondition[] {
  if (readings === undefined) return [...all];
  const said = new Set(all.map((it) => `${it.heldBy?.slug} ${it.step.id} ${it.requires.id}`));
  const isReversed = (it: Precondition) =>
    readings.length > 0 && readings.every((reader) => said.has(`${reader} ${it.requires.id} ${it.step.id}`));
  return all.filter((it) => (it.heldBy ? readings.includes(it.heldBy.slug) : !isReversed(it)));
}

/** Who says the same of which steps wait for which; `null` is the text itself. */
export interface Side {
  holders: readonly (string | null)[];
  waits: readonly Precondition[];
}

/** The sides of a deadlock: those who say the same stand together. */
export function sidesOf(preconditions: readonly Precondition[]): Side[] {
  const byHolder = new Map<string | null, Map<string, Precondition>>();
  for (const it of preconditions) {
    const holder = it.heldBy?.shortName ?? null;
    const waits = byHolder.get(holder) ?? new Map<string, Precondition>();
    byHolder.set(holder, waits.set(`${it.step.id} ${it.requires.id}`, it));
  }
  const sides = new Map<string, { holders: (string | null)[]; waits: Precondition[] }>();
  for (const [holder, waits] of byHolder) {
    const key = [...waits.keys()].sort().join();
    const side = sides.get(key) ?? { holders: [], waits: [...waits.values()] };
    side.holders.push(holder);
    sides.set(key, side);
  }
  return [...sides.values()];
}

/** The step in short: by its number alone within its own agreement or proposal. */
export function shortName(step: Precondition['step'], slug: string): string {
  if (step.__typename === 'Clause' && step.agreement.slug === slug) return step.number;
  return step.__typename === 'Caveat' && step.proposal.slug === slug ? step.number : step.reference;
}
