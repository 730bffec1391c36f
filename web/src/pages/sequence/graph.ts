import type {
  SequenceBaselineQuery,
  SequencePreconditionFragment,
  SequenceQuery,
  SequenceStepFragment,
} from '../../api/types.gen';

export type Step = SequenceStepFragment;
export type Precondition = SequencePreconditionFragment;
export type Sequence = NonNullable<SequenceQuery['agreement']>['sequence'];

/**
 * A READY step waits for no step. A BLOCKED step waits for others. A DEADLOCKED step waits for itself through others. An ENDED
 * step no longer has to be done.
 */
export type StepState = 'DONE' | 'ASSUMED' | 'READY' | 'BLOCKED' | 'DEADLOCKED' | 'ENDED';

export interface GraphStep {
  step: Step;
  state: StepState;
  /** The stage of the step. Undefined for steps in a deadlock or blocked by one. */
  rank: number | undefined;
}

/** `from` must be done, or have begun, before `to`. `preconditions` are the preconditions that require it. */
export interface Edge {
  from: string;
  to: string;
  preconditions: readonly Precondition[];
  isInDeadlock: boolean;
}

export interface Graph {
  steps: readonly GraphStep[];
  edges: readonly Edge[];
}

/** The name of a step in the address and in the API. */
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

/** All steps, first by stage, then in lists by state. A step can occur several times. */
const stepsOf = (sequence: Sequence): Step[] => [
  ...sequence.stages.flatMap(({ steps }) => steps),
  ...sequence.deadlocks.flatMap(({ steps }) => steps),
  ...sequence.blocked.map(({ step }) => step),
  ...sequence.ready,
  ...sequence.ended,
];

/** The reference of the step with this name, or the name if there is no such step. */
export const referenceOf = (name: string, sequence: Sequence | undefined) =>
  (sequence && stepsOf(sequence).find((step) => stepName(step) === name)?.reference) ?? name;

/** The effect of assuming steps done. */
export interface Effect {
  /** The number of remaining deadlocks. Undefined if there is none even without the assumption. */
  deadlocks: number | undefined;
  /** The number of steps that are ready because of the assumption. */
  unblocked: number;
}

type Baseline = NonNullable<SequenceBaselineQuery['agreement']>['sequence'];

export function effectOf(sequence: Sequence, baseline: Baseline): Effect {
  const ready = new Set(baseline.ready.map((step) => step.id));
  return {
    deadlocks: baseline.deadlocks.length > 0 ? sequence.deadlocks.length : undefined,
    unblocked: sequence.ready.filter((step) => !ready.has(step.id)).length,
  };
}

/** Every step once, by stage, and the effective preconditions between the steps. */
export function graphOf(sequence: Sequence, readings: readonly string[] | undefined, assumed: readonly string[]): Graph {
  const ranks = new Map(sequence.stages.flatMap(({ rank, steps }) => steps.map((step) => [step.id, rank] as const)));
  const ready = new Set(sequence.ready.map((step) => step.id));
  const blocked = new Set(sequence.blocked.map(({ step }) => step.id));
  const ended = new Set(sequence.ended.map((step) => step.id));
  const deadlocked = new Set(sequence.deadlocks.flatMap(({ steps }) => steps.map((step) => step.id)));
  const stateOf = (step: Step): StepState => {
    if (assumed.includes(stepName(step))) return 'ASSUMED';
    if (deadlocked.has(step.id)) return 'DEADLOCKED';
    if (ready.has(step.id)) return 'READY';
    if (ended.has(step.id)) return 'ENDED';
    return blocked.has(step.id) ? 'BLOCKED' : 'DONE';
  };
  const steps = [...new Map(stepsOf(sequence).map((step) => [step.id, step])).values()].map((step) => ({
    step,
    state: stateOf(step),
    rank: ranks.get(step.id),
  }));
  const deadlockKeys = new Set(
    sequence.deadlocks.flatMap(({ preconditions }) => preconditions.map((precondition) => `${precondition.requires.id} ${precondition.step.id}`)),
  );
  const ids = new Set(steps.map(({ step }) => step.id));
  // Steps that are done or ended do not wait.
  const waiting = new Set(steps.flatMap(({ step, state }) => (['DONE', 'ASSUMED', 'ENDED'].includes(state) ? [] : [step.id])));
  const done = new Set(steps.flatMap(({ step, state }) => (state === 'DONE' || state === 'ASSUMED' ? [step.id] : [])));
  const waitingFor = new Map(sequence.blocked.map(({ step, waitingFor }) => [step.id, waitingFor.map(({ id }) => id)]));
  // A step that has begun no longer blocks steps that only need its start.
  const isBegun = ({ needs, step, requires }: Precondition) =>
    needs === 'BEGUN' && !done.has(requires.id) && !waitingFor.get(step.id)?.includes(requires.id);
  const edges = new Map<string, Precondition[]>();
  for (const precondition of effectivePreconditions(steps.flatMap(({ step }) => step.preconditions), readings)) {
    if (!ids.has(precondition.requires.id) || !waiting.has(precondition.step.id) || isBegun(precondition)) continue;
    const key = `${precondition.requires.id} ${precondition.step.id}`;
    edges.set(key, [...(edges.get(key) ?? []), precondition]);
  }
  return {
    steps,
    edges: [...edges].map(([key, preconditions]) => {
      const [from = '', to = ''] = key.split(' ');
      return { from, to, preconditions, isInDeadlock: deadlockKeys.has(key) };
    }),
  };
}

/**
 * The preconditions that apply, by the rule of the API: those of the text and those of the parties in `readings`. A precondition
 * of the text does not apply if each of these parties states the opposite order of the two steps. If `readings` is undefined, all
 * preconditions apply.
 */
export function effectivePreconditions(all: readonly Precondition[], readings: readonly string[] | undefined): Precondition[] {
  if (readings === undefined) return [...all];
  const orders = new Set(all.map((precondition) => `${precondition.heldBy?.slug} ${precondition.step.id} ${precondition.requires.id}`));
  const isReversed = (precondition: Precondition) =>
    readings.length > 0 && readings.every((reader) => orders.has(`${reader} ${precondition.requires.id} ${precondition.step.id}`));
  return all.filter((precondition) => (precondition.heldBy ? readings.includes(precondition.heldBy.slug) : !isReversed(precondition)));
}

/** The holders of equal preconditions. `null` is the text itself. */
export interface Side {
  holders: readonly (string | null)[];
  preconditions: readonly Precondition[];
}

/** The sides of a deadlock: groups holders with equal preconditions. */
export function sidesOf(preconditions: readonly Precondition[]): Side[] {
  const byHolder = new Map<string | null, Map<string, Precondition>>();
  for (const precondition of preconditions) {
    const holder = precondition.heldBy?.shortName ?? null;
    const byOrder = byHolder.get(holder) ?? new Map<string, Precondition>();
    byHolder.set(holder, byOrder.set(`${precondition.step.id} ${precondition.requires.id}`, precondition));
  }
  const sides = new Map<string, { holders: (string | null)[]; preconditions: Precondition[] }>();
  for (const [holder, byOrder] of byHolder) {
    const key = [...byOrder.keys()].sort().join();
    const side = sides.get(key) ?? { holders: [], preconditions: [...byOrder.values()] };
    side.holders.push(holder);
    sides.set(key, side);
  }
  return [...sides.values()];
}

/** The number of a step of this agreement or proposal, or the full reference of any other step. */
export function shortName(step: Precondition['step'], slug: string): string {
  if (step.__typename === 'Clause' && step.agreement.slug === slug) return step.number;
  return step.__typename === 'Caveat' && step.proposal.slug === slug ? step.number : step.reference;
}
