import { expect, test } from 'vitest';
import { timeTicks } from './timeTicks';

const labels = (first: string, last: string, width: number) => timeTicks(first, last, width).map(({ label }) => label);

test('decades are marked by round years that have room', () => {
  expect(timeTicks('2014-09-05', '2022-02-24', 1000).map(({ day }) => day)).toEqual(
    [2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022].map((year) => `${year}-01-01`),
  );
  expect(labels('1998-04-10', '2026-11-29', 1000)).toEqual(['2000', '2002', '2004', '2006', '2008', '2010', '2012', '2014', '2016', '2018', '2020', '2022', '2024', '2026']);
  expect(labels('1998-04-10', '2026-11-29', 320)).toEqual(['2000', '2010', '2020']);
});

test('a short time is marked by months or days', () => {
  expect(labels('2015-02-12', '2015-06-30', 800)).toEqual(['Mar 2015', 'Apr 2015', 'May 2015', 'Jun 2015']);
  expect(labels('2015-02-12', '2015-02-15', 800)).toEqual(['12 Feb 2015', '13 Feb 2015', '14 Feb 2015', '15 Feb 2015']);
  expect(labels('2015-02-12', '2015-02-12', 800)).toEqual(['12 Feb 2015']);
});

test('there are never more labels than fit in the width', () => {
  for (const [first, last] of [['0001-01-01', '9999-12-31'], ['1648-10-24', '2026-01-01'], ['2020-02-28', '2021-03-01']] as const) {
    for (const width of [280, 500, 1200]) expect(labels(first, last, width).length).toBeLessThanOrEqual(width / 60 + 1);
  }
});
