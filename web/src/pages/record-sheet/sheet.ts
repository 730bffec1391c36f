import type { ParseResult } from 'papaparse';
import type { AssessmentItemInput } from '../../api/types.gen';
import type { ItemFault } from '../../batch/records';
import { parseDays, shortDay } from '../../format/days';
import { lastDay } from '../../format/edtf';
import { texts } from '../../texts';

/** The columns of a sheet, each with the names that its header may have. */
const COLUMNS = {
  reference: ['reference', 'ref', 'record', 'clause', 'caveat', 'subject', 'number'],
  status: ['status'],
  date: ['date', 'day', 'since', 'in effect since', 'effective', 'effective on', 'effective date', 'effectiveon', 'effectivedate'],
  holder: ['holder', 'held by', 'heldby', 'view', 'viewpoint', 'party'],
  breaker: ['breaker', 'breakers', 'breached by', 'breachedby'],
  note: ['note', 'reason', 'comment'],
  source: ['source', 'evidence'],
  locator: ['locator', 'place', 'page', 'place in source'],
  confidence: ['confidence'],
  momentum: ['momentum'],
} as const;

export type SheetColumn = keyof typeof COLUMNS;
const REQUIRED: readonly SheetColumn[] = ['reference', 'status', 'date', 'note'];

/** A row of a sheet. */
export interface SheetRow {
  /** The number of the line in the sheet, from 1; the header is line 1. */
  line: number;
  cells: Partial<Record<SheetColumn, string>>;
  /** The assessment that the row describes. A cell that cannot be parsed is taken over unchanged. */
  item: AssessmentItemInput;
  /** The errors that were found without the server. */
  problems: readonly CellProblem[];
}

interface CellProblem {
  column: SheetColumn;
  text: string;
}

export interface Sheet {
  rows: readonly SheetRow[];
  /** The reasons why the sheet as a whole cannot be used. */
  problems: readonly string[];
  /** Names of columns that are ignored. */
  ignored: readonly string[];
}

/** A record that a cell may name. */
export interface Named {
  slug: string;
  names: readonly string[];
}

/** The names of records, to resolve the names in cells. */
export interface Names {
  parties: readonly Named[];
  /** Agreements and proposals. */
  instruments: readonly Named[];
}

/** The field of the input for each column. */
const FIELDS: Readonly<Record<SheetColumn, string>> = {
  reference: 'subject',
  status: 'status',
  date: 'effectiveDate',
  holder: 'heldBy',
  breaker: 'breachedBy',
  note: 'note',
  source: 'evidence',
  locator: 'evidence',
  confidence: 'confidence',
  momentum: 'momentum',
};

/**
 * The errors of a row: first the errors found in the browser, then the errors found by the server. Drops the server's errors for
 * cells that the browser could not read.
 */
export function faultsOf({ problems }: SheetRow, faults: readonly ItemFault[]): string[] {
  const known = new Set(problems.map(({ column }) => FIELDS[column]));
  return [...problems, ...faults.filter(({ field }) => !known.has(field))].map(({ text }) => text);
}

const MAX_ROWS = 1_000;

/** The error values that spreadsheet programs show for a formula that they cannot compute. */
const ERRORS: readonly string[] = ['#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NULL!', '#NUM!', '#SPILL!', '#GETTING_DATA'];

const plain = (text: string) => text.trim().toLowerCase().replace(/[\s_]+/g, ' ');

/** Reads the cells of a sheet. The first row contains the names of the columns. */
export function readSheet({ data }: Pick<ParseResult<string[]>, 'data'>, names: Names): Sheet {
  const lines = data.map((cells, index) => ({ cells, line: index + 1 })).filter(({ cells }) => cells.some((cell) => cell.trim()));
  const [header, ...rest] = lines;
  if (!header) return { rows: [], problems: [texts.sheet.empty], ignored: [] };
  const columns = new Map<SheetColumn, number>();
  const [problems, ignored]: [string[], string[]] = [[], []];
  header.cells.forEach((cell, index) => {
    const title = plain(cell);
    if (!title) return;
    const column = (Object.keys(COLUMNS) as SheetColumn[]).find((name) => COLUMNS[name].some((other) => other === title));
    if (!column) ignored.push(cell.trim());
    else if (columns.has(column)) problems.push(texts.sheet.twoColumns(column));
    else columns.set(column, index);
  });
  const missing = REQUIRED.filter((column) => !columns.has(column));
  if (missing.length > 0) problems.push(texts.sheet.missingColumns(missing.map((column) => `“${column}”`).join(', ')));
  if (rest.length === 0) problems.push(texts.sheet.noRows);
  if (rest.length > MAX_ROWS) problems.push(texts.sheet.tooManyRows(rest.length, MAX_ROWS));
  if (problems.length > 0) return { rows: [], problems, ignored };
  const rows = rest.map(({ cells, line }) => {
    const named = [...columns].map(([column, index]) => [column, cells[index]?.trim() ?? ''] as const);
    return readRow(line, Object.fromEntries(named.filter(([, cell]) => cell)), names);
  });
  return { rows, problems, ignored };
}

function readRow(line: number, cells: SheetRow['cells'], names: Names): SheetRow {
  const missing = REQUIRED.filter((column) => !cells[column]);
  const columns = Object.keys(cells) as SheetColumn[];
  const problems: CellProblem[] = columns.flatMap((column) => {
    const cell = cells[column] ?? '';
    return ERRORS.includes(cell) ? [{ column, text: texts.sheet.spreadsheetError(cell) }] : [];
  });
  problems.push(...missing.map((column) => ({ column, text: texts.sheet.missingCell(column) })));
  const { date, problem } = dateOf(cells.date ?? '');
  if (problem && !ERRORS.includes(date)) problems.push({ column: 'date', text: problem });
  const momentum = choice(cells.momentum, 'momentum', problems);
  const confidence = choice(cells.confidence, 'confidence', problems);
  // The server finds sources by id, slug or URL.
  const { source } = cells;
  if (!source && cells.locator) problems.push({ column: 'locator', text: texts.sheet.locatorWithoutSource });
  const item: AssessmentItemInput = {
    subject: subjectOf(cells.reference ?? '', names.instruments),
    status: (cells.status ?? '').toUpperCase().replace(/[\s-]+/g, '_'),
    effectiveDate: date,
    note: cells.note ?? '',
    heldBy: cells.holder && !isNeutral(cells.holder) ? named(cells.holder, names.parties) : undefined,
    breachedBy: listOf(cells.breaker).map((breaker) => named(breaker, names.parties)),
    momentum: momentum as AssessmentItemInput['momentum'],
    confidence: (confidence ?? (source ? undefined : 'LOW')) as AssessmentItemInput['confidence'],
    evidence: source ? [cells.locator ? { citation: { sourceId: source, locator: cells.locator } } : { sourceId: source }] : [],
  };
  return { line, cells, item, problems };
}

const isNeutral = (cell: string) => ['neutral', 'neutral record', '-', '–'].includes(plain(cell));

const listOf = (cell = '') => cell.split(/[;,|]/).map((part) => part.trim()).filter(Boolean);

/** The date in a cell, in the format of the API. */
function dateOf(cell: string): { date: string; problem?: string } {
  if (!cell || lastDay(cell) !== undefined) return { date: cell };
  const [day, other] = parseDays(cell);
  if (day === undefined) return { date: cell, problem: texts.sheet.noDate(cell) };
  if (other !== undefined) return { date: cell, problem: texts.sheet.ambiguousDate(cell, shortDay(day), shortDay(other)) };
  return { date: day };
}

/**
 * The slug of the only record with this slug or name. Otherwise returns the text unchanged, for the server to resolve or
 * reject.
 */
function named(cell: string, records: readonly Named[]): string {
  if (records.some(({ slug }) => slug === cell)) return cell;
  const same = records.filter(({ names }) => names.some((name) => plain(name) === plain(cell)));
  return (same.length === 1 && same[0]?.slug) || cell;
}

/** The name of a record for the API: `minsk-2/9` for `minsk-2/9`, `Minsk II, 9`, `Minsk II 9` or `Minsk II, clause 9`. */
function subjectOf(cell: string, instruments: readonly Named[]): string {
  // The slug of the record whose slug matches the text, or of the only record whose name matches it.
  const called = (text: string) => {
    const bySlug = instruments.find(({ slug }) => plain(slug) === plain(text));
    const byName = instruments.filter(({ names }) => names.some((name) => plain(name) === plain(text)));
    return (bySlug ?? (byName.length === 1 ? byName[0] : undefined))?.slug;
  };
  const whole = called(cell);
  if (whole) return whole;
  const [, owner, number] = /^(.+?)(?:\s*[,/]\s*|\s+)(?:clause\s+|caveat\s+|art(?:icle|\.)?\s+|point\s+|§\s*)?(\S+)$/i.exec(cell) ?? [];
  const slug = owner && called(owner);
  return slug ? `${slug}/${number}` : cell;
}

const CHOICES = { momentum: Object.keys(texts.momentum), confidence: ['LOW', 'MEDIUM', 'HIGH'] };

function choice(cell: string | undefined, column: 'momentum' | 'confidence', problems: CellProblem[]): string | undefined {
  if (!cell) return undefined;
  const value = cell.toUpperCase();
  if (CHOICES[column].includes(value)) return value;
  if (ERRORS.includes(cell)) return undefined;
  problems.push({ column, text: texts.sheet.noChoice(cell, column, CHOICES[column].join(', ')) });
  return undefined;
}
