import { describe, expect, test } from 'vitest';
import { effectivePreconditions, effectOf, graphOf, type Precondition, referenceOf, type Sequence, shortName, sidesOf, type Step, stepName } from './graph';
import { BOX, layoutOf } from './layout';
import { wrapText } from './lines';
import { readingsOf } from './options';
import { isLegibleIn, overflowOf, scrollFor } from './viewport';

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
  const { columns, boxes, lines } = layoutOf(graphOf(SEQUENCE, undefined, []));

  test('has stages first, then deadlocks, then blocked steps, and no steps without connections', () => {
    expect(columns.map((column) => column.rank)).toEqual([1, 2, undefined, undefined]);
    const column = (id: string) => columns.findIndex(({ x }) => x === boxes.find((box) => box.step.id === id)?.x);
    expect(['1', '2', '9', '12', '13', '7'].map(column)).toEqual([0, 1, 2, 2, 3, -1]);
  });

  test('boxes do not overlap, and every edge is drawn', () => {
    const places = new Set(boxes.map(({ x, y }) => `${x} ${y}`));
    expect(places.size).toBe(boxes.length);
    expect(lines).toHaveLength(5);
    expect(lines.every(({ path }) => /^M[-\d. ]+C/.test(path) && !path.includes('NaN'))).toBe(true);
  });
});

describe('the viewport of the picture', () => {
  const layout = layoutOf(graphOf(SEQUENCE, undefined, []));

  test('a picture that would be illegible is not fitted to the width', () => {
    expect([1, 0.75, 0.74].map((factor) => isLegibleIn(layout.width * factor, layout))).toEqual([true, true, false]);
  });

  test('the picture scrolls to the first deadlock if it is not visible', () => {
    const nine = layout.boxes.find((box) => box.step.id === '9')?.x ?? 0;
    expect(scrollFor(layout, 390)).toBe(nine + BOX.width / 2 - 195);
    expect(scrollFor(layout, layout.width)).toBe(0);
    const isFree = layoutOf(graphOf({ ...SEQUENCE, deadlocks: [] }, undefined, []));
    expect(scrollFor(isFree, 500)).toBe(0);
  });

  test('the picture overflows at sides that are not scrolled to the end', () => {
    const sides = (scrollLeft: number) => overflowOf({ scrollLeft, clientWidth: 400, scrollWidth: 1000 });
    expect([0, 300, 599.5].map(sides)).toEqual([
      { isBefore: false, isAfter: true },
      { isBefore: true, isAfter: true },
      { isBefore: true, isAfter: false },
    ]);
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

test('texts are wrapped and truncated', () => {
  expect(wrapText('Withdrawal of heavy weapons', 20, 2)).toEqual(['Withdrawal of heavy', 'weapons']);
  expect(wrapText('One two three four five', 8, 2)).toEqual(['One two', 'three…']);
  expect(wrapText('Incomprehensibilities', 10, 1)).toEqual(['Incompreh…']);
});
