import { useEffect, useRef } from 'react';
import { useViewer } from '../api/auth';
import type { Confidence } from '../api/schema.gen';
import { DayText, InstantText } from '../components/DayText';
import { focusMessage } from '../components/focus';
import { Link } from '../components/Link';
import { BreachedBy, Mark, MomentumText } from '../components/StatusBadge';
import { texts } from '../texts';
import styles from './Status.module.css';
import type { StatusAssessment, StatusKind } from './subject';
import { confidenceOf, type Draft } from './update';

interface Props {
  kind: StatusKind;
  news: readonly StatusAssessment[];
  draft: Draft;
  /** The name of the draft's holder. Undefined for the neutral record. */
  holder: string | undefined;
  /** The draft's breakers. */
  breakers: readonly { shortName: string }[];
  /** Whether the notice takes the focus. True after the server has rejected the form, false while the user is typing. */
  takesFocus: boolean;
  onKeep: () => void;
  onTake: (theirs: StatusAssessment) => void;
  onDrop: () => void;
}

/** Shows concurrent changes beside the draft, and lets the user decide. */
export function Conflict({ kind, news, draft, holder, breakers, takesFocus, onKeep, onTake, onDrop }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) focusMessage(box.current);
  }, [takesFocus]);
  const me = useViewer()?.name;
  const isOwn = news.length > 0 && news.every((assessment) => (assessment.retractedAt ? assessment.retractedBy : assessment.recordedBy) === me);
  const latest = news.find((assessment) => !assessment.retractedAt);
  return (
    <div ref={box} className={styles.conflict} role="alert" tabIndex={-1}>
      <h3>{isOwn ? texts.conflict.ownTitle : texts.conflict.title}</h3>
      <p>{news.length > 0 ? texts.conflict.text : texts.conflict.recordChanged}</p>
      <ul className={styles.cards}>
        {news.map((assessment) => (
          <li key={assessment.id}>
            <h4>
              {assessment.retractedAt ? texts.conflict.retractedBy(assessment.retractedBy ?? '') : texts.conflict.recordedBy(assessment.recordedBy)}{' '}
              <span className="muted">
                <InstantText at={assessment.retractedAt ?? assessment.recordedAt} />
              </span>
            </h4>
            {assessment.retractedAt && (
              <p>
                <Mark strong>{texts.clause.retracted}</Mark> {assessment.retractionReason}
              </p>
            )}
            <Version
              kind={kind}
              status={assessment.status}
              breachedBy={assessment.breachedBy ?? []}
              day={assessment.effectiveDate}
              momentum={assessment.momentum}
              holder={assessment.heldBy?.shortName}
              confidence={assessment.confidence}
              note={assessment.note}
              evidence={assessment.citations.map(({ source }) => source.title)}
            />
          </li>
        ))}
        <li>
          <h4>{texts.conflict.yours}</h4>
          <Version
            kind={kind}
            status={draft.status}
            breachedBy={breakers}
            day={draft.effectiveDate}
            momentum={draft.momentum}
            holder={holder}
            confidence={confidenceOf(draft)}
            note={draft.note}
            evidence={draft.evidence.map((entry) => ('existing' in entry ? entry.existing.title : entry.newSource.title))}
          />
        </li>
      </ul>
      <p className="actions">
        <button type="button" onClick={onKeep}>
          {texts.conflict.keep}
        </button>
        {latest && (
          <button type="button" onClick={() => onTake(latest)}>
            {texts.conflict.take}
          </button>
        )}
        <button type="button" className="quiet" onClick={onDrop}>
          {texts.conflict.drop}
        </button>
        {news.length === 0 && <Link to="/changes">{texts.update.toChanges}</Link>}
      </p>
    </div>
  );
}

interface VersionProps extends Pick<Draft, 'status' | 'momentum' | 'note'> {
  kind: StatusKind;
  confidence: Confidence;
  breachedBy: readonly { shortName: string }[];
  day: string;
  holder: string | undefined;
  evidence: readonly string[];
}

function Version({ kind, status, breachedBy, day, momentum, holder, confidence, note, evidence }: VersionProps) {
  return (
    <dl className={styles.version}>
      <dt>{texts.clause.status}</dt>
      <dd>
        {status ? kind.badge(status) : texts.conflict.notChosen} <BreachedBy parties={breachedBy} />
      </dd>
      <dt>{texts.clause.sinceDay}</dt>
      <dd>
        <DayText day={day} />
      </dd>
      <dt>{texts.clause.view}</dt>
      <dd>{holder ?? texts.view.neutral}</dd>
      <dt>{texts.agreement.momentum}</dt>
      <dd>
        <MomentumText momentum={momentum} />
      </dd>
      <dt>{texts.update.confidence}</dt>
      <dd>{texts.confidence[confidence].label}</dd>
      <dt>{texts.clause.reason}</dt>
      <dd>{note || texts.states.none}</dd>
      <dt>{texts.source.evidence}</dt>
      <dd>{evidence.join('; ') || texts.states.none}</dd>
    </dl>
  );
}
