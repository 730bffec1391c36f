import { describe, expect, test } from 'vitest';
import { byReading } from './readings';
import { sourcesOf } from './sources';
import { standingOf } from './standing';
import { confidenceOf, type Draft, evidenceField, FIELDS, inputOf, isConflict, newKey, problemsFrom, problemsOf, since } from './update';

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
  isWithoutEvidence: false,
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

test('confidence follows from the evidence until somebody says it', () => {
  expect(confidenceOf({ confidence: undefined, evidence: [] })).toBe('LOW');
  expect(confidenceOf({ confidence: undefined, evidence: [{ key: 's1', known }] })).toBe('MEDIUM');
  expect(confidenceOf({ confidence: 'HIGH', evidence: [] })).toBe('HIGH');
});

describe('what was just recorded', () => {
  const ukraine = { id: 'p1', slug: 'ukraine', shortName: 'Ukraine' };
  const recorded = { id: 'a', effectiveOn: '2020-01-01', recordedAt: '2026-01-01T10:00:00Z', heldBy: null };
  const earlier = { id: 'b', effectiveOn: '2019-01-01', recordedAt: '2025-01-01T10:00:00Z', heldBy: null };
  const neutral = { asOf: undefined, heldBy: undefined };

  test('is what the page shows, also before the page knows it', () => {
    expect(standingOf(recorded, recorded, neutral)).toBe('SHOWN');
    expect(standingOf(recorded, earlier, neutral)).toBe('SHOWN');
    expect(standingOf(recorded, null, { ...neutral, asOf: '2020-01-01' })).toBe('SHOWN');
    expect(standingOf({ ...recorded, heldBy: ukraine }, null, { ...neutral, heldBy: 'p1' })).toBe('SHOWN');
  });

  test('or is not, for a reason', () => {
    expect(standingOf(recorded, null, { ...neutral, heldBy: 'ukraine' })).toBe('OTHER_VIEW');
    expect(standingOf({ ...recorded, heldBy: ukraine }, earlier, neutral)).toBe('OTHER_VIEW');
    expect(standingOf(recorded, earlier, { ...neutral, asOf: '2019-12-31' })).toBe('LATER_DAY');
    expect(standingOf(recorded, { ...earlier, effectiveOn: '2021-01-01' }, neutral)).toBe('EARLIER');
    expect(standingOf(recorded, { ...recorded, id: 'c', recordedAt: '2026-01-02T10:00:00Z' }, neutral)).toBe('REPLACED');
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

  test('is evidence that was neither named nor said to be missing', () => {
    expect(fields({ evidence: [] })).toEqual([FIELDS.evidence]);
    expect(fields({ evidence: [], isWithoutEvidence: true })).toEqual([]);
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
