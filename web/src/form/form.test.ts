import { describe, expect, test } from 'vitest';
import type { AnyFields, RecordFields } from './fields';
import { serverProblems } from './problems';
import { changedFields, changedInput, emptyValues, fieldAt, inputOf, problemsIn, rebased, valuesOf, type Values, slugOf, withoutNulls, withProposals } from './values';

const fields: AnyFields = {
  title: { type: 'text', label: 'Title', isRequired: true },
  kind: { type: 'choice', label: 'Kind', choices: { TREATY: 'Treaty', LAW: { label: 'Law', meaning: 'An act.' } }, isRequired: true },
  isPackage: { type: 'flag', label: 'Package' },
  position: { type: 'number', label: 'Position' },
  aliases: { type: 'lines', label: 'Aliases' },
  partyId: { type: 'reference', label: 'Party', to: { list: 'parties' } },
  topicIds: { type: 'references', label: 'Topics', to: { list: 'topics' }, isShown: ({ kind }) => kind === 'TREATY' },
  deadlines: {
    type: 'parts',
    label: 'Deadlines',
    part: 'Deadline',
    fields: {
      rule: { type: 'longText', label: 'Rule', isRequired: true },
      $basis: { type: 'choice', label: 'Basis', choices: { DAY: 'Day', AFTER: 'After' } },
      dueOn: { type: 'day', label: 'Due', isShown: ({ $basis }) => $basis === 'DAY' },
      after: {
        type: 'group',
        label: 'After',
        isShown: ({ $basis }) => $basis === 'AFTER',
        fields: { days: { type: 'number', label: 'Days', isRequired: true } },
      },
    },
  },
};

const record = {
  id: 'x',
  title: 'Treaty of peace',
  kind: 'TREATY',
  isPackage: true,
  position: 3,
  aliases: ['Peace', 'Мир'],
  partyId: { id: 'p1', label: 'North' },
  topicIds: [{ id: 't1', label: 'Borders' }],
  deadlines: [{ rule: 'At once.', $basis: 'DAY', dueOn: '2015-02-12', after: null }],
};
const values = valuesOf(fields, record);
const deadline = (part: Values) => ({ ...values, deadlines: [{ key: '0', values: { ...emptyValues({}), rule: 'At once.', ...part } }] });

describe('the input', () => {
  test('of a record that was not changed is the record itself, with ids', () => {
    expect(inputOf(fields, values)).toEqual({
      title: 'Treaty of peace',
      kind: 'TREATY',
      isPackage: true,
      position: 3,
      aliases: ['Peace', 'Мир'],
      partyId: 'p1',
      topicIds: ['t1'],
      deadlines: [{ rule: 'At once.', dueOn: '2015-02-12' }],
    });
  });

  test('of a new record omits what has no value', () => {
    expect(withoutNulls(inputOf(fields, { ...emptyValues(fields), title: ' Peace ', aliases: ' A \n\n' }))).toEqual({
      title: 'Peace',
      isPackage: false,
      aliases: ['A'],
      deadlines: [],
    });
  });

  test('has no value of a hidden field, and no field of the form alone', () => {
    const input = inputOf(fields, { ...deadline({ $basis: 'AFTER', dueOn: '2015-02-12', after: { days: '10' } }), kind: 'LAW' });
    expect(input.topicIds).toBeNull();
    expect(input.deadlines).toEqual([{ rule: 'At once.', after: { days: 10 } }]);
  });
});

describe('changes', () => {
  test('are the fields with other values, in words', () => {
    const edited = { ...values, kind: 'LAW', partyId: null, title: ' Treaty of peace ' };
    expect(changedFields(fields, values, edited)).toEqual([
      { name: 'kind', label: 'Kind', before: 'Treaty', after: 'Law' },
      { name: 'partyId', label: 'Party', before: 'North', after: '' },
      { name: 'topicIds', label: 'Topics', before: 'Borders', after: '' },
    ]);
    expect(changedInput(fields, values, edited)).toEqual({ kind: 'LAW', partyId: null, topicIds: null });
    expect(changedFields(fields, values, values)).toEqual([]);
  });

  test('of a part replace the whole list', () => {
    const edited = deadline({ $basis: 'DAY', dueOn: '2015-03-01' });
    expect(changedFields(fields, values, edited)).toEqual([
      { name: 'deadlines', label: 'Deadlines', before: 'At once. · Day · 12 Feb 2015', after: 'At once. · Day · 1 Mar 2015' },
    ]);
    expect(changedInput(fields, values, edited)).toEqual({ deadlines: [{ rule: 'At once.', dueOn: '2015-03-01' }] });
  });

  test('of two people are joined, except in the same field', () => {
    const mine = { ...values, title: 'Mine' };
    const theirs = { ...values, title: 'Theirs', position: '7' };
    expect(rebased(fields, values, mine, theirs)).toEqual({ ...values, title: 'Mine', position: '7' });
  });
});

describe('problems', () => {
  test('are missing and invalid values, also in parts', () => {
    expect(problemsIn(fields, values)).toEqual([]);
    const wrong = { ...deadline({ rule: ' ', $basis: 'AFTER', after: { days: 'ten' } }), title: '', position: '1.5' };
    expect(problemsIn(fields, wrong).map(({ field }) => field)).toEqual([
      'record-title',
      'record-position',
      'record-deadlines-0-rule',
      'record-deadlines-0-after-days',
    ]);
  });

  test('are numbers that are not in decimal notation, or too large for the API', () => {
    const accepted = ['-5', ' 7 ', '1e3', '0x10', '99999999999'].filter((position) => problemsIn(fields, { ...values, position }).length === 0);
    expect(accepted).toEqual(['-5', ' 7 ']);
  });

  test('of the server are shown at the innermost field that the form has', () => {
    const field = (...path: string[]) =>
      serverProblems([{ code: 'INVALID', path: ['input', ...path], message: 'no' }], (path) => fieldAt(fields, path))[0]?.field;
    expect(field('title')).toBe('record-title');
    expect(field('aliases', '1')).toBe('record-aliases');
    expect(field('deadlines', '2', 'after', 'days')).toBe('record-deadlines-2-after-days');
    expect(field('deadlines', '2', 'other')).toBe('record-deadlines');
    expect(field('unknown')).toBeUndefined();
    expect(field()).toBeUndefined();
  });
});

describe('messages', () => {
  test('name the field and its part', () => {
    const messages = (values: Values) => problemsIn(fields, values).map(({ message }) => message);
    expect(messages({ ...values, title: '' })).toEqual(['Title: enter a value']);
    expect(messages(deadline({ rule: ' ', $basis: 'AFTER', after: { days: 'ten' } }))).toEqual([
      'Deadline 1, rule: enter a value',
      'Deadline 1, days: enter a whole number',
    ]);
    const message = (...path: string[]) =>
      serverProblems([{ code: 'INVALID', path: ['input', ...path], message: 'is wrong' }], (path) => fieldAt(fields, path))[0]?.message;
    expect(message('title')).toBe('Title: is wrong');
    expect(message('deadlines', '2', 'after', 'days')).toBe('Deadline 3, days: is wrong');
    expect(message('deadlines', '2', 'other')).toBe('Deadline 3: is wrong');
    expect(message()).toBe('Is wrong');
  });
});

describe('a slug', () => {
  test('is made of the words of a name', () => {
    expect(slugOf('Minsk II, “Protocol” of Février')).toBe('minsk-ii-protocol-of-fevrier');
    expect(slugOf('Мир')).toBe('');
    expect(slugOf(' Accord de Bangui — 2019 ')).toBe('accord-de-bangui-2019');
    expect(slugOf('x'.repeat(100))).toHaveLength(80);
  });

  test('follows the name until the user writes another', () => {
    const named: AnyFields = {
      name: { type: 'text', label: 'Name', isRequired: true },
      slug: { type: 'text', label: 'Slug', isRequired: true, proposedFrom: 'name' },
    };
    const first = withProposals(named, emptyValues(named), { name: 'North Sea' });
    expect(first).toEqual({ name: 'North Sea', slug: 'north-sea' });
    expect(withProposals(named, first, { name: 'North Seas' }).slug).toBe('north-seas');
    const own = withProposals(named, first, { slug: 'ns' });
    expect(withProposals(named, own, { name: 'North Seas' }).slug).toBe('ns');
  });
});

test('fields that differ from the input of the API do not compile', () => {
  interface Create {
    name: string;
    slug: string;
    description?: string | null;
    parentId?: string | null;
    idempotencyKey?: string | null;
  }
  type Update = Partial<Create>;
  const name = { type: 'text', label: 'Name', isRequired: true } as const;
  const slug = { type: 'text', label: 'Slug', isRequired: true } as const;
  const description = { type: 'longText', label: 'Scope' } as const;
  const parentId = { type: 'reference', label: 'Parent', to: { list: 'topics' } } as const;
  const complete: RecordFields<Create, Update> = { name, slug, description, parentId };
  // @ts-expect-error A field is missing.
  const incomplete: RecordFields<Create, Update> = { name, slug, description };
  // @ts-expect-error The name of a field is misspelt.
  const mistyped: RecordFields<Create, Update> = { name, slug, desc: description, parentId };
  // @ts-expect-error A field is of another kind.
  const other: RecordFields<Create, Update> = { name, slug, description, parentId: description };
  // @ts-expect-error A required field is not marked.
  const optional: RecordFields<Create, Update> = { name: description, slug, description, parentId };
  expect([complete, incomplete, mistyped, other, optional]).toHaveLength(5);
});
