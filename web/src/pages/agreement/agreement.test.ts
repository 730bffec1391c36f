import { expect, test } from 'vitest';
import { filterOf, isFiltered } from './filters';
import { treeOf } from './tree';

const VIEW = { asOf: '2021-12-02', heldBy: 'ukraine' };

test('the filter is read from the address', () => {
  const parameters = new URLSearchParams('text=border&status=PARTIAL&topic=security&party=russia&only=overdue&only=blocked');
  expect(filterOf(parameters, VIEW)).toEqual({
    ...VIEW,
    text: 'border',
    status: ['PARTIAL'],
    topic: ['security'],
    party: ['russia'],
    overdue: true,
    blocked: true,
  });
});

test('unknown values are ignored', () => {
  expect(filterOf(new URLSearchParams('status=DONE&only=new&layout=tree'), VIEW)).toEqual(VIEW);
  expect(isFiltered(new URLSearchParams('layout=tree&asOf=2021-12-02'))).toBe(false);
  expect(isFiltered(new URLSearchParams('only=overdue'))).toBe(true);
});

test('clauses are below their parents, or at the top level without one', () => {
  const clause = (id: string, parent?: string) => ({ id, parent: parent === undefined ? null : { id: parent } });
  const tree = treeOf([clause('4'), clause('4.a', '4'), clause('11.a', '11'), clause('4.b', '4')]);
  expect(tree.map((branch) => branch.clause.id)).toEqual(['4', '11.a']);
  expect(tree[0]?.parts.map((branch) => branch.clause.id)).toEqual(['4.a', '4.b']);
});
