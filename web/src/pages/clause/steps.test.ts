import { expect, test } from 'vitest';
import { type Assessment, stepsOf } from './steps';

const assess = (id: string, status: Assessment['status'], effectiveOn: string, heldBy?: string): Assessment => ({
  id,
  status,
  effectiveOn,
  effectiveDate: effectiveOn,
  recordedAt: '2026-01-01T00:00:00Z',
  heldBy: heldBy ? { id: heldBy, slug: heldBy, shortName: heldBy } : null,
  evidence: [{ id: `source of ${id}` }],
});

test('each viewpoint has its steps up to the day, the neutral record first', () => {
  const rows = stepsOf(
    [
      assess('e', 'VOID', '2022-02-22', 'Russia'),
      assess('d', 'BREACHED', '2022-03-01'),
      assess('c', 'PARTIAL', '2016-01-01'),
      assess('b', 'PARTIAL', '2015-06-01'),
      assess('a', 'NOT_STARTED', '2015-02-12'),
      assess('f', 'COMPLETE', '2015-02-12', 'CADLR'),
    ],
    '2022-02-24',
  );
  expect(rows.map(({ holder, steps }) => [holder?.shortName, steps.map(({ status, from, to, points }) => [status, from, to, points.length])])).toEqual([
    [undefined, [['NOT_STARTED', '2015-02-12', '2015-06-01', 1], ['PARTIAL', '2015-06-01', '2022-02-24', 2]]],
    ['CADLR', [['COMPLETE', '2015-02-12', '2022-02-24', 1]]],
    ['Russia', [['VOID', '2022-02-22', '2022-02-24', 1]]],
  ]);
});

test('the last assessment of a day counts', () => {
  const later = { ...assess('a', 'COMPLETE', '2015-02-12'), recordedAt: '2026-01-02T00:00:00Z' };
  const [row] = stepsOf([later, assess('b', 'BREACHED', '2015-02-12')], '2016-01-01');
  expect(row?.steps.map(({ status }) => status)).toEqual(['COMPLETE']);
});
