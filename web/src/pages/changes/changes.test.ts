import { expect, test } from 'vitest';
import { describeChange } from '../../app/subject';
import { changedFields, fieldName, fieldsOf, valueText } from './fields';
import { pageOf } from './paging';

const value = (name: string, text: string) => ({ kind: 'TEXT', name, value: text, record: null }) as const;

test('changed fields are those whose values differ', () => {
  const fields = fieldsOf(
    [value('assessment', 'a'), value('status', 'PARTIAL'), value('note', 'x'), value('evidence.0', 's')],
    [value('assessment', 'b'), value('status', 'COMPLETE'), value('note', 'x')],
  );
  expect(fields.map(({ name, before, after }) => [name, before?.value, after?.value])).toEqual([
    ['status', 'PARTIAL', 'COMPLETE'],
    ['evidence.0', 's', undefined],
  ]);
});

test('a backdated assessment does not replace the one in force', () => {
  const clause = { __typename: 'Clause', id: 'c', reference: 'Minsk II, 9', number: '9', heading: 'H', agreement: { id: 'a', slug: 'minsk-2' } } as const;
  const assessment = (clauseStatus: 'MINIMAL' | 'COMPLETE', effectiveOn: string) => ({
    kind: 'REFERENCE',
    name: 'assessment',
    value: effectiveOn,
    record: { __typename: 'ClauseAssessment', id: effectiveOn, clauseStatus, effectiveOn, effectiveDate: effectiveOn, heldBy: null, clause },
  }) as const;
  const entry = { position: 1, action: 'ASSESSED', actor: 'eve', recordedAt: '2026-11-25T10:00:00Z', subject: clause } as const;
  const before = [assessment('COMPLETE', '2022-03-05'), value('status', 'COMPLETE')];
  const backdated = { ...entry, before, after: [assessment('MINIMAL', '2016-03-05'), value('status', 'MINIMAL')] };
  expect(describeChange(backdated).assessment).toBe(
    'Minimal since 5 Mar 2016 (neutral record), backdated: Complete since 5 Mar 2022 stays in force',
  );
  expect(changedFields(backdated).map((changedField) => [changedField.before?.value, changedField.after?.value])).toEqual([[undefined, 'MINIMAL']]);
  const following = { ...entry, before, after: [assessment('MINIMAL', '2022-03-05'), value('status', 'MINIMAL')] };
  expect(describeChange(following).assessment).toBe('Minimal since 5 Mar 2022 (neutral record)');
  expect(changedFields(following).map((changedField) => [changedField.before?.value, changedField.after?.value])).toEqual([['COMPLETE', 'MINIMAL']]);
});

test('fields and values have labels', () => {
  expect(fieldName('evidence.0')).toBe('Evidence 1');
  expect(fieldName('obligations.2.heldBy')).toBe('Obligations 3 Viewpoint');
  expect(fieldName('someNewField')).toBe('Some new field');
  const choice = (of: string, name: string, value: string) => valueText(of, { kind: 'CHOICE', name, value });
  expect(choice('Clause', 'nature', 'ONE_OFF')).toBe('One-off');
  expect(choice('Clause', 'status', 'UNASSESSED')).toBe('Not assessed');
  expect(choice('Caveat', 'status', 'UNDER_NEGOTIATION')).toBe('Under negotiation');
  expect(choice('Clause', 'obligations.2.role', 'OBLIGED')).toBe('Obliged');
  expect(choice('Caveat', 'kind', 'CLARIFICATION')).toBe('Open question');
  expect(choice('Caveat', 'clauseLinks.0.kind', 'IMPLEMENTS')).toBe('Would implement');
  expect(choice('Agreement', 'relations.0.kind', 'SUPERSEDES')).toBe('Supersedes');
  expect(choice('Party', 'kind', 'DE_FACTO_AUTHORITY')).toBe('De facto authority');
  expect(valueText('Deadline', { kind: 'BOOLEAN', name: 'x', value: 'false' })).toBe('No');
});

test('pages are addressed by cursors in both directions', () => {
  const page = (search: string) => pageOf(new URLSearchParams(search), 25);
  expect(page('')).toEqual({ last: 25, before: undefined });
  expect(page('before=x')).toEqual({ last: 25, before: 'x' });
  expect(page('after=y')).toEqual({ first: 25, after: 'y' });
});
