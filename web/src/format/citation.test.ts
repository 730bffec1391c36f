import { expect, test } from 'vitest';
import { bibtex, cslJson, ris } from './citation';

const PAGE = {
  title: 'Minsk II, 4.b: 100 % of {the} area_1 & “more” \\ ~ ^ $ #',
  url: 'https://example.org/agreements/minsk-2?asOf=2021-12-02&text=50%25_{x}#4.b',
  publisher: 'Clausewatch',
  day: '2021-12-02',
  accessed: '2026-11-29',
  note: 'As of 2 Dec 2021;\nview of Russia',
};

test('BibTeX escapes what TeX would interpret, and keeps the address', () => {
  expect(bibtex(PAGE)).toBe(`@misc{clausewatch-minsk-ii-4-b-100-of-the-area-1-more-2021-12-02,
  title = {{Minsk II, 4.b: 100 \\% of \\{the\\} area\\_1 \\& “more” \\textbackslash{} \\textasciitilde{} \\textasciicircum{} \\$ \\#}},
  author = {{Clausewatch}},
  publisher = {Clausewatch},
  date = {2021-12-02},
  year = {2021},
  url = {https://example.org/agreements/minsk-2?asOf=2021-12-02&text=50%25_%7Bx%7D#4.b},
  urldate = {2026-11-29},
  note = {As of 2 Dec 2021;
view of Russia},
}
`);
});

test('RIS has one line for each value', () => {
  expect(ris(PAGE)).toBe(
    [
      'TY  - ELEC',
      `TI  - ${PAGE.title}`,
      'PB  - Clausewatch',
      'PY  - 2021',
      'DA  - 2021/12/02/',
      'Y2  - 2026/11/29/',
      `UR  - ${PAGE.url}`,
      'N1  - As of 2 Dec 2021; view of Russia',
      'ER  - ',
      '',
    ].join('\r\n'),
  );
});

test('CSL-JSON has dates in parts', () => {
  expect(JSON.parse(cslJson(PAGE))).toEqual([
    {
      id: PAGE.url,
      type: 'webpage',
      title: PAGE.title,
      publisher: 'Clausewatch',
      issued: { 'date-parts': [[2021, 12, 2]] },
      accessed: { 'date-parts': [[2026, 11, 29]] },
      URL: PAGE.url,
      note: PAGE.note,
    },
  ]);
});

test('a page without a day has none', () => {
  const { day: _, note: __, ...page } = PAGE;
  expect(bibtex(page)).not.toMatch(/ (date|year|note) =/);
  expect(ris(page)).not.toMatch(/^(DA|PY|N1) /m);
  expect(JSON.parse(cslJson(page))[0]).not.toHaveProperty('issued');
});
