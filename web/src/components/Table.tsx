import { type ReactNode, useEffect, useRef, useState } from 'react';
import { RowsError } from '../api/rowsError';
import { type Cell, toCsv } from '../format/csv';
import { download, fileName } from '../format/download';
import { texts } from '../texts';
import { Downloads, type DownloadsProps } from './Downloads';
import { type Limit, useFolding } from './Folded';
import styles from './Table.module.css';

export interface Column<Row> {
  title: string;
  /** The content of the header instead of the title. */
  header?: ReactNode;
  /** The cell on the page. Undefined for columns of the CSV file only. */
  cell?: (row: Row) => ReactNode;
  /** The cell in the CSV file. Undefined for columns of the page only. */
  csv?: (row: Row) => Cell;
  /** Whether the cell is the header of its row, for screen readers. */
  isRowHeader?: boolean;
  /** Whether the column is aligned right, with digits of equal width. */
  isNumber?: boolean;
  /** Whether the column gets the remaining width. */
  isWide?: boolean;
  /** Whether a phone shows the cell first, without its title. */
  isLead?: boolean;
}

interface Props<Row> {
  /** The caption for screen readers. Other users see the heading above the table. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Parts of the name of the CSV file, from general to specific. No CSV file if undefined. */
  file?: readonly string[];
  /** A button that saves another CSV file, with more columns than the table. */
  csvButton?: ReactNode;
  /** The list to download from the server. Its files contain all rows of the list, and more columns than the table. */
  download?: DownloadsProps;
  /** The total number of rows, if not all are loaded. */
  total?: number;
  /** The number of rows that are shown until the reader expands the table. On paper all rows are shown. */
  limit?: Limit;
}

/** A table, which becomes a list of cards on a phone. */
export function Table<Row>({ caption, columns, rows, rowKey, file, csvButton, download: list, total, limit }: Props<Row>) {
  const { attributes, button, shown } = useFolding(limit ? rows.length : 0, limit ?? 20);
  const visible = columns.filter((column) => column.cell);
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {visible.map(({ title, header, isNumber, isWide }) => (
              <th key={title} scope="col" className={classes(isNumber && styles.number, isWide && styles.wide)}>
                {header ?? title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...attributes}>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {visible.map(({ title, cell, isRowHeader, isNumber, isLead }) => {
                const Tag = isRowHeader ? 'th' : 'td';
                return (
                  <Tag
                    key={title}
                    scope={isRowHeader ? 'row' : undefined}
                    data-title={isLead || isRowHeader ? undefined : title}
                    className={classes(isNumber && styles.number)}
                  >
                    {cell?.(row)}
                  </Tag>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.foot}>
        <span>
          {texts.states.showing(limit ? shown : rows.length, total ?? rows.length)} {button}
        </span>
        {list && <Downloads {...list} />}
        {file && <CsvButton columns={columns} rows={rows} file={file} />}
        {csvButton}
      </p>
    </div>
  );
}

interface CsvButtonProps<Row> {
  columns: readonly Column<Row>[];
  /** The rows, or a function that loads them. The signal aborts loading. If loading fails, the function rejects with a `RowsError`. */
  rows: readonly Row[] | ((signal: AbortSignal) => Promise<readonly Row[]>);
  /** Parts of the name of the file, from general to specific. */
  file: readonly string[];
}

/** Saves rows as a CSV file. */
export function CsvButton<Row>({ columns, rows, file }: CsvButtonProps<Row>) {
  const [isLoading, setLoading] = useState(false);
  const [problem, setProblem] = useState<string>();
  const request = useRef<AbortController>(undefined);
  useEffect(() => () => request.current?.abort(), []);
  async function save() {
    if (isLoading) return;
    if (typeof rows !== 'function') return saveCsv(columns, rows, file);
    const controller = new AbortController();
    request.current = controller;
    setLoading(true);
    setProblem(undefined);
    try {
      const loaded = await rows(controller.signal);
      if (!controller.signal.aborted) saveCsv(columns, loaded, file);
    } catch (error) {
      if (!(error instanceof RowsError)) throw error;
      setProblem(error.message);
    } finally {
      setLoading(false);
    }
  }
  return (
    <>
      {/* Not `disabled`, which would lose the focus. */}
      <button type="button" className="quiet no-print" aria-disabled={isLoading} onClick={() => void save()}>
        {texts.export.csv}
      </button>
      {isLoading && (
        <span className="muted" role="status">
          {texts.export.loading}
        </span>
      )}
      {problem && <span role="alert">{problem}</span>}
    </>
  );
}

function saveCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[], file: readonly string[]) {
  download(fileName(file, 'csv'), toCsv(csvCells(columns, rows)), 'text/csv;charset=utf-8');
}

/** The header and the rows of a CSV file. */
export function csvCells<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Cell[][] {
  const exported = columns.filter((column) => column.csv);
  return [exported.map((column) => column.title), ...rows.map((row) => exported.map((column) => column.csv?.(row)))];
}

function classes(...names: (string | false | undefined)[]): string | undefined {
  return names.filter(Boolean).join(' ') || undefined;
}
