import { useState } from 'react';
import { useMutation } from 'urql';
import { refetchAll } from '../../api/client';
import type { ClauseStatus } from '../../api/schema.gen';
import { Field, type Problem, Select } from '../../components/Form';
import { StatusBadge } from '../../components/StatusBadge';
import { STATUS_ORDER } from '../../components/status';
import { DraftForm } from '../../form/DraftForm';
import { storedDraft, type StoredDraft } from '../../form/storage';
import { useDraftState, useDraftStorage } from '../../form/useDraft';
import { texts } from '../../texts';
import { RecordCodingsDocument } from './Coding.gen';
import { changedItems, type CodedClause, type Draft, type Drafts, draftOf, droppedDraft, fieldOf, hasChanges, isFinal, missingStatuses, problemsOf } from './coding';
import styles from './Coding.module.css';

const CHOICES = STATUS_ORDER.filter((status) => status !== 'UNASSESSED').map((value) => ({
  value,
  label: texts.clauseStatus[value].label,
}));

interface Props {
  clauses: readonly CodedClause[];
  /** Identifies the drafts of these clauses in the browser's storage. */
  draftName: string;
  /** The day for which the clauses are coded. */
  on: string;
  /** The name of the viewer's account. */
  coder: string;
  isFetching: boolean;
}

/** One form for all clauses. Stores its input as a draft, and sends the codings that differ from the recorded ones. */
export function CodingForm(props: Props) {
  // A new key shows the form again, with the stored draft.
  const [attempt, setAttempt] = useState(0);
  return <Form key={attempt} {...props} onRestart={() => setAttempt(attempt + 1)} />;
}

function Form({ clauses, draftName, on, coder, isFetching, onRestart }: Props & { onRestart: () => void }) {
  const [restored] = useState(() => storedDraft<StoredDraft<Drafts, null>>(draftName));
  const { draft: drafts, key, unanswered, change } = useDraftState<Drafts>(restored, () => ({}));
  const storage = useDraftStorage(draftName, { draft: drafts, key, unanswered, base: null }, hasChanges(clauses, coder, drafts));
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [outcome, setOutcome] = useState<string>();
  const [{ fetching, error }, record] = useMutation(RecordCodingsDocument);

  async function submit() {
    const items = changedItems(clauses, coder, drafts);
    const missing = missingStatuses(clauses, coder, drafts);
    setProblems(missing);
    const isEmpty = missing.length === 0 && items.length === 0;
    setOutcome(isEmpty ? texts.coding.nothing : undefined);
    if (missing.length > 0 || isEmpty) return;
    const { data } = await record({ input: { on, items } });
    const answer = data?.recordCodings;
    if (!answer) return;
    setProblems(problemsOf(clauses, items, answer.userErrors));
    // Drafts are kept, because they may contain newer input. A draft that equals the recorded coding is not a change.
    if (answer.userErrors.length === 0) setOutcome(texts.coding.recorded(items.length));
    // The codings are not in the change log. After a conflict, the page shows the codings of others, too.
    refetchAll();
  }

  return (
    <DraftForm
      isRestored={restored !== undefined && outcome === undefined}
      storage={storage}
      onRestart={onRestart}
      problems={problems}
      error={error}
      isSending={fetching || isFetching}
      onSubmit={() => void submit()}
      fields={clauses.map((clause) =>
        isFinal(clause, coder) ? (
          <Codings
            key={clause.id}
            clause={clause}
            dropped={droppedDraft(clause, coder, drafts)}
            onDiscard={() => change({ [clause.id]: undefined })}
          />
        ) : (
          <ClauseFields
            key={clause.id}
            clause={clause}
            draft={draftOf(clause, coder, drafts)}
            error={problems.find(({ field }) => field === fieldOf(clause.id))?.message}
            onChange={(draft) => change({ [clause.id]: draft })}
          />
        ),
      )}
      submit={texts.coding.submit}
      actions={<span role="status">{outcome}</span>}
    />
  );
}

interface ClauseFieldsProps {
  clause: CodedClause;
  draft: Draft;
  error: string | undefined;
  onChange: (draft: Draft) => void;
}

function ClauseFields({ clause, draft, error, onChange }: ClauseFieldsProps) {
  const name = `${clause.number} ${clause.heading}`;
  return (
    <div className={styles.clause}>
      <Field id={fieldOf(clause.id)} label={name} hint={<About clause={clause} />} error={error}>
        {(control) => (
          <Select
            {...control}
            value={draft.status}
            choices={CHOICES}
            none={texts.coding.notCoded}
            onChange={(status) => onChange({ ...draft, status: status as ClauseStatus | '' })}
          />
        )}
      </Field>
      <Field id={`note-${clause.id}`} label={texts.coding.note} isOptional>
        {(control) => (
          <input
            {...control}
            type="text"
            aria-label={texts.coding.noteOf(name)}
            value={draft.note}
            onChange={(event) => onChange({ ...draft, note: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

/** The requirements of the clause, and the criterion of each status. */
function About({ clause }: { clause: CodedClause }) {
  return (
    <>
      {clause.summary}
      {clause.criteria.length > 0 && (
        <ul className={styles.criteria}>
          {clause.criteria.map(({ status, text }) => (
            <li key={status}>
              {texts.clauseStatus[status].label}: {text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface CodingsProps {
  clause: CodedClause;
  /** The coder's input before somebody else coded the clause. */
  dropped: Draft | undefined;
  onDiscard: () => void;
}

/** All codings of a clause that two accounts have coded. They can no longer be changed. */
function Codings({ clause, dropped, onDiscard }: CodingsProps) {
  return (
    <div className={styles.clause}>
      <h3>
        {clause.number} {clause.heading}
      </h3>
      <dl className="facts">
        {clause.codings.map(({ account, status, note }) => (
          <div key={account}>
            <dt>{account}</dt>
            <dd>
              <StatusBadge status={status} /> {note && <span className="muted">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {dropped && (
        <p role="status">
          {texts.coding.dropped(dropped.status && texts.clauseStatus[dropped.status].label, dropped.note)}{' '}
          <button type="button" className="quiet" onClick={onDiscard}>
            {texts.recordForm.discard}
          </button>
        </p>
      )}
    </div>
  );
}
