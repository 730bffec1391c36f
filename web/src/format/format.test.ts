import { describe, expect, test } from 'vitest';
import { toCsv } from './csv';
import { dayNumber, dayOf, parseDays, isDay, shortDay, today } from './days';
import { fileName } from './download';
import { dateText, lastDay } from './edtf';

describe('days', () => {
  test('only days of the calendar are valid', () => {
    expect(['2015-02-12', '2016-02-29', '0001-01-01'].map(isDay)).toEqual([true, true, true]);
    expect(['2015-02-30', '2015-2-12', '12.02.2015', '', '2015-02-12T00:00'].map(isDay)).not.toContain(true);
  });

  test('dates are parsed in all usual forms', () => {
    const forms = [
      '2026-11-28', '2026/11/28', '2026.11.28', '2026-11-28T13:45:00Z', ' 28.11.2026 ', '28. 11. 2026', '28/11/2026', '11/28/2026',
      '28-11-2026', '28 November 2026', '28 Nov 2026', '28th of November 2026', 'November 28, 2026', 'Nov. 28 2026',
      'Saturday, 28 November 2026', 'Sat, November 28th, 2026', '28\u00a0NOVEMBER\u00a02026',
    ];
    for (const form of forms) expect([form, parseDays(form)]).toEqual([form, ['2026-11-28']]);
    expect(parseDays('1.2.2022')).toEqual(['2022-02-01']);
    expect(parseDays('5/5/2022')).toEqual(['2022-05-05']);
  });

  test('an ambiguous date gives two days, an invalid one gives none', () => {
    expect(parseDays('5/6/2022')).toEqual(['2022-06-05', '2022-05-06']);
    for (const text of ['', 'yesterday', '30 February 2022', '31/31/2022', '28.11.26', '2022', '0000-01-01']) {
      expect([text, parseDays(text)]).toEqual([text, []]);
    }
  });

  test('consecutive days have consecutive numbers', () => {
    expect(dayNumber('2015-03-01') - dayNumber('2015-02-28')).toBe(1);
    expect(dayOf(dayNumber('2014-09-05'))).toBe('2014-09-05');
    expect(dayNumber('1970-01-01')).toBe(0);
  });

  test('the month is a word', () => {
    expect(shortDay('2015-02-12')).toBe('12 Feb 2015');
    expect(shortDay('2014-09-05')).toBe('5 Sep 2014');
  });

  test('today is the day in UTC', () => {
    expect(today(new Date('2026-11-24T23:30:00-02:00'))).toBe('2026-11-25');
  });
});

describe('dates in EDTF', () => {
  test('have a last day', () => {
    const days = { '2015-02-14': '2015-02-14', '2015-02': '2015-02-28', '2016-02~': '2016-02-29', '2015': '2015-12-31', '2015-02-01/2015-03': '2015-03-31' };
    for (const [date, day] of Object.entries(days)) expect([date, lastDay(date)]).toEqual([date, day]);
    for (const date of ['', '~', '/', '2015-13', '2015-02-30', '15', '0000', '2015/2016~', '2015/2016/2017', '2015-03/2015-02', 'May 2015']) {
      expect([date, lastDay(date)]).toEqual([date, undefined]);
    }
  });

  test('are shown with their precision', () => {
    const names = {
      '2015-02-14': '14 Feb 2015', '2015-02': 'February 2015', '2015': '2015', '2015-02-14~': 'about 14 Feb 2015', '2015-02~': 'about February 2015',
      '2015-02-01/2015-02-14': '1–14 Feb 2015', '2015-02-20/2015-03-02': '20 Feb–2 Mar 2015', '2015-02/2015-04': 'February 2015–April 2015',
    };
    for (const [date, name] of Object.entries(names)) {
      // Versions of ICU differ in the spaces around the dash.
      expect(dateText(date).replace(/\s*–\s*/, '–')).toBe(name);
    }
    expect(dateText('typing')).toBe('typing');
  });
});

describe('csv', () => {
  test('fields are quoted if necessary', () => {
    expect(toCsv([['a', 'b,c'], ['say "x"', 'two\nlines'], [1, null]])).toBe(
      '\uFEFFa,"b,c"\r\n"say ""x""","two\nlines"\r\n1,\r\n',
    );
  });

  test('texts are not formulas, and numbers stay numbers', () => {
    expect(toCsv([['=1+1', -5, '-x', '@y']])).toBe("\uFEFF'=1+1,-5,'-x,'@y\r\n");
  });
});

test('file names have no characters that file systems reject', () => {
  expect(fileName(['minsk-2', 'Clauses / all', '2021-12-02'], 'csv')).toBe('minsk-2-clauses-all-2021-12-02.csv');
  expect(fileName(['…'], 'svg')).toBe('clausewatch.svg');
  // Letters of all scripts are kept, so that the files of different searches have different names.
  expect(fileName(['search', 'Кордон, війна'], 'csv')).toBe('search-кордон-війна.csv');
});
