import { useEffect, useRef, useState } from 'react';
import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { StatusBadge } from '../../components/StatusBadge';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';
import { Retract } from './Retract';
import type { Recorded } from './update';

interface Props {
  recorded: Recorded;
  clause: Clause;
  onDone: () => void;
}

/** What was just recorded, and the way to take it back. */
export function Saved({ recorded: { assessment, version }, clause, onDone }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [isUndoing, setUndoing] = useState(false);
  const [isUndone, setUndone] = useState(false);
  useEffect(() => box.current?.focus(), [isUndone]);
  return (
    <div ref={box} className={styles.saved} role="status" tabIndex={-1}>
      <h2>{isUndone ? texts.update.undone : texts.update.recorded}</h2>
      <p className={styles.line}>
        {assessment.previousStatus && assessment.previousStatus !== assessment.status && (
          <>
            <StatusBadge status={assessment.previousStatus} />
            <span aria-hidden="true">→</span>
            <span className="visually-hidden">{texts.update.nowIs}</span>
          </>
        )}
        {isUndone ? (
          <s>
            <StatusBadge status={assessment.status} />
          </s>
        ) : (
          <StatusBadge status={assessment.status} />
        )}
        <span className="muted">
          {texts.clause.since} <DayText day={assessment.effectiveOn} />
        </span>
        <span>{assessment.heldBy ? texts.view.partyView(assessment.heldBy.shortName) : texts.view.neutral}</span>
      </p>
      <p className="actions">
        {!isUndone && !isUndoing && (
          <button type="button" onClick={() => setUndoing(true)}>
            {texts.update.undo}
          </button>
        )}
        <Link to="/changes">{texts.update.toChanges}</Link>
        <button type="button" className="quiet" onClick={onDone}>
          {texts.live.dismiss}
        </button>
      </p>
      {isUndoing && !isUndone && (
        <Retract
          assessmentId={assessment.id}
          version={Math.max(version, clause.version)}
          takesFocus
          onDone={() => setUndone(true)}
        />
      )}
    </div>
  );
}
