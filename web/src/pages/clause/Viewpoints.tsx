import { DayText } from '../../components/DayText';
import { FoldedOnPhone } from '../../components/Folded';
import { Empty } from '../../components/Loaded';
import { Evidence } from '../../components/SourceLink';
import { BreachedBy, MomentumText, StatusBadge } from '../../components/StatusBadge';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';

/** The assessments of the neutral record and of each party. */
export function Viewpoints({ clause: { viewpoints } }: { clause: Clause }) {
  return (
    <section aria-labelledby="viewpoints">
      <h2 id="viewpoints">{texts.clause.viewpoints}</h2>
      {viewpoints.length === 0 && <Empty>{texts.clause.viewpointsEmpty}</Empty>}
      {viewpoints.length > 0 && (
        <>
          <FoldedOnPhone summary={texts.clause.withReasons(viewpoints.length)}>
            <ul className={styles.cards}>
              {viewpoints.map((assessment) => (
                <li key={assessment.id}>
                  <h3>{assessment.heldBy?.shortName ?? texts.view.neutral}</h3>
                  <p className={styles.line}>
                    <StatusBadge status={assessment.status} />
                    <BreachedBy parties={assessment.breachedBy} />
                    <span className="muted">
                      {texts.clause.since} <DayText day={assessment.effectiveDate} />
                    </span>
                    <MomentumText momentum={assessment.momentum} />
                  </p>
                  <p>{assessment.note}</p>
                  {assessment.citations.length > 0 && (
                    <details className="printed-open">
                      <summary>{texts.clause.sources(assessment.citations.length)}</summary>
                      <Evidence citations={assessment.citations} />
                    </details>
                  )}
                </li>
              ))}
            </ul>
          </FoldedOnPhone>
          <p className="hint">{texts.view.silence}</p>
        </>
      )}
    </section>
  );
}
