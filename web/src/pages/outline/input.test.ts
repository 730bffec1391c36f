import { expect, it } from 'vitest';
import { clausesOf, problemsOf } from './input';
import { split } from './split';

const COMMON = { topicId: 't', nature: 'ONE_OFF', isVerbatim: true } as const;

it('becomes the input of the API with the numbers of parents', () => {
  const items = split('1. Ceasefire\nThe sides cease fire.\n(a) at once;\n2. They leave.');
  expect(clausesOf(items, COMMON)).toEqual([
    { number: '1', parentNumber: undefined, heading: 'Ceasefire', summary: 'Ceasefire', text: 'The sides cease fire.', nature: 'ONE_OFF', topicId: 't' },
    { number: '1.a', parentNumber: '1', heading: 'at once', summary: 'at once', text: 'at once;', nature: 'ONE_OFF', topicId: 't' },
    { number: '2', parentNumber: undefined, heading: 'They leave', summary: 'They leave', text: 'They leave.', nature: 'ONE_OFF', topicId: 't' },
  ]);
  expect(clausesOf(items, { ...COMMON, isVerbatim: false })[0]).toMatchObject({ summary: 'The sides cease fire.', text: undefined });
});

it('names what is wrong with each clause', () => {
  const [first, second] = split('1. One\n2. Two');
  expect(problemsOf([first!, second!])).toEqual([]);
  expect(problemsOf([])[0]?.field).toBe('outline-text');
  const fields = problemsOf([{ ...first!, number: 'а' }, { ...second!, number: '2', heading: ' ' }, { ...second!, text: 'x'.repeat(20_001) }]).map(({ field }) => field);
  expect(fields).toEqual(['outline-clause-0', 'outline-clause-1', 'outline-clause-2', 'outline-clause-2']);
  expect(problemsOf(Array.from({ length: 1001 }, () => first!))).toHaveLength(1);
});
