import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { isAffected } from './affected';
import type { LiveChange } from './live';

const agreement = (id: string) => ({ __typename: 'Agreement', id, slug: id }) as const;
const clause = (id: string, of: string) =>
  ({ __typename: 'Clause', id, reference: id, number: id, heading: id, agreement: { id: of, slug: of } }) as const;
const change = (action: LiveChange['action'], subject: object) => ({ action, subject }) as Pick<LiveChange, 'action' | 'subject'>;

const CLAUSE = parse('query Clause($n: String!) { __typename clause(agreement: "a", number: $n) { id } }');
const AGREEMENT = parse('{ agreement(slug: "a") { id } topics { id } }');
const OVERVIEW = parse('{ implementation(groupBy: AGREEMENT) { implementation { score } } }');
const VIEWER = parse('{ viewer { name } }');
const PARTIES = parse('{ parties { nodes { id } } }');

describe('a recorded status', () => {
  const recorded = change('ASSESSED', clause('c9', 'minsk'));

  test('affects queries that show its clause or agreement', () => {
    expect(isAffected(CLAUSE, { clause: { id: 'c9' } }, recorded)).toBe(true);
    expect(isAffected(CLAUSE, { clause: { id: 'c1', preconditions: [{ requires: { id: 'c9' } }] } }, recorded)).toBe(true);
    expect(isAffected(AGREEMENT, { agreement: { id: 'minsk' } }, recorded)).toBe(true);
  });

  test('affects scores and lists', () => {
    expect(isAffected(OVERVIEW, { implementation: [] }, recorded)).toBe(true);
  });

  test('does not affect other clauses and agreements, names, and the viewer', () => {
    expect(isAffected(CLAUSE, { clause: { id: 'c8', agreement: { id: 'budapest' } } }, recorded)).toBe(false);
    expect(isAffected(AGREEMENT, { agreement: { id: 'budapest' } }, recorded)).toBe(false);
    expect(isAffected(PARTIES, { parties: { nodes: [] } }, recorded)).toBe(false);
    expect(isAffected(VIEWER, { viewer: { name: 'Eve' } }, recorded)).toBe(false);
  });

  test('affects a clause whose deadline depends on another deadline', () => {
    const data = { clause: { id: 'c8', deadlines: [{ basis: { __typename: 'DaysAfterDeadline' } }] } };
    expect(isAffected(CLAUSE, data, recorded)).toBe(true);
  });
});

test('a renamed party affects queries that show it, and the list of parties', () => {
  const renamed = change('UPDATED', { __typename: 'Party', id: 'p1', shortName: 'P' });
  expect(isAffected(CLAUSE, { clause: { id: 'c1', obligations: [{ party: { id: 'p1' } }] } }, renamed)).toBe(true);
  expect(isAffected(CLAUSE, { clause: { id: 'c1' } }, renamed)).toBe(false);
  expect(isAffected(PARTIES, { parties: { nodes: [] } }, renamed)).toBe(true);
});

test('an edited agreement affects all queries except the viewer, and any change affects a query without a result', () => {
  const edited = change('UPDATED', agreement('minsk'));
  expect(isAffected(CLAUSE, { clause: { id: 'c1' } }, edited)).toBe(true);
  expect(isAffected(VIEWER, { viewer: { name: 'Eve' } }, edited)).toBe(false);
  expect(isAffected(CLAUSE, undefined, change('ASSESSED', clause('c9', 'minsk')))).toBe(true);
});
