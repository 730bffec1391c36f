import type { ReactNode } from 'react';
import { useView } from '../../app/view';
import { DayText, InstantText } from '../../components/DayText';
import { Evidence } from '../../components/SourceLink';
import { BreachedBy, Mark, MomentumText, StatusBadge } from '../../components/StatusBadge';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';

/** The status on the selected day in the selected view, with its reason and evidence. */
export function CurrentStatus({ clause, children }: { clause: Clause; children: ReactNode }) {
  const { assessment } = clause;
  const { heldBy } = useView();
  return (
    <section aria-labelledby="status" className={styles.currentStatus}>
      <h2 id="status" className="visually-hidden">
        {texts.clause.status}
      </h2>
      <p className={styles.headline}>
        <StatusBadge status={clause.status} />
        {assessment && <BreachedBy parties={assessment.breachedBy} />}
        {assessment && (
          <span className="muted">
            {texts.clause.since} <DayText day={assessment.effectiveDate} />
          </span>
        )}
        {assessment && <MomentumText momentum={assessment.momentum} />}
        <span>
          {clause.isContested && <Mark>{texts.agreement.contested}</Mark>}
          {clause.isOverdue && <Mark strong>{texts.agreement.overdue}</Mark>}
        </span>
      </p>
      <p className="muted">{texts.clauseStatus[clause.status].meaning}</p>
      {assessment ? (
        <div className="prose">
          <p>{assessment.note}</p>
          <Evidence citations={assessment.citations} />
          <p className="hint">
            {texts.confidence[assessment.confidence].label}. {texts.clause.recordedBy(assessment.recordedBy)}{' '}
            <InstantText at={assessment.recordedAt} />
          </p>
        </div>
      ) : (
        <p>{heldBy ? texts.clause.silent : texts.clause.unassessed}</p>
      )}
      {children}
    </section>
  );
}
