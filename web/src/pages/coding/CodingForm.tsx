import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { refetchAll } from '../../api/client';
import type { ClauseStatus } from '../../api/schema.gen';
import { ErrorSummary, Field, FormFailure, type Problem, Select } from '../../components/Form';
import { StatusBadge } from '../../components/StatusBadge';
import { STATUS_ORDER } from '../../components/status';
import { storedDraft, type StoredDraft } from '../../form/storage';
import { useDraftState, useDraftStorage } from '../../form/useDraft';
import { texts } from '../../texts';
import { RecordCodingsDocument } from './Coding.gen';
import { changedItems, type CodedClause, type Draft, type Drafts, draftOf, fieldOf, hasChanges, isFinal, missingStatuses, problemsOf } from './coding';
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

/** One form for all clauses, whose input is stored. Sends the codings that differ from the recorded ones. */
export function CodingForm({ clauses, draftName, on, coder, isFetching }: Props) {
  const [restored] = useState(() => storedDraft<StoredDraft<Drafts, null>>(draftName));
  const { draft: drafts, key, change } = useDraftState<Drafts>(restored, () => ({}));
  useDraftStorage(draftName, { draft: drafts, key, base: null }, hasChanges(clauses, coder, drafts));
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [recorded, setRecorded] = useState(0);
  const [{ fetching, error }, record] = useMutation(RecordCodingsDocument);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setRecorded(0);
    const items = changedItems(clauses, coder, drafts);
    const missing = missingStatuses(clauses, coder, drafts);
    const invalid = missing.length === 0 && items.length === 0 ? [{ message: texts.coding.nothing }] : missing;
    setProblems(invalid);
    if (invalid.length > 0) return;
    const { data } = await record({ input: { on, items } });
    const answer = data?.recordCodings;
    if (!answer) return;
    setProblems(problemsOf(items, answer.userErrors));
    // The drafts stay: what was recorded no longer differs, and what was entered meanwhile is not lost.
    if (answer.userErrors.length === 0) setRecorded(items.length);
    // The codings are not in the change log. After a conflict, the page shows the codings of others, too.
    refetchAll();
  }

  return (
    <>
      {restored && recorded === 0 && (
        <p role="status" className="hint">
          {texts.recordForm.restored}
        </p>
      )}
      <ErrorSummary problems={problems} />
      <form onSubmit={submit} noValidate className="no-print">
        {clauses.map((clause) =>
          isFinal(clause, coder) ? (
            <Codings key={clause.id} clause={clause} />
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
        <button type="submit" className="primary" disabled={fetching || isFetching}>
          {texts.coding.submit}
        </button>
      </form>
      <FormFailure error={error} />
      {recorded > 0 && <p role="status">{texts.coding.recorded(recorded)}</p>}
    </>
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

/** What the clause requires, and what must be seen for each status. */
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

/** All codings of a clause that two accounts have coded. None can be changed any more. */
function Codings({ clause }: { clause: CodedClause }) {
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
    </div>
  );
}
