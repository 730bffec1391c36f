import { expect, test } from 'vitest';
import { marksOf } from './marks';

const event = (id: string, happenedOn: string) => ({ id, title: `Event ${id}`, date: happenedOn, happenedOn });

test('each day has one mark, of its first event or of the ends of agreements', () => {
  const endings = [
    { shortTitle: 'Pact', endedOn: '2022-02-24' },
    { shortTitle: 'Treaty', endedOn: '2022-02-24' },
    { shortTitle: 'Truce', endedOn: '2011-04-01' },
    { shortTitle: 'Accord', endedOn: null },
  ];
  const marks = marksOf([event('a', '2022-02-24'), event('b', '2015-02-12'), event('c', '2015-02-12'), event('d', '1990-01-01')], endings, '2000-01-01');
  expect(marks).toEqual([
    { day: '2011-04-01', label: 'Truce ended' },
    { day: '2015-02-12', label: 'Event b', to: '/events/b' },
    { day: '2022-02-24', label: 'Event a', to: '/events/a' },
  ]);
});
