import { useEffect, useRef, useState } from 'react';
import { Link as RouterLink } from 'wouter';
import { currentPath } from '../browser/base';
import { useView, withView } from '../app/view';
import { DayText } from '../components/DayText';
import { Link } from '../components/Link';
import { BreachedBy } from '../components/StatusBadge';
import { dateText } from '../format/edtf';
import { texts } from '../texts';
import styles from './Status.module.css';
import { recordedStateOf } from './recordedState';
import { Retract } from './Retract';
import type { StatusSubject } from './subject';
import type { Recorded } from './update';

interface Props {
  recorded: Recorded;
  subject: StatusSubject;
  onDone: () => void;
}

/** Shows the status that was just recorded, and lets the user retract it. */
export function RecordedNotice({ recorded: { assessment, version }, subject, onDone }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [isRetracting, setRetracting] = useState(false);
  const [isRetracted, setRetracted] = useState(false);
  useEffect(() => box.current?.focus(), [isRetracted]);
  return (
    <div ref={box} className={styles.recorded} role="status" tabIndex={-1}>
      <h2>{isRetracted ? texts.update.retracted : texts.update.recorded}</h2>
      <p className={styles.line}>
        {assessment.previousStatus && assessment.previousStatus !== assessment.status && (
          <>
            {subject.kind.badge(assessment.previousStatus)}
            <span aria-hidden="true">→</span>
            <span className="visually-hidden">{texts.update.nowIs}</span>
          </>
        )}
        {isRetracted ? (
          <s>{subject.kind.badge(assessment.status)}</s>
        ) : (
          subject.kind.badge(assessment.status)
        )}
        <BreachedBy parties={assessment.breachedBy ?? []} />
        <span className="muted">
          {texts.clause.since} <DayText day={assessment.effectiveDate} />
        </span>
        <span>{assessment.heldBy ? texts.view.partyView(assessment.heldBy.shortName) : texts.view.neutral}</span>
      </p>
      {!isRetracted && <WhyNotShown assessment={assessment} subject={subject} />}
      <p className="actions">
        {!isRetracted && !isRetracting && (
          <button type="button" onClick={() => setRetracting(true)}>
            {texts.update.undo}
          </button>
        )}
        <Link to="/changes">{texts.update.toChanges}</Link>
        <button type="button" className="quiet" onClick={onDone}>
          {texts.live.dismiss}
        </button>
      </p>
      {isRetracting && !isRetracted && (
        <Retract
          assessmentId={assessment.id}
          version={Math.max(version, subject.version)}
          takesFocus
          onDone={() => setRetracted(true)}
        />
      )}
    </div>
  );
}

/** Says why the page does not show the recorded status, if it does not. */
function WhyNotShown({ assessment, subject }: { assessment: Recorded['assessment']; subject: StatusSubject }) {
  const view = useView();
  const { inForce, kind } = subject;
  const state = recordedStateOf(assessment, inForce, view);
  switch (state) {
    case 'SHOWN':
      return null;
    case 'OTHER_VIEW':
    case 'LATER_DAY':
      return (
        <p>
          {texts.update.notShown[state]}{' '}
          <RouterLink
            href={withView(currentPath(), {
              asOf: state === 'LATER_DAY' ? undefined : view.asOf,
              heldBy: assessment.heldBy?.slug,
            })}
          >
            {texts.update.showRecorded}
          </RouterLink>
        </p>
      );
    case 'EARLIER':
      return inForce && <p>{texts.update.notShown.EARLIER(kind.statusName(inForce.status), dateText(inForce.effectiveDate))}</p>;
    case 'REPLACED':
      return inForce && <p>{texts.update.notShown.REPLACED(kind.statusName(inForce.status), inForce.recordedBy)}</p>;
  }
}
