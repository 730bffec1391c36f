import { useEffect, useId, useRef, useState } from 'react';
import { Link as RouterLink } from 'wouter';
import { currentPath } from '../browser/base';
import { useShortcut } from '../app/shortcuts';
import { useView, withView } from '../app/view';
import { DayText } from '../components/DayText';
import { ErrorSummary, FormFailure, type Problem } from '../components/Form';
import { Link } from '../components/Link';
import { BreachedBy } from '../components/StatusBadge';
import { newKey } from '../form/key';
import { dateText } from '../format/edtf';
import { texts } from '../texts';
import styles from './Status.module.css';
import { recordedStateOf } from './recordedState';
import { Retract } from './Retract';
import type { StatusSubject } from './subject';
import type { Recorded } from './update';
import { retractionProblems, useRetraction } from './useRetraction';

/** The time in ms during which the user can undo a recording without giving a reason. */
const UNDO_MS = 60_000;

interface Props {
  recorded: Recorded;
  subject: StatusSubject;
  /** Whether the page shows another subject. */
  isElsewhere?: boolean;
  /** Opens the form that corrects the assessment. */
  onCorrect?: () => void;
  onDone: () => void;
}

/**
 * Shows the status that was just recorded, and lets the user correct or undo it. Undoing retracts the assessment. After a
 * minute, it requires a reason.
 */
export function RecordedNotice({ recorded: { assessment, version, at }, subject, isElsewhere = false, onCorrect, onDone }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const title = useId();
  const [isRetracting, setRetracting] = useState(false);
  const [isRetracted, setRetracted] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [key] = useState(newKey);
  const seen = isElsewhere ? version : Math.max(version, subject.version);
  const { retract, isSending, error } = useRetraction(assessment.id, seen, key);
  useEffect(() => {
    if (!isElsewhere || isRetracted) box.current?.focus();
  }, [isElsewhere, isRetracted]);
  async function undo() {
    if (isSending) return;
    if (Date.now() - at > UNDO_MS) return setRetracting(true);
    const errors = await retract(texts.retract.undone);
    if (!errors) return;
    if (errors.length === 0) setRetracted(true);
    else setProblems(retractionProblems(errors, title));
  }
  useShortcut('z', isRetracted || isRetracting ? undefined : () => void undo());
  const [done, open] = isElsewhere
    ? [texts.update.retractedFor(subject.reference), texts.update.recordedFor(subject.reference)]
    : [texts.update.retracted, texts.update.recorded];
  return (
    <div ref={box} className={styles.recorded} role="status" tabIndex={-1} aria-labelledby={title}>
      <h2 id={title}>{isRetracted ? done : open}</h2>
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
      {!isRetracted && !isElsewhere && <WhyNotShown assessment={assessment} subject={subject} />}
      <ErrorSummary problems={problems} />
      <FormFailure error={error} />
      <p className="actions">
        {!isRetracted && !isRetracting && (
          <>
            <button type="button" aria-keyshortcuts="z" aria-disabled={isSending} onClick={() => void undo()}>
              {texts.update.undo}
            </button>
            {onCorrect && (
              <button type="button" onClick={onCorrect}>
                {texts.correct.open}
              </button>
            )}
          </>
        )}
        {!isElsewhere && <Link to="/changes">{texts.update.toChanges}</Link>}
        <button type="button" className="quiet" onClick={onDone}>
          {texts.live.dismiss}
        </button>
      </p>
      {isRetracting && !isRetracted && (
        <Retract assessmentId={assessment.id} version={seen} takesFocus onDone={() => setRetracted(true)} />
      )}
    </div>
  );
}

/** States why the page does not show the recorded status, if it does not show it. */
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
