import { describe, expect, it } from 'vitest';
import { chineseNumber, markersOf, roman } from './markers';
import { split } from './split';

/** The numbers of the clauses, each indented by its depth. */
const numbers = (text: string) => split(text).map(({ number, depth }) => '  '.repeat(depth) + number);

describe('splitting the text of an agreement', () => {
  it('finds numbered clauses, and keeps wrapped lines and dates in their text', () => {
    const text = `Package of Measures

1. Immediate and comprehensive ceasefire in certain areas
and its strict fulfilment as of
15.02.2015, 12 a.m. local time.

2. Withdrawal of all heavy weapons by both sides by equal distances:
- of at least 50 km apart for artillery systems of calibre of 100 mm and more;
- the withdrawal has to be completed within 14 days, in
2015.

3. Ensure effective monitoring.`;
    expect(numbers(text)).toEqual(['', '1', '2', '3']);
    const [title, first, second] = split(text);
    expect(title).toMatchObject({ heading: 'Package of Measures', text: 'Package of Measures' });
    expect(first?.text).toBe('Immediate and comprehensive ceasefire in certain areas and its strict fulfilment as of 15.02.2015, 12 a.m. local time.');
    expect(first?.heading).toBe('Immediate and comprehensive ceasefire in certain areas and its strict…');
    expect(second?.text).toContain('in 2015.');
  });

  it('takes headings and paragraphs of articles', () => {
    const text = `ARTICLE I
Ceasefire
1. The Parties shall cease fire.
2. They shall:
(a) withdraw;
(b) report, under
Article 3 of the Treaty, to the Commission.
Article II — Withdrawal
The Parties shall withdraw.

Within 30 days.
Article III.
1. Each side pays.`;
    expect(numbers(text)).toEqual(['I', '  I.1', '  I.2', '    I.2.a', '    I.2.b', 'II', 'III', '  III.1']);
    const items = split(text);
    expect(items[0]).toMatchObject({ heading: 'Ceasefire', text: 'Ceasefire' });
    expect(items[4]?.text).toBe('report, under Article 3 of the Treaty, to the Commission.');
    expect(items[5]).toMatchObject({ heading: 'Withdrawal', text: 'The Parties shall withdraw.\n\nWithin 30 days.' });
  });

  it('nests decimals below their numbers', () => {
    const text = `1. General
1.1 Scope. This applies.
1.1.1 Details
1.2. Terms
2. Duties
2.1 The sides
10.30 a.m. is the hour.`;
    expect(numbers(text)).toEqual(['1', '  1.1', '    1.1.1', '  1.2', '2', '  2.1']);
  });

  it('tells letters from roman numerals by their lists', () => {
    const lines = (marks: string) => marks.split(' ').map((mark) => `(${mark}) text`).join('\n');
    expect(numbers(lines('a b c d e f g h i j'))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);
    expect(numbers(lines('a i ii iii iv v vi b c i ii'))).toEqual(['a', '  a.i', '  a.ii', '  a.iii', '  a.iv', '  a.v', '  a.vi', 'b', 'c', '  c.i', '  c.ii']);
    expect(numbers('I. First\n1) one\n2) two\nII. Second\n1) one')).toEqual(['I', '  I.1', '  I.2', 'II', '  II.1']);
  });

  it('puts articles into chapters, and sections below articles if they come first', () => {
    expect(numbers('Chapter 1 Rights\nArticle 1\n(1) text\n(2) text\nArticle 2\nCHAPTER 2\nArticle 3\nAnnex A\n1. text')).toEqual([
      'Chapter-1', '  1', '    1.1', '    1.2', '  2', 'Chapter-2', '  3', 'Annex-A', '  Annex-A.1',
    ]);
    expect(numbers('Chapter 1\nArticle 1\nChapter 2\nArticle 1')).toEqual(['Chapter-1', '  1', 'Chapter-2', '  Chapter-2.1']);
    expect(numbers('Article I\nSection 1. Powers\nSection 2. Term\nArticle II\nSection 1. Courts')).toEqual([
      'I', '  Section-1', '  Section-2', 'II', '  II.Section-1',
    ]);
    expect(numbers('§ 1 Scope\n(1) text\n§2 Terms\n§ 2a More')).toEqual(['1', '  1.1', '2', '2a']);
  });

  it('reads numbers in other scripts, and converts them to valid clause numbers', () => {
    expect(numbers('Стаття 1\n1. Сторони припиняють вогонь:\nа) негайно;\nб) повністю.\n2. Вони звітують.\nСтаття 2. Обмін')).toEqual([
      '1', '  1.1', '    1.1.a', '    1.1.b', '  1.2', '2',
    ]);
    expect(numbers('Раздел I\nСтатья 1. Цели\nРаздел II\nСтатья 2')).toEqual(['Chapter-I', '  1', 'Chapter-II', '  2']);
    expect(numbers('المادة ١\nنص\nالمادة ٢\nنص')).toEqual(['1', '2']);
    expect(numbers('第一条 停火\n双方停火。\n第十二条 监督')).toEqual(['1', '12']);
    expect(numbers('१. पहला\n२. दूसरा')).toEqual(['1', '2']);
    expect(split('Стаття 1\n').every(({ number }) => /^[A-Za-z0-9.-]*$/.test(number))).toBe(true);
  });

  it('continues an outer list after a nested one of the same style', () => {
    expect(numbers('1. The sides:\n1. agree;\n2. sign.\n2. Then they leave.\n3. End.')).toEqual(['1', '  1.1', '  1.2', '2', '3']);
  });

  it('leaves a text without numbers whole', () => {
    expect(split('The sides agree.\nOn peace.')).toMatchObject([{ number: '', heading: 'The sides agree. On peace', text: 'The sides agree. On peace.' }]);
    expect(split(' \n\n')).toEqual([]);
  });

  it('splits 5,000 lines at once, and hostile ones', () => {
    const lines = Array.from({ length: 5000 }, (_, index) => (index % 5 === 0 ? `${index / 5 + 1}. Point ${index}` : `${'('.repeat(50)}i`.repeat(4)));
    const start = performance.now();
    expect(split(lines.join('\n'))).toHaveLength(1000);
    expect(performance.now() - start).toBeLessThan(1000);
    const long = `${'1.'.repeat(50_000)}\n${'i'.repeat(100_000)}) x\n§${' '.repeat(100_000)}x`;
    expect(split(long).length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('numbers at the start of a line', () => {
  it('have values', () => {
    expect(['i', 'iv', 'IX', 'xl', 'XCIX', 'iiii', 'vx', ''].map(roman)).toEqual([1, 4, 9, 40, 99, 0, 0, 0]);
    expect(['一', '十', '十二', '二十', '二十三', '一百零五'].map(chineseNumber)).toEqual([1, 10, 12, 20, 23, 105]);
  });

  it('are not found in sentences', () => {
    for (const line of ['Article 3 of the treaty applies', 'Parties 3', '12.05.2014 was the day', '1995', 'a day', 'I agree', 'part i']) {
      expect(markersOf(line).filter(({ style }) => style !== 'word 1'), line).toEqual([]);
    }
  });
});
