import { describe, expect, test } from 'vitest';
import { effectivePreconditions, effectOf, graphOf, type Precondition, referenceOf, type Sequence, shortName, sidesOf, type Step, stepName } from './graph';
import { layoutOf } from './layout';
import { readingsOf } from './options';

const name = (number: string) => ({
  __typename: 'Clause' as const,
  id: number,
  reference: `Minsk II, ${number}`,
  number,
  heading: `Clause ${number}`,
  agreement: { id: 'a', slug: 'minsk-2' },
});

function precondition(step: string, requires: string, holder?: string): Precondition {
  return {
    id: `${step} ${requires} ${holder}`,
    kind: 'BEFORE_START',
    needs: 'DONE',
    note: null,
    heldBy: holder ? { id: holder, slug: holder, shortName: holder } : null,
    step: name(step),
    requires: name(requires),
  };
}

const step = (number: string, ...preconditions: Precondition[]): Step => ({
  ...name(number),
  preconditions,
  clauseStatus: 'PARTIAL',
});

// 1 comes first, then 2. 9 and 12 wait for each other. 13 waits for 12. 7 has no connections.
const OF = {
  two: [precondition('2', '1')],
  nine: [precondition('9', '12'), precondition('9', '12', 'russia')],
  twelve: [precondition('12', '9', 'ukraine'), precondition('12', '1')],
  thirteen: [precondition('13', '12')],
};
const [nine, twelve, thirteen] = [step('9', ...OF.nine), step('12', ...OF.twelve), step('13', ...OF.thirteen)];
const two = step('2', ...OF.two);
const circle = [...OF.nine, ...OF.twelve.slice(0, 1)];
const SEQUENCE: Sequence = {
  stages: [
    { rank: 1, steps: [step('1'), step('7')] },
    { rank: 2, steps: [two] },
  ],
  ready: [step('7'), two],
  blocked: [nine, twelve, thirteen].map((step) => ({ step, waitingFor: [] })),
  keystones: [],
  ended: [],
  deadlocks: [{ steps: [nine, twelve], preconditions: circle }],
};

describe('the graph', () => {
  test('has every step once, with its state and stage', () => {
    expect(graphOf(SEQUENCE, undefined, ['minsk-2/7']).steps.map((step) => [step.step.id, step.state, step.rank])).toEqual([
      ['1', 'DONE', 1],
      ['7', 'ASSUMED', 1],
      ['2', 'READY', 2],
      ['9', 'DEADLOCKED', undefined],
      ['12', 'DEADLOCKED', undefined],
      ['13', 'BLOCKED', undefined],
    ]);
  });

  test('has one edge for equal preconditions, and marks those of deadlocks', () => {
    const { edges } = graphOf(SEQUENCE, undefined, []);
    expect(edges.map(({ from, to, preconditions, isInDeadlock }) => [from, to, preconditions.length, isInDeadlock])).toEqual([
      ['1', '2', 1, false],
      ['12', '9', 2, true],
      ['9', '12', 1, true],
      ['1', '12', 1, false],
      ['12', '13', 1, false],
    ]);
  });

  test('ended steps wait for nothing, but others wait for them', () => {
    const sequence = { ...SEQUENCE, blocked: SEQUENCE.blocked.filter(({ step }) => step !== nine), ended: [nine], deadlocks: [] };
    const { steps, edges } = graphOf(sequence, undefined, []);
    expect(steps.find(({ step }) => step === nine)?.state).toBe('ENDED');
    expect(edges.map(({ from, to }) => [from, to])).toEqual([['1', '2'], ['9', '12'], ['1', '12'], ['12', '13']]);
  });

  test('completed steps wait for nothing', () => {
    const ends = graphOf(SEQUENCE, undefined, ['minsk-2/12']).edges.map((edge) => edge.to);
    expect(ends).toEqual(['2', '9', '13']);
  });

  test('has no edge to a step that has begun, if that is enough', () => {
    const needsStart: Precondition = { ...precondition('13', '7'), needs: 'BEGUN' };
    const waits = (waitingFor: string[]) => {
      const waiting = step('13', needsStart);
      const sequence: Sequence = {
        ...SEQUENCE,
        stages: [{ rank: 1, steps: [step('7')] }],
        ready: [step('7')],
        blocked: waitingFor.length > 0 ? [{ step: waiting, waitingFor: waitingFor.map(name) }] : [],
        deadlocks: [],
      };
      const ready = waitingFor.length > 0 ? sequence.ready : [...sequence.ready, waiting];
      return graphOf({ ...sequence, ready }, undefined, []).edges.map(({ from, to }) => [from, to]);
    };
    expect(waits(['7'])).toEqual([['7', '13']]);
    expect(waits([])).toEqual([]);
  });
});

test('a precondition of the text does not count if every reader reverses it', () => {
  const all = [...OF.nine, ...OF.twelve];
  const orders = (readings: string[] | undefined) =>
    effectivePreconditions(all, readings).map((precondition) => `${precondition.heldBy?.slug ?? 'text'} ${precondition.step.id}<${precondition.requires.id}`);
  expect(orders(['ukraine'])).toEqual(['ukraine 12<9', 'text 12<1']);
  expect(orders(['ukraine', 'russia'])).toEqual(['text 9<12', 'russia 9<12', 'ukraine 12<9', 'text 12<1']);
  expect(orders([])).toEqual(['text 9<12', 'text 12<1']);
  expect(orders(undefined)).toHaveLength(4);
});

test('holders of equal preconditions form one side of a deadlock', () => {
  expect(sidesOf(circle).map(({ holders, preconditions }) => [holders, preconditions.map((precondition) => `${precondition.step.id}<${precondition.requires.id}`)])).toEqual([
    [[null, 'russia'], ['9<12']],
    [['ukraine'], ['12<9']],
  ]);
});

describe('the layout', () => {
  const graph = graphOf(SEQUENCE, undefined, []);

  test('has stages first, then deadlocks, then blocked steps, and no steps without connections', () => {
    const { stages, boxes } = layoutOf(graph, 1000);
    expect(stages.map((stage) => stage.rank)).toEqual([1, 2, undefined, undefined]);
    const stageOf = (id: string) => stages.findLastIndex(({ y }) => y < (boxes.find((box) => box.step.id === id)?.y ?? -1));
    expect(['1', '2', '9', '12', '13', '7'].map(stageOf)).toEqual([0, 1, 2, 2, 3, -1]);
  });

  test.each([1200, 600, 320, 280])('fits a width of %d, and its boxes do not overlap', (width) => {
    const { boxes, lines, boxWidth, height } = layoutOf(graph, width);
    for (const { x, y } of boxes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + boxWidth).toBeLessThanOrEqual(width + 0.01);
      expect(y + 78).toBeLessThanOrEqual(height);
    }
    const overlaps = boxes.flatMap((one) => boxes.filter((other) => one !== other && one.y === other.y && Math.abs(one.x - other.x) < boxWidth));
    expect(overlaps).toEqual([]);
    expect(lines).toHaveLength(5);
    expect(lines.every(({ path }) => /^M[-\d. ]+C/.test(path) && !path.includes('NaN'))).toBe(true);
  });

  test('a stage that is too wide has several rows', () => {
    const many = Array.from({ length: 9 }, (_, index) => step(`a${index}`));
    const last = step('z', ...many.map((before) => precondition('z', before.id)));
    const wide: Sequence = { ...SEQUENCE, stages: [{ rank: 1, steps: many }, { rank: 2, steps: [last] }], ready: many, blocked: [{ step: last, waitingFor: [] }], deadlocks: [] };
    const rowsIn = (width: number) => new Set(layoutOf(graphOf(wide, undefined, []), width).boxes.map(({ y }) => y)).size;
    expect([rowsIn(1800), rowsIn(900), rowsIn(340)]).toEqual([2, 3, 6]);
  });
});

test('steps have the names of the API, and short names in their own agreement', () => {
  expect(stepName(name('9'))).toBe('minsk-2/9');
  expect([shortName(name('9'), 'minsk-2'), shortName(name('9'), 'minsk-protocol')]).toEqual(['9', 'Minsk II, 9']);
});

test('an assumed step is shown by its reference, or by its name if it is unknown', () => {
  expect(['minsk-2/9', 'minsk-2/99'].map((name) => referenceOf(name, SEQUENCE))).toEqual(['Minsk II, 9', 'minsk-2/99']);
  expect(referenceOf('minsk-2/9', undefined)).toBe('minsk-2/9');
});

test('the effect of an assumption is the difference from the baseline', () => {
  const asItIs = { ready: [{ id: '7' }], deadlocks: [] };
  expect(effectOf(SEQUENCE, asItIs)).toEqual({ deadlocks: undefined, unblocked: 1 });
  const isFree = { ...SEQUENCE, ready: [two, nine, twelve], deadlocks: [] };
  expect(effectOf(isFree, { ...asItIs, deadlocks: SEQUENCE.deadlocks })).toEqual({ deadlocks: 0, unblocked: 3 });
});

test('readings in the address are all, none or some', () => {
  const of = (search: string) => readingsOf(new URLSearchParams(search));
  expect([of(''), of('readings=nobody'), of('readings='), of('readings=russia&readings=ukraine')]).toEqual([undefined, [], [], ['russia', 'ukraine']]);
});
