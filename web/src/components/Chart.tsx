import type { ClauseStatus } from '../api/schema.gen';
import { texts } from '../texts';
import styles from './Chart.module.css';
import type { ChartMark } from './chartMarks';
import { DayText } from './DayText';
import { StackedChart } from './StackedChart';
import { StatusGlyph } from './StatusBadge';
import { countOf, STATUS_ORDER, type StatusCount } from './status';
import { type Column, Table } from './Table';

export interface Point {
  /** The chart shows the counts at the end of this day. */
  day: string;
  counts: readonly StatusCount[];
}

export interface ChartProps {
  caption: string;
  /** Product, viewpoint, day and address. Shown below the chart, and in the saved picture. */
  source: string;
  points: readonly Point[];
  /** Parts of the names of saved files. */
  file: readonly string[];
  /** The marked days, in order. */
  marks?: readonly ChartMark[];
}

/** Statuses over time, as a stacked chart and as a table. Both can be saved. */
export function Chart(props: ChartProps) {
  const { caption, source, points, file } = props;
  const last = points.at(-1);
  const statuses = STATUS_ORDER.filter((status) => points.some(({ counts }) => countOf(counts, status) > 0));
  return (
    <figure className={styles.figure}>
      <figcaption>{caption}</figcaption>
      <ul className={styles.legend}>
        {statuses.map((status) => (
          <li key={status}>
            <StatusGlyph status={status} />
            {texts.clauseStatus[status].label} {last && <strong>{countOf(last.counts, status)}</strong>}
          </li>
        ))}
      </ul>
      <div className={styles.picture}>
        <StackedChart {...props} statuses={statuses}>
          <details>
            <summary>{texts.export.asTable}</summary>
            <Table
              caption={caption}
              columns={columns(statuses)}
              rows={points.toReversed()}
              rowKey={(point) => point.day}
              file={file}
            />
          </details>
          <p className="hint wrap-anywhere">{source}</p>
        </StackedChart>
      </div>
    </figure>
  );
}

function columns(statuses: readonly ClauseStatus[]): Column<Point>[] {
  return [
    { title: texts.agreement.period, isRowHeader: true, cell: ({ day }) => <DayText day={day} />, csv: ({ day }) => day },
    ...statuses.map((status): Column<Point> => {
      const count = (point: Point) => countOf(point.counts, status);
      return { title: texts.clauseStatus[status].label, isNumber: true, cell: count, csv: count };
    }),
  ];
}
