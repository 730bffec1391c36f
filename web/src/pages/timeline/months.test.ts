import { expect, it } from 'vitest';
import type { TimelineEntry } from '../../components/TimelineList';
import { byMonth } from './months';

const event = (id: string, happenedOn: string): TimelineEntry => ({ __typename: 'Event', id, title: id, happenedOn, date: happenedOn, summary: '' });

it('groups entries by month and keeps their order', () => {
  const entries = [event('d', '2015-03-01'), event('c', '2015-02-28'), event('b', '2015-02-01'), event('a', '2014-02-01')];
  const groups = byMonth(entries).map(([month, entries]) => [month, entries.map(({ id }) => id).join('')]);
  expect(groups).toEqual([
    ['2015-03', 'd'],
    ['2015-02', 'cb'],
    ['2014-02', 'a'],
  ]);
  expect(byMonth([])).toEqual([]);
});
