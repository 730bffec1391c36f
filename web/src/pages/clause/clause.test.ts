import { describe, expect, test } from 'vitest';
import { byReading } from './readings';
import { sourcesOf } from './sources';
import { type Draft, evidenceField, FIELDS, inputOf, isConflict, newKey, problemsFrom, problemsOf, since } from './update';

const known = { id: 's1', title: 'Tägliche Berichte', publisher: 'OSCE', publishedOn: '2015-02-12', kind: 'PRESS', url: null, archivedUrl: null } as const;
const fresh = { title: ' A report ', kind: 'PRESS', url: '', publisher: ' ', publishedOn: '' } as const;
const draft: Draft = {
  status: 'PARTIAL',
  effectiveOn: '2020-01-01',
  note: ' Half of it. ',
  momentum: 'STEADY',
  confidence: 'HIGH',
  heldBy: '',
  event: '',
  evidence: [
    { key: 's1', known },
    { key: 'k', fresh },
  ],
};

describe('what is sent', () => {
  test('is the draft, without what was left empty', () => {
    expect(inputOf(draft, 'c1', 7, 'key')).toEqual({
      clauseId: 'c1',
      expectedVersion: 7,
      idempotencyKey: 'key',
      status: 'PARTIAL',
      effectiveOn: '2020-01-01',
      note: 'Half of it.',
      momentum: 'STEADY',
      confidence: 'HIGH',
      heldBy: undefined,
      eventId: undefined,
      evidence: [
        { sourceId: 's1' },
        { source: { title: 'A report', kind: 'PRESS', url: undefined, publisher: undefined, publishedOn: undefined } },
      ],
    });
  });

  test('has a key that no other has', () => {
    const keys = new Set(Array.from({ length: 100 }, newKey));
    expect(keys.size).toBe(100);
    expect([...keys].every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true);
  });
});

describe('what is to be mended', () => {
  const fields = (part: Partial<Draft>) =>
    problemsOf({ ...draft, ...part }, '2015-02-12', '2020-06-01').map(({ field }) => field);

  test('is seen before anything is sent', () => {
    expect(fields({})).toEqual([]);
    expect(fields({ status: undefined, effectiveOn: '', note: ' ' })).toEqual([FIELDS.status, FIELDS.effectiveOn, FIELDS.note]);
    expect(fields({ effectiveOn: '2015-02-11' })).toEqual([FIELDS.effectiveOn]);
    expect(fields({ effectiveOn: '2020-06-02' })).toEqual([FIELDS.effectiveOn]);
    expect(fields({ evidence: [{ key: 'k', fresh: { ...fresh, title: ' ' } }] })).toEqual([evidenceField('k', 'title')]);
  });

  test('stands at its field when the server says it', () => {
    const field = (...path: string[]) => problemsFrom([{ code: 'INVALID', path, message: 'no' }], draft)[0]?.field;
    expect(field('input', 'effectiveOn')).toBe(FIELDS.effectiveOn);
    expect(field('input', 'heldBy')).toBe(FIELDS.heldBy);
    expect(field('input', 'evidence', '1', 'source', 'url')).toBe(evidenceField('k', 'url'));
    expect(field('input', 'evidence', '0', 'sourceId')).toBe(FIELDS.evidence);
    expect(field('input', 'clauseId')).toBeUndefined();
    expect(field()).toBeUndefined();
  });

  test('a conflict is known by its code', () => {
    expect(isConflict([{ code: 'CONFLICT', path: [], message: '' }])).toBe(true);
    expect(isConflict([{ code: 'INVALID', path: [], message: '' }])).toBe(false);
  });
});

test('what others did is what is new or was taken back', () => {
  const a = { id: 'a', retractedAt: null };
  const b = { id: 'b', retractedAt: null };
  expect(since([a], [b, a])).toEqual([b]);
  expect(since([a, b], [b, { ...a, retractedAt: '2020-01-01T00:00:00Z' }]).map(({ id }) => id)).toEqual(['a']);
  expect(since([a, b], [b, a])).toEqual([]);
});

test('the text comes before what parties read into it', () => {
  const of = (name: string | null) => ({ heldBy: name ? { id: name, shortName: name } : null });
  const readings = byReading([of('Ukraine'), of('Russia'), of(null), of('Ukraine')]);
  expect(readings.map(({ name, items }) => [name, items.length])).toEqual([
    [undefined, 1],
    ['Russia', 1],
    ['Ukraine', 2],
  ]);
});

test('the sources that a clause cites stand once each', () => {
  const other = { ...known, id: 's2' };
  const found = sourcesOf({
    clause: {
      id: 'c',
      source: null,
      assessments: { nodes: [{ id: 'a', evidence: [known] }] },
      events: { nodes: [{ id: 'e', title: 'Talks', happenedOn: '2015-02-11', sources: [other, known] }] },
      agreement: { id: 'g', source: other },
    },
  });
  expect(found.map(({ id }) => id)).toEqual(['s1', 's2']);
});
