import { shortDay } from '../format/days';
import { texts } from '../texts';
import styles from './Breakdown.module.css';
import { StatusGlyph } from './StatusBadge';
import { countOf, inOrder, type StatusCount, statusColour, NOT_COUNTED } from './status';

interface Implementation {
  score: number | null;
  assessed: number;
  counted: number;
  total: number;
  endedOn: string | null;
  breakdown: readonly StatusCount[];
}

const inWords = (counts: readonly StatusCount[]) =>
  counts.map(({ status, count }) => `${count} ${texts.clauseStatus[status].label.toLowerCase()}`).join(', ');

/** A bar with the number of clauses by status. Show the counts beside it: colour must not be the only distinction. */
export function BreakdownBar({ breakdown }: { breakdown: readonly StatusCount[] }) {
  const counts = inOrder(breakdown);
  if (counts.length === 0) return null;
  const label = inWords(counts);
  return (
    <span className={styles.bar} role="img" aria-label={label} title={label}>
      {counts.map(({ status, count }) => (
        <span key={status} style={{ flexGrow: count, background: statusColour(status) }} />
      ))}
    </span>
  );
}

/** The bar with its counts, for a table row. */
export function BreakdownCell({ breakdown }: { breakdown: readonly StatusCount[] }) {
  const counts = inOrder(breakdown);
  return (
    <span className={styles.cell}>
      <BreakdownBar breakdown={breakdown} />
      {/* The label of the bar has all counts for screen readers. */}
      <span className={styles.counts} aria-hidden="true" title={inWords(counts)}>
        {counts.map((entry) => (
          <span key={entry.status} className="nowrap">
            <StatusGlyph status={entry.status} />
            <span className={styles.label}>{texts.clauseStatus[entry.status].label} </span>
            {entry.count}
          </span>
        ))}
      </span>
    </span>
  );
}

/** The legend of a bar, with its counts. `of` is its heading. */
export function BreakdownLegend({ breakdown, of }: { breakdown: readonly StatusCount[]; of?: string }) {
  return (
    <div className={styles.legend}>
      {of && <p className="muted">{of}</p>}
      <ul>
        {inOrder(breakdown).map(({ status, count }) => (
          <li key={status} title={texts.clauseStatus[status].meaning}>
            <StatusGlyph status={status} />
            {texts.clauseStatus[status].label} <strong>{count}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A group with fewer clauses has no score, because a single clause would change the score too much. */
const MIN_CLAUSES = 5;

const isTooFew = ({ score, counted }: Implementation) => score !== null && counted < MIN_CLAUSES;

/** A score with the number of clauses that it is based on. */
export function Score(implementation: Implementation) {
  const { score, assessed, counted } = implementation;
  return (
    <span className={styles.score}>
      {isTooFew(implementation) ? (
        <span className="muted" title={texts.score.tooFew(counted)}>{texts.score.tooFewShort(counted)}</span>
      ) : (
        <>
          <strong>{score === null ? texts.score.none : texts.score.of(Math.round(score))}</strong>
          <span className="muted">{texts.score.coverage(assessed, counted)}</span>
        </>
      )}
    </span>
  );
}

/** The end of an agreement, in a line below its score. */
export function ScoreEnd({ endedOn }: Pick<Implementation, 'endedOn'>) {
  return endedOn !== null && <span className={`muted ${styles.ended}`}>{texts.score.ended(shortDay(endedOn))}</span>;
}

/**
 * A score in one line, with the number of clauses that it is based on. If the agreement has ended, the line says that the score is
 * that of the day before.
 */
export function ScoreSummary(implementation: Implementation) {
  const { score, assessed, counted, endedOn } = implementation;
  if (score === null || isTooFew(implementation)) return <span className="muted">{score === null ? texts.score.none : texts.score.tooFew(counted)}</span>;
  return (
    <span>
      <strong>{texts.score.named(Math.round(score))}</strong>
      <span className="muted">
        {endedOn !== null && texts.score.dayBefore}
        {texts.score.coverage(assessed, counted)}
      </span>
    </span>
  );
}

/** The clauses that the score does not count, by status. Renders nothing if it counts all clauses, or if the agreement has ended. */
export function NotCounted({ breakdown, endedOn }: Implementation) {
  const leftOut = NOT_COUNTED.map((status) => ({ status, count: countOf(breakdown, status) })).filter(({ count }) => count > 0);
  return endedOn === null && leftOut.length > 0 && <span className="muted">{texts.score.leftOut(inWords(leftOut))}</span>;
}

/** A score as a sentence, with the statuses that are not counted. */
export function ScoreSentence(implementation: Implementation) {
  const { score, assessed, counted, endedOn } = implementation;
  return (
    <p className={styles.sentence}>
      {isTooFew(implementation) ? (
        <>
          <strong>{texts.score.tooFew(counted)}</strong>.
        </>
      ) : (
        <>
          <strong>{score === null ? texts.score.none : texts.score.named(Math.round(score))}</strong>
          {texts.score.from(assessed, counted)}
        </>
      )}{' '}
      {endedOn !== null && texts.score.frozen(shortDay(endedOn))} <NotCounted {...implementation} />
    </p>
  );
}

/** Explains how the score is calculated. Every page with a score shows it. */
export function AboutScore() {
  return (
    <details className={styles.about}>
      <summary>{texts.score.about}</summary>
      <ul>
        {texts.score.explanation.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
