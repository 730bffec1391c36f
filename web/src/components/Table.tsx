import type { ReactNode } from 'react';
import { type Cell, toCsv } from '../format/csv';
import { download, fileName } from '../format/download';
import { texts } from '../texts';
import styles from './Table.module.css';

export interface Column<Row> {
  title: string;
  /** What the page shows of it; only in the CSV file where undefined. */
  cell?: (row: Row) => ReactNode;
  /** The same for the CSV file; left out of it where undefined. */
  csv?: (row: Row) => Cell;
  /** Names the row for those who hear the table. */
  isRowHeader?: boolean;
  /** A number: to the right, digits below digits. */
  isNumber?: boolean;
  /** Takes what room there is. */
  isWide?: boolean;
  /** On a phone this is shown without its title, before the others. */
  isLead?: boolean;
}

interface Props<Row> {
  /** What the table holds; read out, and shown to the eye by the heading above. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** What the CSV file is named by, from the general to the particular. No file without it. */
  file?: readonly string[];
  /** How many rows there are in all, where not all are shown. */
  total?: number;
}

/** A dense table, which becomes a list of cards on a phone. */
export function Table<Row>({ caption, columns, rows, rowKey, file, total }: Props<Row>) {
  const visible = columns.filter((column) => column.cell);
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {visible.map(({ title, isNumber, isWide }) => (
              <th key={title} scope="col" className={classes(isNumber && styles.number, isWide && styles.wide)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
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
      <TableFoot columns={columns} rows={rows} file={file} total={total} />
    </div>
  );
}

function TableFoot<Row>({ columns, rows, file, total }: Pick<Props<Row>, 'columns' | 'rows' | 'file' | 'total'>) {
  return (
    <p className={styles.foot}>
      <span>{texts.states.showing(rows.length, total ?? rows.length)}</span>
      {file && <CsvButton columns={columns} rows={rows} file={file} />}
    </p>
  );
}

export function CsvButton<Row>({ columns, rows, file }: Required<Pick<Props<Row>, 'columns' | 'rows' | 'file'>>) {
  const save = () => {
    const exported = columns.filter((column) => column.csv);
    const cells = [exported.map((column) => column.title), ...rows.map((row) => exported.map((column) => column.csv?.(row)))];
    download(fileName(file, 'csv'), toCsv(cells), 'text/csv;charset=utf-8');
  };
  return (
    <button type="button" className="quiet no-print" onClick={save}>
      {texts.export.csv}
    </button>
  );
}

function classes(...names: (string | false | undefined)[]): string | undefined {
  return names.filter(Boolean).join(' ') || undefined;
}
