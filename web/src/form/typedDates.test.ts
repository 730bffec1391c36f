import { expect, test } from 'vitest';
import { dateProblem } from './dateProblem';
import { impossibleDayIn, readDate } from './typedDates';

test('dates are read from typed texts', () => {
  const texts = {
    ' 2015-02 ': '2015-02', '14 February 2015': '2015-02-14', 'February 14, 2015': '2015-02-14', '14.2.2015': '2015-02-14',
    '2015-02-01 / 2015-02-14': '2015-02-01/2015-02-14', '2015-02-14~': '2015-02-14~',
    // These are incomplete, ambiguous or impossible.
    '14 February': '14 February', '2015-02-01 to ': '2015-02-01 to', '5/6/2015': '5/6/2015', '30 February 2022': '30 February 2022', '': '',
  };
  for (const [text, date] of Object.entries(texts)) expect([text, readDate(text)]).toEqual([text, date]);
});

test('days that the calendar does not have are named', () => {
  for (const text of ['2022-02-30', '30 February 2022', '30.2.2022', '30/2/2022', '2022-02-30~', '2022-02-01/2022-02-30']) {
    expect([text, impossibleDayIn(text)]).toEqual([text, '30 February 2022']);
    expect(dateProblem(text)).toBe('30 February 2022 does not exist');
  }
  for (const text of ['2022-02-28', '2022-13-01', '2022-02', 'spring 2022', '5/6/2022', '']) expect([text, impossibleDayIn(text)]).toEqual([text, undefined]);
  expect(dateProblem('spring 2022')).toBe('Enter a valid date');
});
