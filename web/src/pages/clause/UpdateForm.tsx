import { type FormEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { isSignedOut } from '../../api/auth';
import { pollNow } from '../../api/live';
import { useQuery } from '../../api/query';
import type { ClauseAssessmentFragment, ViewpointsQuery } from '../../api/types.gen';
import { partyOf, useHolders } from '../../app/holders';
import { useView } from '../../app/view';
import { DateInput } from '../../components/DateInput';
import { ErrorSummary, Field, FormFailure, type Problem, Select } from '../../components/Form';
import { HolderOptions } from '../../components/HolderOptions';
import { Loaded } from '../../components/Loaded';
import { StatusBadge, StatusGlyph } from '../../components/StatusBadge';
import { isDay, longDay, shortDay, today } from '../../format/days';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import { StatusBeforeDocument, UpdateClauseStatusDocument, UpdateSourcesDocument } from './Clause.gen';
import styles from './Clause.module.css';
import { Conflict } from './Conflict';
import { deleteDraft, hasContent, storeDraft, storedDraft } from './drafts';
import { EvidencePicker } from './EvidencePicker';
import { draftBaseOf, useConcurrentChanges } from './concurrentChanges';
import { Radios } from './Radios';
import {
  confidenceOf,
  type Draft,
  FIELDS,
  inputOf,
  isConflict,
  newKey,
  serverProblems,
  validate,
  type Recorded,
  STATUS_CHOICES,
} from './update';

const NO_PROBLEMS: readonly Problem[] = [];
const MOMENTA = ['ADVANCING', 'STEADY', 'STALLED', 'REGRESSING'] as const;
const CONFIDENCES = ['HIGH', 'MEDIUM', 'LOW'] as const;

interface Props {
  clause: Clause;
  onClose: () => void;
  onRecorded: (recorded: Recorded) => void;
}

/** The form that records a status. Concurrent changes of others are shown before it overrides them. */
export default function Update(props: Props) {
  const [result, ask] = useHolders();
  return (
    <Loaded result={result} retry={ask}>
      {({ parties }) => <UpdateForm {...props} parties={parties?.nodes ?? []} />}
    </Loaded>
  );
}

interface FormProps extends Props {
  /** The parties that can hold a view. */
  parties: NonNullable<ViewpointsQuery['parties']>['nodes'];
}

function UpdateForm({ clause, parties, onClose, onRecorded }: FormProps) {
  const view = useView();
  const names = { agreement: clause.agreement.slug, number: clause.number };
  const [{ data: sources }] = useQuery({ query: UpdateSourcesDocument, variables: names });
  const events = sources?.clause?.events.nodes.toReversed() ?? [];
  const [{ fetching, error }, update] = useMutation(UpdateClauseStatusDocument);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [restored] = useState(() => storedDraft(clause.id));
  const [draft, setDraft] = useState<Draft>(() => restored?.draft ?? emptyDraft(partyOf(parties, view.heldBy)?.id));
  const [key, setKey] = useState(() => restored?.key ?? newKey());
  const concurrent = useConcurrentChanges(clause, restored?.base ?? draftBaseOf(clause));
  const [wasRefused, setRefused] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useSendKey(form);
  /** The user's draft, after it was replaced by someone else's assessment. */
  const [replacedDraft, setReplacedDraft] = useState<Draft>();
  const relatedParties = [...clause.obligations.map(({ party }) => party.id), ...clause.viewpoints.flatMap((assessment) => assessment.heldBy?.id ?? [])];
  const title = useRef<HTMLHeadingElement>(null);
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    title.current?.focus();
    return () => {
      isMounted.current = false;
    };
  }, []);
  const { base } = concurrent;
  useEffect(() => {
    if (!hasContent(draft)) return deleteDraft(clause.id);
    storeDraft(clause.id, { draft, key, base });
    const confirmLeaving = (event: BeforeUnloadEvent) => {
      if (!isSignedOut()) event.preventDefault();
    };
    window.addEventListener('beforeunload', confirmLeaving);
    return () => window.removeEventListener('beforeunload', confirmLeaving);
  }, [clause.id, draft, key, base]);

  function change(part: Partial<Draft>) {
    setKey(newKey());
    setDraft((before) => ({ ...before, ...part }));
  }

  async function send(version: number, key: string) {
    const missing = validate(draft, clause.agreement.agreedOn, latestDay());
    setProblems(missing);
    if (missing.length > 0) return;
    const { data } = await update({ input: inputOf(draft, clause.id, version, key) });
    const answer = data?.updateClauseStatus;
    if (!answer) return;
    pollNow();
    if (answer.assessment && answer.clause) {
      deleteDraft(clause.id);
      // The user may have left the page.
      if (!isMounted.current) return;
      return onRecorded({ assessment: answer.assessment, version: answer.clause.version });
    }
    // The next attempt is another mutation.
    setKey(newKey());
    if (!isConflict(answer.userErrors)) return setProblems(serverProblems(answer.userErrors, draft));
    setRefused(true);
    if (!(await concurrent.check())) setProblems([{ message: texts.conflict.unknown }]);
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Ctrl+Enter can be pressed again before the server answers.
    if (!fetching) void send(base.version, key);
  };
  const discard = () => {
    deleteDraft(clause.id);
    onClose();
  };
  const holder = parties.find(({ id }) => id === draft.heldBy);
  const holderName = holder ? texts.view.partyView(holder.shortName) : texts.view.neutral;
  const previousStatus = useStatusBefore(names, draft);
  // Problems of fields are shown first, at the top. Problems of the whole form follow when the fields are valid.
  const [fieldProblems, otherProblems] = useMemo(() => {
    const ofFields = problems.filter(({ field }) => field !== undefined);
    return ofFields.length > 0 ? [ofFields, NO_PROBLEMS] : [NO_PROBLEMS, problems];
  }, [problems]);
  const errorOf = (field: string) => problems.find((problem) => problem.field === field)?.message;

  return (
    <section className={`${styles.update} no-print`} aria-labelledby="update-title">
      <h2 id="update-title" ref={title} tabIndex={-1}>
        {texts.update.title(clause.reference)}
      </h2>
      {restored && (
        <p role="status" className="hint">
          {texts.update.restored}
        </p>
      )}
      <ErrorSummary problems={fieldProblems} />
      {replacedDraft && (
        <p role="status">
          {texts.update.draftReplaced}{' '}
          <button
            type="button"
            onClick={() => {
              change(replacedDraft);
              setReplacedDraft(undefined);
            }}
          >
            {texts.update.restoreDraft}
          </button>
        </p>
      )}
      <form ref={form} onSubmit={submit} noValidate>
        <Radios
          id={FIELDS.status}
          legend={texts.clause.status}
          hint={
            previousStatus && `${texts.update.before(holderName, longDay(draft.effectiveOn))} ${texts.clauseStatus[previousStatus].label}`
          }
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
            <DateInput
              {...control}
              min={clause.agreement.agreedOn}
              max={latestDay()}
              value={draft.effectiveOn}
              onText={(effectiveOn) => change({ effectiveOn })}
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
          isWithout={draft.isWithoutEvidence}
          errorOf={errorOf}
          onChange={(evidence) => change({ evidence })}
          onWithout={(isWithoutEvidence) => change({ isWithoutEvidence })}
        />
        <Field id={FIELDS.heldBy} label={texts.update.view} hint={texts.update.viewHint} error={errorOf(FIELDS.heldBy)}>
          {(control) => (
            <select {...control} value={draft.heldBy} onChange={(event) => change({ heldBy: event.target.value })}>
              <HolderOptions parties={parties} by="id" related={relatedParties} />
            </select>
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
          value={confidenceOf(draft)}
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
        {/* Beside the submit button, so that it is visible after sending. */}
        <ErrorSummary problems={otherProblems} />
        <FormFailure error={error} />
        {/* After an error, the newer version may be the user's own recording. Sending it again records it once. */}
        {concurrent.isConflict && !fetching && !error && (
          <Conflict
            news={concurrent.news}
            draft={draft}
            holder={holder?.shortName}
            takesFocus={wasRefused}
            onKeep={() => {
              const key = newKey();
              setKey(key);
              setRefused(false);
              void send(concurrent.accept(), key);
            }}
            onTake={(theirs) => {
              concurrent.accept();
              setRefused(false);
              setReplacedDraft(draft);
              change(draftFrom(theirs));
              title.current?.focus();
            }}
            onDrop={discard}
          />
        )}
        <p className="actions">
          <button type="submit" className="primary" aria-keyshortcuts="Control+Enter" disabled={fetching}>
            {texts.update.submit}
          </button>
          {draft.status && previousStatus && (
            <span className={styles.line}>
              <span className="muted">{texts.update.before(holderName, longDay(draft.effectiveOn))}</span>
              {draft.status === previousStatus ? (
                texts.update.same
              ) : (
                <>
                  <StatusBadge status={previousStatus} /> <span aria-hidden="true">→</span>
                  <StatusBadge status={draft.status} />
                </>
              )}
            </span>
          )}
          <button type="button" className="quiet" onClick={onClose}>
            {texts.update.close}
          </button>
          {hasContent(draft) && (
            <button type="button" className="quiet" onClick={discard}>
              {texts.update.discard}
            </button>
          )}
        </p>
      </form>
    </section>
  );
}

/** The status before the draft: in the draft's view, on its day. */
function useStatusBefore(names: { agreement: string; number: string }, { effectiveOn, heldBy }: Draft) {
  const [{ data, fetching }] = useQuery({
    query: StatusBeforeDocument,
    variables: { ...names, asOf: effectiveOn, heldBy: heldBy || undefined },
    pause: !isDay(effectiveOn) || effectiveOn < '1000',
  });
  return fetching ? undefined : data?.clause?.status;
}

/** Ctrl+Enter sends the form, unless the focus is in another form, in a dialog, or on a link elsewhere. */
function useSendKey(form: RefObject<HTMLFormElement | null>) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.isTrusted || event.isComposing || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      const owner = event.target instanceof Element && event.target.closest('form, dialog, a[href]');
      if (owner && !form.current?.contains(owner)) return;
      // Before the focused field or list handles it as Enter.
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) form.current?.requestSubmit();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [form]);
}

/** Today in the earliest time zone, UTC+14. */
const latestDay = () => today(new Date(Date.now() + 14 * 3_600_000));

const emptyDraft = (heldBy = ''): Draft => ({
  status: undefined,
  effectiveOn: today(),
  note: '',
  momentum: 'STEADY',
  confidence: undefined,
  heldBy,
  event: '',
  evidence: [],
  isWithoutEvidence: false,
});

const draftFrom = (theirs: ClauseAssessmentFragment): Partial<Draft> => ({
  status: theirs.status,
  effectiveOn: theirs.effectiveOn,
  note: theirs.note,
  momentum: theirs.momentum,
  confidence: theirs.confidence,
  heldBy: theirs.heldBy?.id ?? '',
  event: theirs.event?.id ?? '',
  evidence: theirs.evidence.map((source) => ({ key: source.id, existing: source })),
  isWithoutEvidence: theirs.evidence.length === 0,
});
