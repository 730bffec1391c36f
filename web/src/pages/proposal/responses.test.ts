import { expect, test } from 'vitest';
import { countersOf } from './responses';

test('a caveat is countered by the caveats of responses that refer to it', () => {
  const counter = (id: string, ...answers: string[]) => ({ id, answers: answers.map((id) => ({ id })) });
  const responses = [
    { caveats: { nodes: [counter('a', '1', 'of another proposal'), counter('b')] } },
    { caveats: { nodes: [counter('c', '1', '2')] } },
  ];
  const counters = countersOf([{ id: '1' }, { id: '2' }, { id: '3' }], responses);
  expect([...counters].map(([id, caveats]) => [id, caveats.map((caveat) => caveat.id)])).toEqual([
    ['1', ['a', 'c']],
    ['2', ['c']],
    ['3', []],
  ]);
});
