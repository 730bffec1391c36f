import Papa from 'papaparse';
import { onHost } from '../../browser/base';
import { texts } from '../../texts';

const MAX_BYTES = 5_000_000;

/** The cells of a text with commas, semicolons or tabs between them. Keeps empty lines, so that rows have the numbers of the sheet. */
export function parseCells(text: string): { data: string[][]; problems: string[] } {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    skipEmptyLines: false,
    delimitersToGuess: [',', ';', '\t', '|'],
  });
  // An undetected delimiter means a single column, which `readSheet` reports as missing columns.
  const malformed = errors.filter(({ type }) => type === 'Quotes');
  return { data, problems: malformed.map(({ row, message }) => texts.sheet.malformed((row ?? 0) + 1, message)) };
}

/** The text of a file in UTF-8, UTF-16 or Windows-1252, or of a workbook. Or the reason why it cannot be used. */
export async function readFile(file: File): Promise<{ text: string } | { problem: string }> {
  if (file.size > MAX_BYTES) return { problem: texts.sheet.tooLarge(file.name) };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (isWorkbook(bytes)) return await readWorkbook(file);
    const text = decode(bytes);
    return text === undefined ? { problem: texts.sheet.notText(file.name) } : { text };
  } catch {
    return { problem: texts.sheet.unreadable(file.name) };
  }
}

/** XLSX files are zip archives. */
const isWorkbook = ([first, second, third, fourth]: Uint8Array) => first === 0x50 && second === 0x4b && third === 3 && fourth === 4;

/** The rows of a workbook as CSV. The server reads it. */
async function readWorkbook(file: File): Promise<{ text: string } | { problem: string }> {
  const response = await fetch(onHost('/sheet'), { method: 'POST', body: file, credentials: 'same-origin' });
  if (response.ok) return { text: await response.text() };
  const { errors } = (await response.json()) as { errors?: { message: string }[] };
  return { problem: texts.sheet.refused(file.name, errors?.[0]?.message ?? response.statusText) };
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
