import Papa from 'papaparse';
import { onHost } from '../../browser/base';
import { maxBody } from '../../browser/limits';
import { texts } from '../../texts';

/** The maximum size of a file in bytes. With a longer text, the text field would be slow. */
const MAX_BYTES = 5_000_000;
const PAYLOAD_TOO_LARGE = 413;
/** Sizes, in bytes, of the other parts of the request that records rows: the text around the rows, and the version of each record. */
const OTHER_BYTES = 1_000;
const VERSION_BYTES = 40;

/**
 * The cells of a text, separated by commas, semicolons, tabs or vertical bars. Keeps empty lines, so that rows have the same numbers as
 * in the sheet.
 */
export function parseCells(text: string): { data: string[][]; problems: string[] } {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    skipEmptyLines: false,
    delimitersToGuess: [',', ';', '\t', '|'],
  });
  // An undetected delimiter means a single column, which `readSheet` reports as missing columns.
  const malformed = errors.filter(({ type }) => type === 'Quotes');
  return { data, problems: malformed.map(({ row, message }) => texts.sheet.malformed((row ?? 0) + 1, message)) };
}

/** The text of a file, or the reason why the file cannot be used. */
type FileResult = { text: string } | { problem: string };

/**
 * Reads a file in UTF-8, UTF-16 or Windows-1252, or a workbook. `limit` is the maximum size of a request in bytes, or undefined if
 * it is unknown.
 */
export async function readFile(file: File, limit = maxBody()): Promise<FileResult> {
  if (file.size > MAX_BYTES) return { problem: texts.sheet.tooLarge(file.name, file.size, MAX_BYTES) };
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { problem: texts.sheet.unreadable(file.name) };
  }
  if (isWorkbook(bytes)) return readWorkbook(file, limit);
  const text = decode(bytes);
  return text === undefined ? { problem: texts.sheet.notText(file.name) } : { text };
}

/** The reason why rows cannot be sent in a request of at most `limit` bytes. Undefined if they can. */
export function sizeProblem(items: readonly object[], limit = maxBody()): string | undefined {
  if (limit === undefined) return undefined;
  const size = new TextEncoder().encode(JSON.stringify(items)).length + OTHER_BYTES + items.length * VERSION_BYTES;
  return size > limit ? texts.sheet.rowsTooLarge(size, limit) : undefined;
}

/** XLSX files are zip archives. */
const isWorkbook = ([first, second, third, fourth]: Uint8Array) => first === 0x50 && second === 0x4b && third === 3 && fourth === 4;

/** The rows of a workbook as CSV. The server reads the workbook. */
async function readWorkbook(file: File, limit: number | undefined): Promise<FileResult> {
  const { name, size } = file;
  // A file that is too large is not sent. If the server closed the connection during the upload, the browser would report a lost
  // connection.
  if (limit !== undefined && size > limit) return { problem: texts.sheet.workbookTooLarge(name, size, limit) };
  try {
    const response = await fetch(onHost('/sheet'), { method: 'POST', body: file, credentials: 'same-origin' });
    if (response.ok) return { text: await response.text() };
    // A proxy can have a lower limit.
    if (response.status === PAYLOAD_TOO_LARGE) return { problem: texts.sheet.workbookTooLarge(name, size, undefined) };
    return { problem: texts.sheet.refused(name, (await messageIn(response)) ?? response.statusText) };
  } catch {
    return { problem: texts.sheet.notSent(name) };
  }
}

/** The message of an error of the server. Undefined if the response comes from another program, such as a proxy. */
async function messageIn(response: Response): Promise<string | undefined> {
  try {
    const { errors } = (await response.json()) as { errors?: { message: string }[] };
    return errors?.[0]?.message;
  } catch {
    return undefined;
  }
}

export function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  // Workbooks and images contain null bytes. Text files do not.
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
