import type { ReactNode } from 'react';
import { useView } from '../../app/view';
import { DayText, InstantText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { BreachedBy, Mark, MomentumText, StatusBadge } from '../../components/StatusBadge';
import { withinSentence } from '../../format/sentences';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import { FoldedEvidence } from './FoldedEvidence';
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
      {assessment ? (
        <>
          <p className="prose">{assessment.note}</p>
          <p className="muted">
            {texts.clause.judged(
              assessment.heldBy?.shortName,
              withinSentence(texts.confidence[assessment.confidence].label),
              assessment.citations.length,
            )}{' '}
            {assessment.submittedBy
              ? texts.clause.publishedBy(assessment.submittedBy, assessment.recordedBy)
              : texts.clause.recordedBy(assessment.recordedBy)}{' '}
            <InstantText at={assessment.recordedAt} />. <LastCheck clause={clause} />
          </p>
          <div className="prose">
            <FoldedEvidence citations={assessment.citations} />
          </div>
        </>
      ) : (
        <p>
          {heldBy ? texts.clause.silent : texts.clause.unassessed} <LastCheck clause={clause} />
        </p>
      )}
      <OtherViews clause={clause} />
      {children}
    </section>
  );
}

/** The latest status check, independent of the selected day. */
function LastCheck({ clause: { checkedOn, checkedBy } }: { clause: Clause }) {
  if (!checkedOn) return null;
  return (
    <>
      {texts.clause.lastChecked} <DayText day={checkedOn} />
      {checkedBy && texts.clause.checkedBy(checkedBy)}.
    </>
  );
}

/** One link for each other view, which shows the page in that view. */
function OtherViews({ clause: { viewpoints, assessment, agreement, number } }: { clause: Clause }) {
  const others = viewpoints.filter(({ id }) => id !== assessment?.id);
  if (others.length === 0) return null;
  const path = `/agreements/${agreement.slug}/clauses/${encodeURIComponent(number)}`;
  return (
    <ul className={styles.chips} aria-label={texts.clause.otherViews}>
      {others.map(({ id, heldBy, status, breachedBy, effectiveDate }) => (
        <li key={id}>
          <Link to={heldBy ? `${path}?heldBy=${heldBy.slug}` : `${path}?heldBy=`}>
            {heldBy?.shortName ?? texts.view.neutral}
          </Link>
          <StatusBadge status={status} /> <BreachedBy parties={breachedBy} />
          <span className="muted">
            {texts.clause.since} <DayText day={effectiveDate} />
          </span>
        </li>
      ))}
    </ul>
  );
}
