import { describe, expect, test } from 'vitest';
import { newKey } from '../../form/key';
import { isConflict } from '../../form/problems';
import { groupByReading } from './readings';
import { recordedStateOf } from '../../status/recordedState';
import type { StatusKind } from '../../status/subject';
import { citedSources } from './sources';
import { confidenceOf, type Draft, evidenceField, FIELDS, inputOf, statusProblems, validate, changedSince } from '../../status/update';

const existing = { id: 's1', title: 'Tägliche Berichte', publisher: 'OSCE', publishedOn: '2015-02-12', kind: 'PRESS', url: null, archivedUrl: null, language: null } as const;
const newSource = { title: ' A report ', kind: 'PRESS', url: '', publisher: ' ', publishedOn: '' } as const;
const CLAUSE = { kind: { idField: 'clauseId' } as StatusKind, id: 'c1' };
const draft: Draft = {
  status: 'PARTIAL',
  breachedBy: [],
  effectiveDate: '2020-01-01',
  note: ' Half of it. ',
  momentum: 'STEADY',
  confidence: 'HIGH',
  heldBy: '',
  event: '',
  evidence: [
    { key: 's1', existing },
    { key: 'k', newSource },
  ],
  isWithoutEvidence: false,
};

describe('the input of the mutation', () => {
  test('has the draft without empty fields', () => {
    expect(inputOf(draft, CLAUSE, 7)).toEqual({
      clauseId: 'c1',
      expectedVersion: 7,
      status: 'PARTIAL',
      effectiveDate: '2020-01-01',
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

  test('sends the locator, quotation and access date of an existing source', () => {
    const place = { locator: 'p. 3', quotation: null, accessedOn: '2026-11-28' };
    const { evidence } = inputOf({ ...draft, evidence: [{ key: 's1', existing, place }] }, CLAUSE, 7);
    expect(evidence).toEqual([{ citation: { sourceId: 's1', ...place } }]);
  });

  test('has breakers only with the status BREACHED', () => {
    const breakersFor = (part: Partial<Draft>) => inputOf({ ...draft, ...part }, CLAUSE, 7).breachedBy;
    expect(breakersFor({ status: 'BREACHED', breachedBy: ['p1', 'p2'] })).toEqual(['p1', 'p2']);
    expect(breakersFor({ status: 'BREACHED', breachedBy: [] })).toBeUndefined();
    // The user chose parties, and then another status.
    expect(breakersFor({ status: 'PARTIAL', breachedBy: ['p1'] })).toBeUndefined();
  });

  test('has a unique key', () => {
    const keys = new Set(Array.from({ length: 100 }, newKey));
    expect(keys.size).toBe(100);
    expect([...keys].every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true);
  });
});

test('the default confidence depends on the evidence', () => {
  expect(confidenceOf({ confidence: undefined, evidence: [] })).toBe('LOW');
  expect(confidenceOf({ confidence: undefined, evidence: [{ key: 's1', existing }] })).toBe('MEDIUM');
  expect(confidenceOf({ confidence: 'HIGH', evidence: [] })).toBe('HIGH');
});

describe('the recorded status', () => {
  const ukraine = { id: 'p1', slug: 'ukraine', shortName: 'Ukraine' };
  const recorded = { id: 'a', effectiveOn: '2020-01-01', recordedAt: '2026-01-01T10:00:00Z', heldBy: null };
  const earlier = { id: 'b', effectiveOn: '2019-01-01', recordedAt: '2025-01-01T10:00:00Z', heldBy: null };
  const neutral = { asOf: undefined, heldBy: undefined };

  test('is shown, even before the page has loaded it', () => {
    expect(recordedStateOf(recorded, recorded, neutral)).toBe('SHOWN');
    expect(recordedStateOf(recorded, earlier, neutral)).toBe('SHOWN');
    expect(recordedStateOf(recorded, null, { ...neutral, asOf: '2020-01-01' })).toBe('SHOWN');
    expect(recordedStateOf({ ...recorded, heldBy: ukraine }, null, { ...neutral, heldBy: 'p1' })).toBe('SHOWN');
  });

  test('is not shown for a reason', () => {
    expect(recordedStateOf(recorded, null, { ...neutral, heldBy: 'ukraine' })).toBe('OTHER_VIEW');
    expect(recordedStateOf({ ...recorded, heldBy: ukraine }, earlier, neutral)).toBe('OTHER_VIEW');
    expect(recordedStateOf(recorded, earlier, { ...neutral, asOf: '2019-12-31' })).toBe('LATER_DAY');
    expect(recordedStateOf(recorded, { ...earlier, effectiveOn: '2021-01-01' }, neutral)).toBe('EARLIER');
    expect(recordedStateOf(recorded, { ...recorded, id: 'c', recordedAt: '2026-01-02T10:00:00Z' }, neutral)).toBe('REPLACED');
  });
});

describe('problems', () => {
  const fields = (part: Partial<Draft>) =>
    validate({ ...draft, ...part }, '2015-02-12', '2020-06-01').map(({ field }) => field);

  test('are found before the form is sent', () => {
    expect(fields({})).toEqual([]);
    expect(fields({ status: undefined, effectiveDate: '', note: ' ' })).toEqual([FIELDS.status, FIELDS.effectiveDate, FIELDS.note]);
    expect(fields({ effectiveDate: '2015-02-11' })).toEqual([FIELDS.effectiveDate]);
    expect(fields({ effectiveDate: '2020-06-02' })).toEqual([FIELDS.effectiveDate]);
    expect(fields({ evidence: [{ key: 'k', newSource: { ...newSource, title: ' ' } }] })).toEqual([evidenceField('k', 'title')]);
  });

  test('of a date concern its last day', () => {
    for (const date of ['2015-02', '2015', '2015-02-12~', '2015-01-01/2015-02-12', '2020-05']) {
      expect([date, fields({ effectiveDate: date })]).toEqual([date, []]);
    }
    for (const date of ['2015-01', '2014', '2020', '2020-06', '2020-05/2020-06-02', '2015-13', '2015-02-30', '2016/2015', 'May 2015']) {
      expect([date, fields({ effectiveDate: date })]).toEqual([date, [FIELDS.effectiveDate]]);
    }
  });

  test('include missing evidence, unless the user stated that there is none', () => {
    expect(fields({ evidence: [] })).toEqual([FIELDS.evidence]);
    expect(fields({ evidence: [], isWithoutEvidence: true })).toEqual([]);
  });

  test('of the server belong to fields', () => {
    const field = (...path: string[]) => statusProblems([{ code: 'INVALID', path, message: 'no' }], draft)[0]?.field;
    expect(field('input', 'effectiveDate')).toBe(FIELDS.effectiveDate);
    expect(field('input', 'heldBy')).toBe(FIELDS.heldBy);
    expect(field('input', 'breachedBy', '1')).toBe(FIELDS.breachedBy);
    expect(field('input', 'evidence', '1', 'source', 'url')).toBe(evidenceField('k', 'url'));
    expect(field('input', 'evidence', '0', 'sourceId')).toBe(FIELDS.evidence);
    expect(field('input', 'clauseId')).toBeUndefined();
    expect(field()).toBeUndefined();
  });

  test('a conflict is identified by its code', () => {
    expect(isConflict([{ code: 'CONFLICT', path: [], message: '' }])).toBe(true);
    expect(isConflict([{ code: 'INVALID', path: [], message: '' }])).toBe(false);
  });
});

test('concurrent changes are new and retracted assessments', () => {
  const a = { id: 'a', retractedAt: null };
  const b = { id: 'b', retractedAt: null };
  expect(changedSince([a], [b, a])).toEqual([b]);
  expect(changedSince([a, b], [b, { ...a, retractedAt: '2020-01-01T00:00:00Z' }]).map(({ id }) => id)).toEqual(['a']);
  expect(changedSince([a, b], [b, a])).toEqual([]);
});

test('the text comes before the readings of parties', () => {
  const of = (name: string | null) => ({ heldBy: name ? { id: name, shortName: name } : null });
  const readings = groupByReading([of('Ukraine'), of('Russia'), of(null), of('Ukraine')]);
  expect(readings.map(({ name, items }) => [name, items.length])).toEqual([
    [undefined, 1],
    ['Russia', 1],
    ['Ukraine', 2],
  ]);
});

test('the cited sources of a clause are distinct', () => {
  const other = { ...existing, id: 's2' };
  const sources = citedSources({
    clause: {
      id: 'c',
      source: null,
      assessments: { nodes: [{ id: 'a', evidence: [existing] }] },
      events: { nodes: [{ id: 'e', title: 'Talks', date: '2015-02-11', sources: [other, existing] }] },
      agreement: { id: 'g', source: other, parties: [] },
    },
  });
  expect(sources.map(({ id }) => id)).toEqual(['s1', 's2']);
});
