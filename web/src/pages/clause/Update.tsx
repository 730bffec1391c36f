import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { client } from '../../api/client';
import { poke } from '../../api/live';
import type { ClauseJudgementFragment } from '../../api/types.gen';
import { useView } from '../../app/view';
import { useViewpointName, useViewpoints } from '../../app/ViewBar';
import { ErrorSummary, Field, FormFailure, type Problem, Select } from '../../components/Form';
import { StatusBadge, StatusGlyph } from '../../components/StatusBadge';
import { longDay, shortDay, today } from '../../format/days';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import { ClauseHistoryDocument, UpdateClauseStatusDocument, UpdateSourcesDocument } from './Clause.gen';
import styles from './Clause.module.css';
import { Conflict } from './Conflict';
import { EvidencePicker } from './EvidencePicker';
import {
  type Draft,
  FIELDS,
  inputOf,
  isConflict,
  newKey,
  problemsFrom,
  problemsOf,
  type Recorded,
  since,
  STATUS_CHOICES,
} from './update';

const MOMENTA = ['ADVANCING', 'STEADY', 'STALLED', 'REGRESSING'] as const;
/** How many judgements, latest first, are looked through for what is new. */
const LOOKED_AT = 50;
const CONFIDENCES = ['HIGH', 'MEDIUM', 'LOW'] as const;

interface Props {
  clause: Clause;
  onClose: () => void;
  onRecorded: (recorded: Recorded) => void;
}

/** Records a status. Nothing is written over: what others recorded meanwhile is shown first. */
export default function Update({ clause, onClose, onRecorded }: Props) {
  const names = useMemo(
    () => ({ agreement: clause.agreement.slug, number: clause.number }),
    [clause.agreement.slug, clause.number],
  );
  const view = useView();
  const viewpoint = useViewpointName();
  const parties = useViewpoints();
  const [{ data: sources }] = useQuery({ query: UpdateSourcesDocument, variables: names });
  const events = sources?.clause?.events.nodes.toReversed() ?? [];
  const [{ fetching, error }, update] = useMutation(UpdateClauseStatusDocument);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [draft, setDraft] = useState<Draft>(() => ({
    status: undefined,
    effectiveOn: today(),
    note: '',
    momentum: 'STEADY',
    confidence: 'MEDIUM',
    heldBy: parties.find(({ slug }) => slug === view.heldBy)?.id ?? '',
    event: '',
    evidence: [],
  }));
  const key = useRef(newKey());
  const title = useRef<HTMLHeadingElement>(null);
  const meanwhile = useMeanwhile(clause, names);

  useEffect(() => title.current?.focus(), []);
  useEffect(() => {
    if (!draft.status && !draft.note) return;
    const keep = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', keep);
    return () => window.removeEventListener('beforeunload', keep);
  }, [draft]);

  function change(part: Partial<Draft>) {
    key.current = newKey();
    setDraft((before) => ({ ...before, ...part }));
  }

  async function send(version: number) {
    const missing = problemsOf(draft, clause.agreement.agreedOn, latestDay());
    setProblems(missing);
    if (missing.length > 0) return;
    const { data } = await update({ input: inputOf(draft, clause.id, version, key.current) });
    const answer = data?.updateClauseStatus;
    if (!answer) return;
    poke();
    if (answer.assessment && answer.clause) {
      return onRecorded({ assessment: answer.assessment, version: answer.clause.version });
    }
    // It was refused for good under this key.
    key.current = newKey();
    if (isConflict(answer.userErrors)) await meanwhile.look();
    else setProblems(problemsFrom(answer.userErrors, draft));
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(meanwhile.version);
  };
  const errorOf = (field: string) => problems.find((it) => it.field === field)?.message;

  return (
    <section className={`${styles.update} no-print`} aria-labelledby="update-title">
      <h2 id="update-title" ref={title} tabIndex={-1}>
        {texts.update.title(clause.reference)}
      </h2>
      <ErrorSummary problems={problems} />
      <FormFailure error={error} />
      {meanwhile.isConflict && !fetching && (
        <Conflict
          news={meanwhile.news}
          draft={draft}
          holder={parties.find(({ id }) => id === draft.heldBy)?.shortName}
          onKeep={() => {
            key.current = newKey();
            void send(meanwhile.accept());
          }}
          onTake={(theirs) => {
            meanwhile.accept();
            change(draftOf(theirs));
          }}
          onDrop={onClose}
        />
      )}
      <form onSubmit={submit} noValidate>
        <Radios
          id={FIELDS.status}
          legend={texts.clause.status}
          hint={texts.update.statusNow(
            texts.clauseStatus[clause.status].label,
            view.asOf && longDay(view.asOf),
            viewpoint,
          )}
          error={errorOf(FIELDS.status)}
          value={draft.status}
          choices={STATUS_CHOICES.map((value) => ({ value, glyph: <StatusGlyph status={value} />, ...texts.clauseStatus[value] }))}
          onChange={(status) => change({ status })}
        />
        <Field
          id={FIELDS.effectiveOn}
          label={texts.update.day}
          hint={`${texts.update.dayHint} ${draft.effectiveOn ? longDay(draft.effectiveOn) : ''}`}
          error={errorOf(FIELDS.effectiveOn)}
        >
          {(control) => (
            <input
              {...control}
              type="date"
              min={clause.agreement.agreedOn}
              max={latestDay()}
              value={draft.effectiveOn}
              onChange={(event) => change({ effectiveOn: event.target.value })}
            />
          )}
        </Field>
        <Field id={FIELDS.note} label={texts.update.note} hint={texts.update.noteHint} error={errorOf(FIELDS.note)}>
          {(control) => (
            <textarea {...control} rows={3} value={draft.note} onChange={(event) => change({ note: event.target.value })} />
          )}
        </Field>
        <EvidencePicker
          sources={sources}
          evidence={draft.evidence}
          errorOf={errorOf}
          onChange={(evidence) => change({ evidence })}
        />
        <Field id={FIELDS.heldBy} label={texts.update.view} hint={texts.update.viewHint} error={errorOf(FIELDS.heldBy)}>
          {(control) => (
            <Select
              {...control}
              value={draft.heldBy}
              none={texts.view.neutral}
              choices={parties.map(({ id, shortName }) => ({ value: id, label: texts.view.partyView(shortName) }))}
              onChange={(heldBy) => change({ heldBy })}
            />
          )}
        </Field>
        <Radios
          id={FIELDS.momentum}
          legend={texts.agreement.momentum}
          error={errorOf(FIELDS.momentum)}
          value={draft.momentum}
          choices={MOMENTA.map((value) => ({ value, ...texts.momentum[value] }))}
          onChange={(momentum) => change({ momentum })}
        />
        <Radios
          id={FIELDS.confidence}
          legend={texts.update.confidence}
          error={errorOf(FIELDS.confidence)}
          value={draft.confidence}
          choices={CONFIDENCES.map((value) => ({ value, ...texts.confidence[value] }))}
          onChange={(confidence) => change({ confidence })}
        />
        <Field id={FIELDS.eventId} label={texts.update.event} isOptional error={errorOf(FIELDS.eventId)}>
          {(control) => (
            <Select
              {...control}
              value={draft.event}
              none={texts.update.noEvent}
              choices={events.map(({ id, title, happenedOn }) => ({ value: id, label: `${shortDay(happenedOn)}: ${title}` }))}
              onChange={(event) => change({ event })}
            />
          )}
        </Field>
        <p className="actions">
          <button type="submit" className="primary" disabled={fetching}>
            {texts.update.submit}
          </button>
          {draft.status && (
            <span className={styles.line}>
              <StatusBadge status={clause.status} /> <span aria-hidden="true">→</span>
              <StatusBadge status={draft.status} />
            </span>
          )}
          <button type="button" className="quiet" onClick={onClose}>
            {texts.update.cancel}
          </button>
        </p>
      </form>
    </section>
  );
}

/** The latest day that it is anywhere on Earth. */
const latestDay = () => today(new Date(Date.now() + 14 * 3_600_000));

const draftOf = (theirs: ClauseJudgementFragment): Partial<Draft> => ({
  status: theirs.status,
  effectiveOn: theirs.effectiveOn,
  note: theirs.note,
  momentum: theirs.momentum,
  confidence: theirs.confidence,
  heldBy: theirs.heldBy?.id ?? '',
  event: theirs.event?.id ?? '',
  evidence: theirs.evidence.map((known) => ({ key: known.id, known })),
});

/**
 * What others recorded since the form was opened, or since one last looked at it. The page follows the
 * change log, so that this is mostly known before anything is sent.
 */
function useMeanwhile(clause: Clause, names: { agreement: string; number: string }) {
  const [base, setBase] = useState<{ version: number; known?: readonly ClauseJudgementFragment[] }>({
    version: clause.version,
  });
  const [now, setNow] = useState<{ version: number; judgements: readonly ClauseJudgementFragment[] }>();

  async function look() {
    const context = { requestPolicy: 'network-only', aside: true } as const;
    const { data } = await client.query(ClauseHistoryDocument, { ...names, first: LOOKED_AT }, context).toPromise();
    const found = data?.clause;
    if (!found) return;
    setNow({ version: found.version, judgements: found.assessments.nodes });
    setBase((before) => (before.known ? before : { ...before, known: found.assessments.nodes }));
  }
  useEffect(() => void look(), [clause.version, names]);

  return {
    version: base.version,
    isConflict: now !== undefined && now.version > base.version,
    news: now && base.known ? since(base.known, now.judgements) : [],
    look,
    /** From now on that is known. Returns the version that is. */
    accept() {
      const version = now?.version ?? base.version;
      setBase({ version, known: now?.judgements });
      return version;
    },
  };
}

interface RadiosProps<Value extends string> {
  id: string;
  legend: string;
  hint?: string;
  error: string | undefined;
  value: Value | undefined;
  choices: readonly { value: Value; label: string; meaning: string; glyph?: React.ReactNode }[];
  onChange: (value: Value) => void;
}

/** One of a few, each with its written meaning beside it. */
function Radios<Value extends string>({ id, legend, hint, error, value, choices, onChange }: RadiosProps<Value>) {
  return (
    <fieldset
      className={error ? `${styles.radios} ${styles.wrong}` : styles.radios}
      aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined}
    >
      <legend>{legend}</legend>
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          <span className="visually-hidden">{texts.form.errorPrefix}</span> {error}
        </p>
      )}
      {choices.map((choice, index) => (
        <label key={choice.value}>
          <input
            // The way from the error summary leads to the first.
            id={index === 0 ? id : undefined}
            type="radio"
            name={id}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>
            {choice.glyph}
            <strong>{choice.label}</strong> <span className="muted">{choice.meaning}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
