import { type ReactNode, useState } from 'react';
import type { ItemResultFragment } from '../api/types.gen';
import { StatusBadge } from '../components/StatusBadge';
import { type Column, Table } from '../components/Table';
import { TrackableLink } from '../components/TrackableLink';
import { dateText } from '../format/edtf';
import { CaveatBadge, ProposalBadge } from '../status/PositionBadge';
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
  /** Undefined until the server has checked the assessment. */
  result: ItemResultFragment | undefined;
  faults: readonly string[];
}

interface Props {
  rows: readonly PreviewRow[];
  /** Whether all rows have the same date and viewpoint, which are shown above the table. */
  isUniform: boolean;
}

/** The change of each assessment of a batch, or its errors. */
export function Preview({ rows, isUniform }: Props) {
  const [isFiltered, setFiltered] = useState(false);
  const faulty = rows.filter(({ faults }) => faults.length > 0);
  const hasNumbers = rows.some(({ number }) => number !== undefined);
  const columns = [...(hasNumbers ? [NUMBER] : []), SUBJECT, ...(isUniform ? [] : DATE_AND_VIEW), ...CHANGE];
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

const SUBJECT: Column<PreviewRow> = {
  title: texts.batch.subject,
  isRowHeader: true,
  cell: ({ result, name }) => (result?.subject ? <TrackableLink item={result.subject} /> : name),
};

const DATE_AND_VIEW: readonly Column<PreviewRow>[] = [
  { title: texts.batch.date, cell: ({ date }) => dateText(date) },
  { title: texts.update.view, cell: ({ holder }) => holder },
];

const CHANGE: readonly Column<PreviewRow>[] = [
  { title: texts.batch.before, cell: ({ result }) => result && status(result, result.statusBefore) },
  { title: texts.batch.after, cell: ({ result }) => result && status(result, result.statusAfter) },
  { title: texts.batch.effect, isWide: true, cell: ({ result, faults }) => <Effect result={result} faults={faults} /> },
];

function Effect({ result, faults }: Pick<PreviewRow, 'result' | 'faults'>): ReactNode {
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
      <span className={styles.effect} data-effect={result.effect}>
        {texts.batch.effects[result.effect === 'NEW' && result.statusBefore === result.statusAfter ? 'SAME_STATUS' : result.effect]}
      </span>
      {result.isLatest === false && result.effect !== 'UNCHANGED' && <span className="hint"> {texts.batch.notLatest}</span>}
    </>
  );
}

/** The badge of a status, given its value in the API. */
function status({ subject }: ItemResultFragment, value: string | null): ReactNode {
  if (value === null) return null;
  if (subject?.__typename === 'Clause' && value in texts.clauseStatus) {
    return <StatusBadge status={value as keyof typeof texts.clauseStatus} />;
  }
  if (subject?.__typename === 'Caveat' && value in texts.caveatStatus) return <CaveatBadge status={value as keyof typeof texts.caveatStatus} />;
  if (value in texts.proposalStatus) return <ProposalBadge status={value as keyof typeof texts.proposalStatus} />;
  return <strong>{value}</strong>;
}
