import type { ReactNode } from 'react';
import { useView } from '../../app/view';
import { DayText, InstantText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Evidence } from '../../components/SourceLink';
import { BreachedBy, Mark, MomentumText, StatusBadge } from '../../components/StatusBadge';
import { statusColour } from '../../components/status';
import { withinSentence } from '../../format/sentences';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';

/** The status on the selected day in the selected view, with its reason and evidence. */
export function CurrentStatus({ clause, children }: { clause: Clause; children: ReactNode }) {
  const { assessment } = clause;
  const { heldBy } = useView();
  return (
    <section aria-labelledby="status" className={styles.currentStatus} style={{ borderColor: statusColour(clause.status) }}>
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
          <p className={`prose ${styles.reason}`}>{assessment.note}</p>
          <p className={`muted ${styles.recorded}`}>
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
          {assessment.citations.length > 0 && (
            <details className="printed-open">
              <summary>{texts.source.evidence}</summary>
              <Evidence citations={assessment.citations} />
            </details>
          )}
        </>
      ) : (
        <p>
          {heldBy ? texts.clause.silent : texts.clause.unassessed} <LastCheck clause={clause} />
        </p>
      )}
      {children}
      <OtherViews clause={clause} />
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
  const [first] = others;
  const keyOf = ({ status, breachedBy }: (typeof others)[number]) => [status, ...breachedBy.map(({ shortName }) => shortName)].join();
  const isSame = others.length > 1 && others.every((other) => first && keyOf(other) === keyOf(first));
  return (
    <ul className={isSame ? styles.sameViews : styles.otherViews} aria-label={texts.clause.otherViews}>
      {others.map(({ id, heldBy, status, breachedBy, effectiveDate }, index) => (
        <li key={id}>
          <Link to={heldBy ? `${path}?heldBy=${heldBy.slug}` : `${path}?heldBy=`}>
            {heldBy?.shortName ?? texts.view.neutral}
          </Link>
          {isSame && index < others.length - 1 ? (
            texts.clause.between(index === others.length - 2)
          ) : (
            <>
              {isSame && ': '}
              <StatusBadge status={status} /> <BreachedBy parties={breachedBy} />
              {!isSame && (
                <span className="muted">
                  {texts.clause.since} <DayText day={effectiveDate} />
                </span>
              )}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
