import { describe, expect, test } from 'vitest';
import type { DayMarkFragment } from '../api/types.gen';
import { labelledYears, marksOf, neighbours } from './dayMarks';

const assessed = (id: string, day: string, status: 'PARTIAL' | 'BREACHED', slug?: string): DayMarkFragment => ({
  __typename: 'ClauseAssessment',
  id,
  effectiveOn: day,
  clauseStatus: status,
  heldBy: slug === undefined ? null : { id: slug, slug },
  clause: { id: 'c9', reference: 'Minsk II, 9' },
});
const happened = (id: string, day: string, title: string): DayMarkFragment => ({ __typename: 'Event', id, title, happenedOn: day });

const ENTRIES = [
  assessed('a1', '2015-03-01', 'PARTIAL'),
  happened('e1', '2015-03-01', 'Withdrawal begins'),
  assessed('a2', '2016-05-02', 'BREACHED', 'ukraine'),
  happened('e1', '2015-03-01', 'Withdrawal begins'),
  assessed('a3', '2015-02-15', 'PARTIAL'),
];

describe('marks of days', () => {
  test('have events first, each once, in the order of days', () => {
    expect(marksOf(ENTRIES, undefined)).toEqual([
      { day: '2015-02-15', labels: ['Minsk II, 9: Partial'], hasEvent: false },
      { day: '2015-03-01', labels: ['Withdrawal begins', 'Minsk II, 9: Partial'], hasEvent: true },
    ]);
  });

  test('have the assessments of the viewpoint only', () => {
    expect(marksOf(ENTRIES, 'ukraine').map(({ day, labels }) => [day, ...labels])).toEqual([
      ['2015-03-01', 'Withdrawal begins'],
      ['2016-05-02', 'Minsk II, 9: Breached'],
    ]);
  });

  test('have neighbours on either side', () => {
    const marks = marksOf(ENTRIES, undefined);
    const days = (day: string) => [neighbours(marks, day).previous?.day, neighbours(marks, day).next?.day];
    expect(days('2015-01-01')).toEqual([undefined, '2015-02-15']);
    expect(days('2015-02-15')).toEqual([undefined, '2015-03-01']);
    expect(days('2026-11-29')).toEqual(['2015-03-01', undefined]);
    expect([neighbours([], '2015-01-01').previous, neighbours([], '2015-01-01').next]).toEqual([undefined, undefined]);
  });
});

describe('years of the axis', () => {
  test('are labelled as long as there is room', () => {
    expect(labelledYears('2021-12-17', '2024-02-01', 7)).toEqual([2022, 2023, 2024]);
    expect(labelledYears('2015-02-12', '2026-11-29', 7)).toEqual([2016, 2018, 2020, 2022, 2024, 2026]);
    expect(labelledYears('1998-04-10', '2026-11-29', 7)).toEqual([2000, 2005, 2010, 2015, 2020, 2025]);
    expect(labelledYears('1648-10-24', '2026-11-29', 7)).toEqual([1700, 1800, 1900, 2000]);
    expect(labelledYears('2026-01-01', '2026-11-29', 7)).toEqual([]);
  });
});
