import { type ReactNode, useState } from 'react';
import type { ItemResultFragment } from '../api/types.gen';
import { StatusBadge } from '../components/StatusBadge';
import { type Column, Table } from '../components/Table';
import { TrackableLink } from '../components/TrackableLink';
import { dateText } from '../format/edtf';
import { texts } from '../texts';
import styles from './Batch.module.css';

/** An assessment that would be recorded. */
export interface PreviewRow {
  key: string;
  /** The number of its row in a sheet. */
  number?: number;
  /** The name of the record in the input, shown if the server knows no such record. */
  name: string;
  date: string;
  /** The party that holds the view, in words. */
  holder: string;
  /** Undefined until the server has checked it. */
  result: ItemResultFragment | undefined;
  faults: readonly string[];
}

/** The change of each assessment of a batch, or its errors. */
export function Preview({ rows }: { rows: readonly PreviewRow[] }) {
  const [isFiltered, setFiltered] = useState(false);
  const faulty = rows.filter(({ faults }) => faults.length > 0);
  const hasNumbers = rows.some(({ number }) => number !== undefined);
  const columns = hasNumbers ? [NUMBER, ...COLUMNS] : COLUMNS;
  return (
    <>
      {faulty.length > 0 && (
        <p className={styles.faulty} role="alert">
          {texts.batch.faulty(faulty.length, rows.length)}{' '}
          {faulty.length < rows.length && (
            <label>
              <input type="checkbox" checked={isFiltered} onChange={({ target }) => setFiltered(target.checked)} />{' '}
              {texts.batch.onlyFaults}
            </label>
          )}
        </p>
      )}
      <Table
        caption={texts.batch.previewCaption}
        columns={columns}
        rows={isFiltered && faulty.length > 0 ? faulty : rows}
        rowKey={({ key }) => key}
        total={rows.length}
      />
    </>
  );
}

const NUMBER: Column<PreviewRow> = { title: texts.batch.row, isNumber: true, cell: ({ number }) => number };

const COLUMNS: readonly Column<PreviewRow>[] = [
  {
    title: texts.batch.subject,
    isRowHeader: true,
    isWide: true,
    cell: ({ result, name }) => (result?.subject ? <TrackableLink item={result.subject} /> : name),
  },
  { title: texts.batch.date, cell: ({ date }) => dateText(date) },
  { title: texts.update.view, cell: ({ holder }) => holder },
  { title: texts.batch.before, cell: ({ result }) => result && status(result, result.statusBefore) },
  { title: texts.batch.after, cell: ({ result }) => result && status(result, result.statusAfter) },
  { title: texts.batch.effect, cell: (row) => <Effect {...row} /> },
];

function Effect({ result, faults }: PreviewRow): ReactNode {
  if (faults.length > 0) {
    return (
      <ul className={styles.faults}>
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    );
  }
  if (!result?.effect) return null;
  return (
    <>
      {texts.batch.effects[result.effect]}
      {result.isLatest === false && result.effect !== 'UNCHANGED' && <span className="hint"> {texts.batch.notLatest}</span>}
    </>
  );
}

/** A status of the API, rendered by the app. */
function status({ subject }: ItemResultFragment, value: string | null): ReactNode {
  if (value === null) return null;
  if (subject?.__typename === 'Clause' && value in texts.clauseStatus) {
    return <StatusBadge status={value as keyof typeof texts.clauseStatus} />;
  }
  const labels: Readonly<Record<string, string>> = subject?.__typename === 'Caveat' ? texts.caveatStatus : texts.proposalStatus;
  return <strong>{labels[value] ?? value}</strong>;
}
