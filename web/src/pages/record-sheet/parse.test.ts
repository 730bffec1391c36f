import { afterEach, describe, expect, test, vi } from 'vitest';
import { readFile, sizeProblem } from './parse';

afterEach(() => vi.unstubAllGlobals());

const WORKBOOK = [0x50, 0x4b, 3, 4];
const workbook = (size: number) => new File([new Uint8Array(WORKBOOK), new Uint8Array(size - WORKBOOK.length)], 'sheet.xlsx');

/** Replaces `fetch` with a mock that calls `respond`. Returns the mock, which counts the requests. */
function respondWith(respond: () => Promise<Response>) {
  const fetch = vi.fn(respond);
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

const problemOf = async (file: File, limit?: number) => {
  const result = await readFile(file, limit);
  return 'problem' in result ? result.problem : undefined;
};

describe('a workbook', () => {
  test('is read by the server', async () => {
    respondWith(() => Promise.resolve(new Response('reference,status\n')));
    expect(await readFile(workbook(1_000), 1_000)).toEqual({ text: 'reference,status\n' });
  });

  test('above the limit of the server is not sent, and the message names the size, the limit and what to do', async () => {
    const fetch = respondWith(() => Promise.resolve(new Response('')));
    expect(await problemOf(workbook(1_048_577), 1_048_576)).toBe(
      'sheet.xlsx has 1.05 MB, and the server reads workbooks of at most 1.04 MB. Save it as CSV (this page reads CSV without the server), ' +
        'split it into several sheets, or record it with the command: clausewatch record FILE',
    );
    expect(fetch).not.toHaveBeenCalled();
  });

  test('that a proxy rejects as too large is explained, too', async () => {
    respondWith(() => Promise.resolve(new Response('<html>413</html>', { status: 413 })));
    const problem = await problemOf(workbook(2_000_000));
    expect(problem).toContain('sheet.xlsx has 2.00 MB, more than the server accepts. Save it as CSV');
    expect(problem).toContain('clausewatch record FILE');
  });

  test('that cannot be sent or read has a reason', async () => {
    respondWith(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await problemOf(workbook(100))).toBe('sheet.xlsx could not be sent to the server. Check the connection, and try again.');
    respondWith(() => Promise.resolve(Response.json({ errors: [{ message: 'the file is not an XLSX workbook' }] }, { status: 400 })));
    expect(await problemOf(workbook(100))).toBe('sheet.xlsx cannot be used: the file is not an XLSX workbook.');
    respondWith(() => Promise.resolve(new Response('<html>', { status: 502, statusText: 'Bad Gateway' })));
    expect(await problemOf(workbook(100))).toBe('sheet.xlsx cannot be used: Bad Gateway.');
  });
});

describe('a sheet in text', () => {
  test('is not limited by the server, but by the size of the field', async () => {
    const text = 'reference,status\n'.repeat(10);
    expect(await readFile(new File([text], 'sheet.csv'), 10)).toEqual({ text });
    const problem = await problemOf(new File(['x'.repeat(5_000_001)], 'sheet.csv'));
    expect(problem).toContain('sheet.csv has 5.01 MB, and this page reads files of at most 5.00 MB. Split it into several sheets, or record it');
  });

  test('cannot have rows that need a larger request than the server accepts', () => {
    const rows = [{ subject: 'minsk-2/9', note: 'Ї'.repeat(10_000) }];
    // A letter can have two bytes.
    expect(sizeProblem(rows, 20_000)).toContain('The sheet needs a request of 0.03 MB, and the server accepts at most 0.02 MB. Split it into several sheets');
    expect(sizeProblem(rows, 30_000)).toBeUndefined();
    expect(sizeProblem(rows, undefined)).toBeUndefined();
  });
});
