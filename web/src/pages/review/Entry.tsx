import { type FormEvent, useEffect, useRef, useState } from 'react';
import { refetchSubmissions } from '../../api/submissions';
import type { SubmissionEntryFragment } from '../../api/types.gen';
import { AgeText, DayText, InstantText } from '../../components/DayText';
import { Field, FormFailure } from '../../components/Form';
import { Link } from '../../components/Link';
import { CitedSource } from '../../components/SourceLink';
import { BreachedBy, Mark, MomentumText } from '../../components/StatusBadge';
import { TrackableLink } from '../../components/TrackableLink';
import { newKey } from '../../form/key';
import { type Sending, useSending } from '../../form/useSending';
import type { UserError } from '../../form/problems';
import { age } from '../../format/age';
import { instant } from '../../format/days';
import { capitalized } from '../../format/sentences';
import { texts } from '../../texts';
import { statusesOf } from '../../status/kinds';
import type { Status } from '../../status/subject';
import { CommentOnSubmissionDocument, DeclineSubmissionDocument, PublishSubmissionDocument, WithdrawSubmissionDocument } from './Review.gen';
import styles from './Review.module.css';

export type Verb = keyof typeof texts.review.done;
type Submission = SubmissionEntryFragment;

interface Props {
  submission: Submission;
  /** The name of the viewer. */
  me: string;
  onDone: (verb: Verb) => void;
}

interface EntryProps extends Props {
  /** Whether this is the selected entry, on which the keyboard shortcuts of the page act. */
  isSelected: boolean;
  onFocus: () => void;
}

/** A submission: its change, its reason and evidence, its comments, and the viewer's actions. */
export function Entry({ submission, me, isSelected, onFocus, onDone }: EntryProps) {
  const { id, subject, status, change, state } = submission;
  const statuses = statusesOf(subject.__typename);
  const title = `submission-${id}`;
  const isOpen = state === 'OPEN';
  return (
    <article
      className={styles.entry}
      tabIndex={-1}
      data-submission={id}
      aria-labelledby={title}
      aria-current={isSelected ? 'true' : undefined}
      onFocus={onFocus}
    >
      <header className={styles.title}>
        <h2 id={title}>
          <TrackableLink item={subject} />
        </h2>
        <p className="muted" title={instant(submission.submittedAt)}>
          {texts.review.by(submission.submittedBy, age(submission.submittedAt))}
        </p>
      </header>
      <p className={styles.line}>
        {change?.statusBefore && (
          <>
            {statuses.badge(change.statusBefore as Status)}
            {change.before && (
              <span className="muted">
                {texts.clause.since} <DayText day={change.before.effectiveDate} />
              </span>
            )}
            <span className={styles.arrow} aria-hidden="true">
              →
            </span>
            <span className="visually-hidden">{texts.review.becomes}</span>
          </>
        )}
        {statuses.badge(status as Status)}
        <BreachedBy parties={submission.breachedBy} />
        <span>
          {texts.clause.since} <DayText day={submission.effectiveDate} />
        </span>
        <Mark>{submission.heldBy ? texts.view.partyView(submission.heldBy.shortName) : texts.view.neutral}</Mark>
      </p>
      {submission.endedBy && submission.endedAt && (
        <p>
          <Mark>{texts.review.ended(state, submission.endedBy)}</Mark>{' '}
          <span className="muted">
            <InstantText at={submission.endedAt} />
          </span>
          {submission.endReason && <> {texts.review.because(submission.endReason)}</>}
        </p>
      )}
      <p className="prose">{submission.note}</p>
      {change?.before?.note && <p className="prose hint">{texts.review.earlierReason(change.before.note)}</p>}
      <div className={styles.facts}>
        {change && !change.before && <span>{texts.review.beforeNone}</span>}
        <MomentumText momentum={submission.momentum} />
        <span>{texts.confidence[submission.confidence].label}</span>
        <EvidenceList evidence={submission.evidence} />
        {submission.event && (
          <span>
            <span className="visually-hidden">{texts.review.event}: </span>
            <Link to={`/events/${submission.event.id}`}>{submission.event.title}</Link>
          </span>
        )}
      </div>
      <Corrected submission={submission} />
      {change?.isLatest === false && (
        <p role="note" className={styles.warning}>
          {texts.review.overtaken}
        </p>
      )}
      {isOpen && subject.archivedAt && (
        <p role="note" className={styles.warning}>
          {texts.review.archived}
        </p>
      )}
      <CommentList comments={submission.comments} />
      {isOpen && <Actions submission={submission} me={me} onDone={onDone} />}
    </article>
  );
}

function Corrected({ submission: { subject, corrects, correctionReason } }: { submission: Submission }) {
  if (!corrects) return null;
  const status = 'clauseStatus' in corrects ? corrects.clauseStatus : 'caveatStatus' in corrects ? corrects.caveatStatus : corrects.proposalStatus;
  const name = statusesOf(subject.__typename).statusName(status);
  return <p>{texts.review.corrects(name, corrects.effectiveDate, correctionReason ?? '')}</p>;
}

function EvidenceList({ evidence }: { evidence: Submission['evidence'] }) {
  if (evidence.length === 0) return <span>{texts.source.none}</span>;
  return (
    <details className={`printed-open ${styles.sources}`}>
      <summary>{texts.source.count(evidence.length)}</summary>
      <ul aria-label={texts.source.evidence}>
        {evidence.map(({ source, newSource, ...place }, index) => (
          <li key={source?.id ?? index}>
            {source ? (
              <CitedSource citation={{ source, ...place }} />
            ) : (
              newSource && (
                <>
                  <Mark>{texts.review.newSource}</Mark> <CitedSource citation={{ source: { id: '', ...newSource }, ...place }} />
                </>
              )
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function CommentList({ comments }: Pick<Submission, 'comments'>) {
  if (comments.length === 0) return null;
  return (
    <ul className={styles.comments} aria-label={texts.review.comments}>
      {comments.map((comment) => (
        <li key={`${comment.writtenAt} ${comment.writtenBy}`}>
          <strong>{comment.writtenBy}</strong>{' '}
          <span className="muted">
            <AgeText at={comment.writtenAt} />
          </span>
          <p>{comment.text}</p>
        </li>
      ))}
    </ul>
  );
}

interface CommentFormProps {
  submission: Submission;
  onClose: () => void;
}

function CommentForm({ submission: { id, subject }, onClose }: CommentFormProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const { send, isSending, error } = useSending(CommentOnSubmissionDocument);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const key = useRef(newKey());
  async function add(event: FormEvent) {
    event.preventDefault();
    if (isSending || !text.trim()) return;
    const answer = await send({ submissionId: id, text: text.trim(), idempotencyKey: key.current });
    if (!answer) return;
    key.current = newKey();
    setProblem(problemOf(answer.userErrors));
    refetchSubmissions();
    if (answer.userErrors.length === 0) onClose();
  }
  return (
    <form className="no-print" onSubmit={(event) => void add(event)}>
      <Field id={`comment-${id}`} label={texts.review.comment} error={problem}>
        {(control) => <textarea {...control} ref={box} rows={2} value={text} onChange={({ target }) => setText(target.value)} />}
      </Field>
      <FormFailure error={error} />
      <p className="actions">
        <button type="submit" className="primary" aria-disabled={isSending || !text.trim()} aria-label={texts.review.commentOn(subject.reference)}>
          {texts.review.addComment}
        </button>
        <button type="button" className="quiet" onClick={onClose}>
          {texts.review.cancel}
        </button>
      </p>
    </form>
  );
}

const problemOf = (errors: readonly UserError[]) =>
  errors.length > 0 ? errors.map(({ message }) => capitalized(message)).join(' ') : undefined;

function Actions({ submission, me, onDone }: Props) {
  const { id, subject, submittedBy } = submission;
  const isOwn = submittedBy === me;
  const [form, setForm] = useState<'COMMENT' | 'DECLINE'>();
  const closed = useRef<typeof form>(undefined);
  const openers = { COMMENT: useRef<HTMLButtonElement>(null), DECLINE: useRef<HTMLButtonElement>(null) };
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const publishing = useEnding(PublishSubmissionDocument, () => onDone('PUBLISH'), setProblem);
  const declining = useEnding(DeclineSubmissionDocument, () => onDone('DECLINE'), setProblem);
  const withdrawing = useEnding(WithdrawSubmissionDocument, () => onDone('WITHDRAW'), setProblem);
  useEffect(() => {
    if (form === 'DECLINE') field.current?.focus();
    // The buttons are rendered again when a form closes. The one that opened it gets the focus back.
    if (form === undefined && closed.current) openers[closed.current].current?.focus();
    closed.current = form;
  }, [form]);
  const name = subject.reference;
  const decline = (event: FormEvent) => {
    event.preventDefault();
    if (!reason.trim()) return setProblem(texts.review.reasonMissing);
    void declining.end({ submissionId: id, reason: reason.trim() });
  };
  return (
    <>
      {form === 'DECLINE' && (
        <form className="no-print" onSubmit={decline} noValidate>
          <Field id={`reason-${id}`} label={texts.review.reason}>
            {(control) => <textarea {...control} ref={field} rows={2} value={reason} onChange={({ target }) => setReason(target.value)} />}
          </Field>
          <p className="actions">
            <button type="submit" className="primary" aria-disabled={declining.isSending}>
              {texts.review.confirmDecline}
            </button>
            <button type="button" className="quiet" onClick={() => setForm(undefined)}>
              {texts.review.cancel}
            </button>
          </p>
        </form>
      )}
      {problem && <p role="alert">{problem}</p>}
      {[publishing, declining, withdrawing].map(({ error }, index) => (
        <FormFailure key={index} error={error} />
      ))}
      {isOwn && <p className="muted">{texts.review.own}</p>}
      {form === 'COMMENT' && <CommentForm submission={submission} onClose={() => setForm(undefined)} />}
      {form === undefined && (
        <p className={`actions no-print ${styles.foot}`}>
          <button type="button" ref={openers.COMMENT} aria-label={texts.review.commentNamed(name)} onClick={() => setForm('COMMENT')}>
            {texts.review.comment}
          </button>
          {isOwn ? (
            <button type="button" aria-label={texts.review.withdrawNamed(name)} onClick={() => void withdrawing.end({ submissionId: id })}>
              {texts.review.withdraw}
            </button>
          ) : (
            <>
              <button
                type="button"
                ref={openers.DECLINE}
                data-verb="DECLINE"
                aria-keyshortcuts="d"
                aria-label={texts.review.declineNamed(name)}
                onClick={() => setForm('DECLINE')}
              >
                {texts.review.decline}
              </button>
              <button
                type="button"
                className="primary"
                data-verb="PUBLISH"
                aria-keyshortcuts="p"
                aria-label={texts.review.publishNamed(name)}
                onClick={() => void publishing.end({ submissionId: id, expectedVersion: subject.version })}
              >
                {texts.review.publish}
              </button>
            </>
          )}
        </p>
      )}
    </>
  );
}

/** Sends a mutation that ends a submission. A submission that changed in the meantime is loaded again. */
function useEnding<Input>(
  document: Sending<Input & { idempotencyKey: string }, { userErrors: readonly UserError[] }>,
  onEnded: () => void,
  onProblem: (problem: string | undefined) => void,
) {
  const { send, isSending, error } = useSending(document);
  const key = useRef(newKey());
  async function end(input: Input) {
    if (isSending) return;
    onProblem(undefined);
    const answer = await send({ ...input, idempotencyKey: key.current });
    if (!answer) return;
    key.current = newKey();
    const problem = problemOf(answer.userErrors);
    if (problem === undefined) onEnded();
    else onProblem(problem);
    refetchSubmissions();
  }
  return { end, isSending, error };
}
