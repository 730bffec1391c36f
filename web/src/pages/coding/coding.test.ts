import { expect, test } from 'vitest';
import { alphaText, changedItems, type CodedClause, draftOf, droppedDraft, hasChanges, isFinal, missingStatuses, problemsOf } from './coding';

const clause = (id: string, codings: CodedClause['codings']): CodedClause => ({
  id,
  number: id,
  heading: 'Heading',
  summary: 'Summary.',
  criteria: [],
  codings,
});

const free = clause('1', []);
const own = clause('2', [{ account: 'Ann', status: 'PARTIAL', note: 'Seen.' }]);
const shared = clause('3', [
  { account: 'Ann', status: 'PARTIAL', note: null },
  { account: 'Bob', status: 'MINIMAL', note: null },
]);

test('only new and changed codings that are not final are sent', () => {
  const clauses = [free, own, shared];
  expect(changedItems(clauses, 'Ann', {})).toEqual([]);
  expect(changedItems(clauses, 'Ann', { 1: { status: 'COMPLETE', note: ' ' }, 2: { status: 'PARTIAL', note: 'Seen.' } })).toEqual([
    { clauseId: '1', status: 'COMPLETE', note: null },
  ]);
  expect(changedItems(clauses, 'Ann', { 2: { status: 'PARTIAL', note: 'Heard.' }, 3: { status: 'VOID', note: '' } })).toEqual([
    { clauseId: '2', status: 'PARTIAL', note: 'Heard.' },
  ]);
  expect(changedItems(clauses, 'Ann', { 1: { status: '', note: 'Only a reason.' } })).toEqual([]);
});

test('input without a status is not ignored', () => {
  const drafts = { 1: { status: '', note: 'Only a reason.' }, 2: { status: '', note: 'Seen.' } } as const;
  expect(missingStatuses([free, own, shared], 'Ann', drafts).map(({ field }) => field)).toEqual(['status-1', 'status-2']);
  expect(missingStatuses([free, own, shared], 'Ann', { 1: { status: '', note: ' ' } })).toEqual([]);
});

test('a form has changes until they are recorded', () => {
  const drafts = { 2: { status: 'PARTIAL', note: 'Heard.' } } as const;
  expect(hasChanges([free, own], 'Ann', {})).toBe(false);
  expect(hasChanges([free, own], 'Ann', drafts)).toBe(true);
  expect(hasChanges([clause('2', [{ account: 'Ann', status: 'PARTIAL', note: 'Heard.' }])], 'Ann', drafts)).toBe(false);
});

test('a draft that somebody else was faster than is not forgotten', () => {
  const drafts = { 2: { status: 'VOID', note: '' }, 3: { status: 'VOID', note: 'Late.' } } as const;
  expect([free, own, shared].map((clause) => droppedDraft(clause, 'Ann', drafts))).toEqual([undefined, undefined, drafts[3]]);
  expect(hasChanges([shared], 'Ann', drafts)).toBe(true);
  expect(hasChanges([shared], 'Ann', {})).toBe(false);
});

test('a draft begins with the recorded coding of the viewer', () => {
  expect(draftOf(own, 'Ann', {})).toEqual({ status: 'PARTIAL', note: 'Seen.' });
  expect(draftOf(own, 'Bob', {})).toEqual({ status: '', note: '' });
});

test('a coding is final once somebody else has coded the clause', () => {
  expect([free, own, shared].map((clause) => isFinal(clause, 'Ann'))).toEqual([false, false, true]);
  expect(isFinal(shared, 'Eve')).toBe(false);
});

test('errors are shown at the clause of their item', () => {
  const path = ['input', 'items', '1', 'clauseId'];
  const errors = [
    { code: 'INVALID', path, message: 'is wrong' },
    { code: 'OUT_OF_RANGE', path: ['input', 'on'], message: 'is late' },
  ] as const;
  expect(problemsOf([free, own], [{ clauseId: '1' }, { clauseId: '2' }], errors)).toEqual([
    { field: 'status-2', message: '2 Heading: is wrong' },
    { message: 'Is late' },
  ]);
});

test('alpha has three digits', () => {
  expect([alphaText(1), alphaText(5 / 6), alphaText(-0.25)]).toEqual(['1.000', '0.833', '-0.250']);
});
