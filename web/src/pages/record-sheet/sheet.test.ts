import { describe, expect, test } from 'vitest';
import { decode, parseCells } from './parse';
import cases from './sheet.cases.json';
import { faultsOf, type Names, readSheet, type SheetRow } from './sheet';

const NAMES: Names = {
  parties: [
    { slug: 'ukraine', names: ['Ukraine', 'Україна'] },
    { slug: 'russia', names: ['Russia'] },
    { slug: 'north', names: ['The North'] },
    { slug: 'far-north', names: ['The North'] },
  ],
  instruments: [
    { slug: 'minsk-2', names: ['Minsk II', 'Package of Measures'] },
    { slug: 'us-reply-2022', names: ['US reply'] },
  ],
};

const read = (text: string) => {
  const { data, problems } = parseCells(text);
  return { ...readSheet({ data }, NAMES), malformed: problems };
};

const only = (text: string) => {
  const { rows, problems } = read(text);
  expect(problems).toEqual([]);
  const [row] = rows;
  if (!row || rows.length > 1) throw new Error(`${rows.length} rows`);
  return row;
};

const faults = (row: SheetRow) => faultsOf(row, []).join();

describe('a sheet', () => {
  test('is read with every delimiter, line ending and a byte order mark', () => {
    for (const delimiter of [',', ';', '\t']) {
      for (const end of ['\n', '\r\n']) {
        const cells = [
          ['reference', 'Status', 'DATE', 'Note'],
          ['minsk-2/9', 'partial', '2022-03-05', '"Seen; twice, ""really""' + end + 'so."'],
          ['minsk-2/10', 'Not started', '2022-03-06', 'Not seen.'],
        ];
        const text = '\uFEFF' + cells.map((row) => row.join(delimiter)).join(end) + end;
        const { rows, problems, malformed } = read(text);
        expect([problems, malformed]).toEqual([[], []]);
        expect(rows.map(({ item }) => [item.subject, item.status, item.effectiveDate])).toEqual([
          ['minsk-2/9', 'PARTIAL', '2022-03-05'],
          ['minsk-2/10', 'NOT_STARTED', '2022-03-06'],
        ]);
        expect(rows[0]?.item.note).toBe(`Seen; twice, "really"${end}so.`);
      }
    }
  });

  test('numbers its rows as the spreadsheet does, without empty ones', () => {
    const { rows } = read('reference,status,date,note\n\na/1,PARTIAL,2022,n\n,,,\na/2,PARTIAL,2022,n\n');
    expect(rows.map(({ line }) => line)).toEqual([3, 5]);
  });

  test('names missing, doubled and unknown columns', () => {
    expect(read('reference,status\na/1,PARTIAL').problems.join()).toContain('“date”, “note”');
    expect(read('ref,clause,status,date,note\na,b,c,d,e').problems.join()).toContain('Two columns contain the “reference”');
    expect(read('reference,status,date,note,colour\na/1,PARTIAL,2022,n,red').ignored).toEqual(['colour']);
    for (const empty of ['', '\n\n', '\uFEFF']) expect(read(empty).problems.join()).toContain('empty');
    expect(read('reference,status,date,note').problems.join()).toContain('no rows');
  });

  test('of too many rows is rejected as a whole', () => {
    const text = `reference,status,date,note\n${'a/1,PARTIAL,2022,n\n'.repeat(5_000)}`;
    const { rows, problems } = read(text);
    expect(rows).toEqual([]);
    expect(problems.join()).toContain('5000 rows, but at most 1000');
  });

  test('has dates in the usual forms, and rejects ambiguous ones', () => {
    const date = (cell: string) => only(`reference;status;date;note\na/1;PARTIAL;${cell};n`);
    for (const cell of ['2022-03-05', '5 March 2022', '05.03.2022', '5.3.2022', 'March 5, 2022', '2022/03/05']) {
      expect([cell, date(cell).item.effectiveDate, date(cell).problems]).toEqual([cell, '2022-03-05', []]);
    }
    for (const cell of ['2022-03', '2022', '2022~', '2022-01-01/2022-03-05']) {
      expect([date(cell).item.effectiveDate, date(cell).problems]).toEqual([cell, []]);
    }
    expect(date('25/03/2022').item.effectiveDate).toBe('2022-03-25');
    expect(faults(date('05/03/2022'))).toContain('“05/03/2022” can mean 5 Mar 2022 or 3 May 2022');
    for (const cell of ['31.02.2022', 'soon', '44625']) expect(faults(date(cell))).toContain(`“${cell}” is not a date`);
  });

  test('finds records by reference, and parties by name', () => {
    const row = (cells: string) => only(`reference;status;date;note;holder;breaker\n${cells}`).item;
    const subject = (cell: string) => row(`${cell};PARTIAL;2022;n;;`).subject;
    for (const cell of ['minsk-2/9', 'Minsk II, 9', 'minsk ii 9', 'Minsk II, clause 9', 'Package of Measures / 9']) {
      expect(subject(cell)).toBe('minsk-2/9');
    }
    expect(subject('US reply, UR-4')).toBe('us-reply-2022/UR-4');
    expect(subject('US reply')).toBe('us-reply-2022');
    // The server reports the errors in these references.
    expect(subject('Minsk III, 9')).toBe('Minsk III, 9');
    expect(row('a/1;BREACHED;2022;n;Україна;russia; ').heldBy).toBe('ukraine');
    expect(row('a/1;BREACHED;2022;n;neutral;"Russia; ukraine"')).toMatchObject({ heldBy: undefined, breachedBy: ['russia', 'ukraine'] });
    // Two parties have this name.
    expect(row('a/1;BREACHED;2022;n;The North;').heldBy).toBe('The North');
  });

  test('lists the faults of each row', () => {
    const { rows } = read('reference,status,date,note,locator,momentum\n,PARTIAL,,n,p. 1,fast\n');
    expect(rows[0] && faultsOf(rows[0], [{ field: 'note', text: 'note: x' }, { field: 'effectiveDate', text: 'effectiveDate: y' }])).toEqual([
      'The cell “reference” is empty.',
      'The cell “date” is empty.',
      '“fast” is not a valid momentum. Valid values: ADVANCING, STEADY, STALLED, REGRESSING.',
      'There is a locator, but no source.',
      'note: x',
    ]);
  });

  test('cites a source with its place', () => {
    const { item } = only('reference,status,date,note,source,locator\na/1,PARTIAL,2022,n,osce-2015,p. 4');
    expect(item.evidence).toEqual([{ citation: { sourceId: 'osce-2015', locator: 'p. 4' } }]);
    expect(item.confidence).toBeUndefined();
    expect(only('reference,status,date,note\na/1,PARTIAL,2022,n').item.confidence).toBe('LOW');
  });

  test('with an open quote says where', () => {
    expect(read('reference,status,date,note\na/1,PARTIAL,2022,"n').malformed.length).toBeGreaterThan(0);
  });
});

interface Case {
  title: string;
  text: string;
  rows: { line: number; item?: Record<string, unknown>; problems?: string[] }[];
  problems?: string[];
  ignored?: string[];
}

// A test of the server reads the same sheets, because the command `record` and this page must interpret them in the same way.
describe('a sheet that the command reads, too', () => {
  test.each(cases.cases as Case[])('$title', ({ text, rows, problems = [], ignored = [] }) => {
    const { parties, instruments } = cases;
    const { data } = parseCells(text);
    const sheet = readSheet({ data }, { parties, instruments });
    expect([sheet.problems, sheet.ignored]).toEqual([problems, ignored]);
    expect(sheet.rows.map(({ line }) => line)).toEqual(rows.map(({ line }) => line));
    for (const [index, { item, problems = [] }] of rows.entries()) {
      const row = sheet.rows[index];
      if (!row) throw new Error(`there is no row ${index}`);
      expect(row.problems.map((problem) => problem.text)).toEqual(problems);
      if (item) expect(row.item).toMatchObject(asInput(item));
    }
  });

  function asInput({ source, locator, ...item }: Record<string, unknown>) {
    if (source === undefined) return item;
    return { ...item, evidence: [{ citation: { sourceId: source, locator } }] };
  }

  test('has the defaults of the server', () => {
    const { item } = only('reference,status,date,note,source\na/1,PARTIAL,2022,n,gazette');
    expect([item.momentum, item.confidence]).toEqual([undefined, undefined]);
  });
});

describe('a file', () => {
  test('is decoded from the usual encodings', () => {
    const utf16 = new Uint8Array([0xff, 0xfe, ...[...'Ї'].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8])]);
    expect(decode(utf16)).toBe('Ї');
    expect(decode(new TextEncoder().encode('Ї'))).toBe('Ї');
    expect(decode(new Uint8Array([0x4d, 0xfc]))).toBe('Mü');
    // The first bytes of a workbook.
    expect(decode(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]))).toBeUndefined();
  });
});
