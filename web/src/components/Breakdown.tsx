import { texts } from '../texts';
import styles from './Breakdown.module.css';
import { StatusGlyph } from './StatusBadge';
import { inOrder, type StatusCount, statusColour } from './status';

/** How many clauses have which status, as a bar. */
export function BreakdownBar({ breakdown }: { breakdown: readonly StatusCount[] }) {
  const counts = inOrder(breakdown);
  const said = counts.map(({ status, count }) => `${count} ${texts.clauseStatus[status].label.toLowerCase()}`).join(', ');
  return (
    <span className={styles.bar} role="img" aria-label={said} title={said}>
      {counts.map(({ status, count }) => (
        <span key={status} style={{ flexGrow: count, background: statusColour(status) }} />
      ))}
    </span>
  );
}

/** The same in words: what a bar's colours mean, and how many there are. */
export function BreakdownLegend({ breakdown }: { breakdown: readonly StatusCount[] }) {
  return (
    <ul className={styles.legend}>
      {inOrder(breakdown).map(({ status, count }) => (
        <li key={status} title={texts.clauseStatus[status].meaning}>
          <StatusGlyph status={status} />
          {texts.clauseStatus[status].label} <strong>{count}</strong>
        </li>
      ))}
    </ul>
  );
}

/** Never a bare number: what it rests on stands beside it. */
export function Score({ score, assessed, total }: { score: number | null; assessed: number; total: number }) {
  return (
    <span className={styles.score}>
      <strong>{score === null ? texts.score.none : texts.score.of(Math.round(score))}</strong>{' '}
      <span className="muted">{texts.score.rests(assessed, total)}</span>
    </span>
  );
}
