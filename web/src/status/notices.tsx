import { useEffect, useRef } from 'react';
import type { View } from '../app/view';
import { focusMessage } from '../components/focus';
import { dateText } from '../format/edtf';
import { texts } from '../texts';
import styles from './Status.module.css';
import type { Status, StatusAssessment, StatusKind, StatusSubject } from './subject';
import type { Draft } from './update';

/** States the initial values of a new form, and where they come from. */
export function StartNote({ subject: { kind, inForce }, page }: { subject: StatusSubject; page: View }) {
  return (
    <p className="hint">
      {inForce
        ? texts.update.startsFrom(
            kind.statusName(inForce.status),
            inForce.effectiveDate,
            texts.momentum[inForce.momentum].label,
            texts.confidence[inForce.confidence].label,
          )
        : texts.update.startsAlone}{' '}
      {page.asOf ? texts.update.dayOfPage(page.asOf) : texts.update.dayIsToday}
    </p>
  );
}

interface EarlierProps {
  kind: StatusKind;
  assessment: StatusAssessment;
  onCorrect: () => void;
  onKeep: () => void;
}

/** States that an earlier version of the form was recorded, and lets the user decide about the current version. */
export function EarlierRecorded({ kind, assessment, onCorrect, onKeep }: EarlierProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => focusMessage(box.current), []);
  return (
    <div ref={box} className={styles.conflict} role="alert" tabIndex={-1}>
      <p>{texts.update.earlier(kind.statusName(assessment.status), assessment.effectiveDate)}</p>
      <p className="actions">
        <button type="button" onClick={onCorrect}>
          {texts.update.correctEarlier}
        </button>
        <button type="button" onClick={onKeep}>
          {texts.update.keepEarlier}
        </button>
      </p>
    </div>
  );
}

interface StepProps {
  kind: StatusKind;
  draft: Draft;
  previous: Status | undefined;
  holderName: string;
}

/** The status before and after, or that it stays the same. */
export function StatusStep({ kind, draft, previous, holderName }: StepProps) {
  if (!draft.status || !previous) return null;
  return (
    <p className={styles.line}>
      <span className="muted">{texts.update.before(holderName, dateText(draft.effectiveDate))}</span>
      {draft.status === previous ? (
        texts.update.same
      ) : (
        <>
          {kind.badge(previous)} <span aria-hidden="true">→</span>
          {kind.badge(draft.status)}
        </>
      )}
    </p>
  );
}
