import { capitalized } from '../../format/sentences';

const SPLIT = 'split it into several sheets, or record it with the command: clausewatch record FILE';

// A size is rounded up and a limit down, so that a size above the limit never looks equal to it.
const sizeText = (bytes: number) => megabytes(Math.ceil(bytes / 10_000));
const limitText = (bytes: number) => megabytes(Math.floor(bytes / 10_000));
const megabytes = (hundredths: number) => `${(hundredths / 100).toFixed(2)} MB`;

export const sheetTexts = {
  title: 'Record a sheet',
  link: 'Assessments from a sheet',
  lead: 'Paste rows from a spreadsheet, or drop a CSV or Excel file. You see the change of each row before anything is recorded.',
  columnsTitle: 'The columns',
  columns: [
    ['reference', 'The record: its name, such as minsk-2/9, or its reference, such as “Minsk II, 9”. Required.'],
    ['status', 'The status, such as PARTIAL or “not started”. Required.'],
    ['date', 'The day the status began, such as 2022-03-05, 5 March 2022 or 05.03.2022. A month (2022-03) or a year (2022) is valid, too. Required.'],
    ['note', 'The reason, in plain words. Required.'],
    ['holder', 'The party that holds the view, by name or slug. Empty for the neutral record.'],
    ['breaker', 'The parties responsible for the breach, separated by semicolons. Allowed only with the status BREACHED.'],
    ['source', 'A recorded source, by its slug or URL.'],
    ['locator', 'The place in the source, such as a page.'],
    ['confidence', 'LOW, MEDIUM or HIGH. Default: MEDIUM with a source, LOW without a source.'],
    ['momentum', 'ADVANCING, STEADY, STALLED or REGRESSING. Default: STEADY.'],
  ],
  columnsHint:
    'The first row contains the names of the columns, in any order. Cells are separated by commas, semicolons, tabs or vertical bars. In a workbook, only the first worksheet with cells is read. A merged cell applies to each of its rows.',
  input: 'Rows',
  inputHint: 'Paste here, or drop a file on the field.',
  file: 'CSV or Excel file',
  check: 'Preview',
  empty: 'The sheet is empty. Paste at least a row of column names and one row of values.',
  noRows: 'The sheet has no rows below the header.',
  tooManyRows: (count: number, maximum: number) =>
    `The sheet has ${count} rows, but at most ${maximum} can be recorded together. Split it into several sheets.`,
  missingColumns: (columns: string) => `The first row does not name these required columns: ${columns}.`,
  twoColumns: (column: string) => `Two columns contain the “${column}”. Remove one of them.`,
  ignored: (columns: string) => `These columns are ignored: ${columns}.`,
  notText: (name: string) => `${name} is not a text file. Save the sheet as CSV, or copy its cells and paste them here.`,
  tooLarge: (name: string, size: number, limit: number) =>
    `${name} has ${sizeText(size)}, and this page reads files of at most ${limitText(limit)}. ${capitalized(SPLIT)}`,
  workbookTooLarge: (name: string, size: number, limit: number | undefined) => {
    const reason = limit === undefined ? 'more than the server accepts' : `and the server reads workbooks of at most ${limitText(limit)}`;
    return `${name} has ${sizeText(size)}, ${reason}. Save it as CSV (this page reads CSV without the server), ${SPLIT}`;
  },
  rowsTooLarge: (size: number, limit: number) =>
    `The sheet needs a request of ${sizeText(size)}, and the server accepts at most ${limitText(limit)}. ${capitalized(SPLIT)}`,
  notSent: (name: string) => `${name} could not be sent to the server. Check the connection, and try again.`,
  refused: (name: string, message: string) => `${name} cannot be used: ${message}.`,
  spreadsheetError: (text: string) => `“${text}” is an error value of the spreadsheet. Correct the formula.`,
  unreadable: (name: string) => `${name} could not be read.`,
  malformed: (line: number, message: string) => `Line ${line}: ${message}`,
  missingCell: (column: string) => `The cell “${column}” is empty.`,
  noDate: (text: string) => `“${text}” is not a date. Write 2022-03-05, 5 March 2022 or 05.03.2022.`,
  ambiguousDate: (text: string, first: string, second: string) =>
    `“${text}” can mean ${first} or ${second}. Write the month as a word, or the date as 2022-03-05.`,
  noChoice: (text: string, column: string, values: string) => `“${text}” is not a valid ${column}. Valid values: ${values}.`,
  locatorWithoutSource: 'There is a locator, but no source.',
};
