import { expect, test } from 'vitest';
import { fieldName, fieldsOf, inWords, pageOf } from './fields';

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
  expect(inWords('NOT_STARTED')).toBe('Not started');
  expect(inWords('someNewField')).toBe('Some new field');
});

test('pages go from the latest to the first', () => {
  expect(pageOf(60, null, 25)).toEqual({ start: 35, end: 60 });
  expect(pageOf(60, '36', 25)).toEqual({ start: 10, end: 35 });
  expect(pageOf(60, '11', 25)).toEqual({ start: 0, end: 10 });
  expect(pageOf(60, '999', 25)).toEqual({ start: 35, end: 60 });
  expect(pageOf(60, 'x', 25)).toEqual({ start: 35, end: 60 });
  expect(pageOf(0, null, 25)).toEqual({ start: 0, end: 0 });
});
