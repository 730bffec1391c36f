import { expect, test } from 'vitest';
import { fieldName, fieldsOf, valueText } from './fields';
import { pageOf } from './paging';

const value = (name: string, text: string) => ({ kind: 'TEXT', name, value: text, record: null }) as const;

test('what changed is what is not the same before and after', () => {
  const fields = fieldsOf(
    [value('assessment', 'a'), value('status', 'PARTIAL'), value('note', 'x'), value('evidence.0', 's')],
    [value('assessment', 'b'), value('status', 'COMPLETE'), value('note', 'x')],
  );
  expect(fields.map(({ name, before, after }) => [name, before?.value, after?.value])).toEqual([
    ['status', 'PARTIAL', 'COMPLETE'],
    ['evidence.0', 's', undefined],
  ]);
});

test('fields and values are named in words', () => {
  expect(fieldName('evidence.0')).toBe('Evidence 1');
  expect(fieldName('obligations.2.heldBy')).toBe('Obligations 3 Whose view');
  expect(fieldName('someNewField')).toBe('Some new field');
  const choice = (of: string, name: string, value: string) => valueText(of, { kind: 'CHOICE', name, value });
  expect(choice('Clause', 'nature', 'ONE_OFF')).toBe('Done once');
  expect(choice('Clause', 'status', 'UNASSESSED')).toBe('Not assessed');
  expect(choice('Caveat', 'status', 'UNDER_NEGOTIATION')).toBe('Under negotiation');
  expect(choice('Clause', 'obligations.2.role', 'OBLIGED')).toBe('Obliged');
  expect(choice('Caveat', 'kind', 'CLARIFICATION')).toBe('Open question');
  expect(choice('Caveat', 'clauseLinks.0.kind', 'IMPLEMENTS')).toBe('Would carry out');
  expect(choice('Agreement', 'relations.0.kind', 'SUPERSEDES')).toBe('Supersedes');
  expect(choice('Party', 'kind', 'DE_FACTO_AUTHORITY')).toBe('De facto authority');
  expect(valueText('Deadline', { kind: 'BOOLEAN', name: 'x', value: 'false' })).toBe('No');
});

test('pages go from the latest to the first, and back', () => {
  const page = (search: string) => pageOf(new URLSearchParams(search), 25);
  expect(page('')).toEqual({ last: 25, before: undefined });
  expect(page('before=x')).toEqual({ last: 25, before: 'x' });
  expect(page('after=y')).toEqual({ first: 25, after: 'y' });
});
