import { BreakdownBar, BreakdownLegend, NotCounted, ScoreSummary } from '../../components/Breakdown';
import { shortDay } from '../../format/days';
import { texts } from '../../texts';
import type { Agreement } from './Agreement';
import styles from './Agreement.module.css';

/** The full title, whether the agreement has ended, its score, and the number of its clauses by status. */
export function Verdict({ agreement: { title, shortTitle, implementation } }: { agreement: Agreement }) {
  const { endedOn, breakdown } = implementation;
  return (
    <div className={styles.verdict}>
      {title !== shortTitle && <p className="muted">{title}</p>}
      <div className={styles.state}>
        {endedOn !== null && <strong className={styles.ended}>{texts.agreement.endedOn(shortDay(endedOn))}</strong>}
        <ScoreSummary {...implementation} />
        <NotCounted {...implementation} />
        <BreakdownLegend breakdown={breakdown} />
        <BreakdownBar breakdown={breakdown} />
      </div>
    </div>
  );
}
