import { type ReactNode, useState } from 'react';
import type { Confidence, Momentum } from '../api/schema.gen';
import type { AssessmentItemInput } from '../api/types.gen';
import { partyOf, useHolders } from '../app/holders';
import { useView } from '../app/view';
import { currentPath } from '../browser/base';
import { Announcement } from '../components/Announcement';
import { Fact } from '../components/Fact';
import { ErrorSummary, Field, FormFailure, type Problem, Select } from '../components/Form';
import { HolderOptions } from '../components/HolderOptions';
import { dateProblem } from '../form/dateProblem';
import { StorageNotice } from '../form/DraftForm';
import { EdtfInput } from '../form/EdtfInput';
import { ReferencesInput } from '../form/ReferenceInput';
import { deleteDraft } from '../form/storage';
import { useDraftStorage } from '../form/useDraft';
import type { Reference } from '../form/values';
import { today } from '../format/days';
import { dateText, lastDay } from '../format/edtf';
import { joinNames } from '../format/names';
import { CLAUSE_STATUSES } from '../status/clauseStatuses';
import { CAVEAT_STATUSES } from '../status/kinds';
import type { Status } from '../status/subject';
import { latestDay } from '../status/latestDay';
import { texts } from '../texts';
import styles from './Batch.module.css';
import { BatchForm } from './BatchForm';
import { BatchPreview } from './BatchPreview';
import type { Done } from './BatchNotice';
import { type BatchBase, batchDraft, storedBatch } from './drafts';
import type { BatchRecord } from './records';
import { useAssessmentBatch } from './useAssessmentBatch';

interface Draft {
  status: string;
  effectiveDate: string;
  note: string;
  heldBy: string;
  momentum: Momentum;
  /** Undefined until the user chooses a confidence, because the default depends on the sources. */
  confidence: Confidence | undefined;
  breachedBy: readonly Reference[];
  sources: readonly Reference[];
}

const SOURCES = { type: 'references', label: texts.batch.sources, to: { search: ['SOURCE'] } } as const;
const BREAKERS = { type: 'references', label: texts.update.breachedBy, hint: texts.update.breachedByHint, to: { list: 'parties' } } as const;

const FIELDS = { status: 'batch-status', effectiveDate: 'batch-day', note: 'batch-note' } as const;

interface Props {
  records: readonly BatchRecord[];
  onDone: (done: Done) => void;
  onCancel: () => void;
}

/** The form. A restart replaces it with a new form, which loads the stored draft again. */
export function SetStatus(props: Props) {
  const [attempt, setAttempt] = useState(0);
  return <StatusOfAll key={attempt} {...props} onRestart={() => setAttempt(attempt + 1)} />;
}

/** This page and the selected records. */
const baseOf = (records: readonly BatchRecord[]): BatchBase => ({
  page: currentPath() + window.location.search,
  records: records.map(({ id }) => id),
});

/** A draft has no sent requests, because only the checked batch is sent with an idempotency key. */
const NOTHING_SENT: readonly object[] = [];

const isSameSelection = ({ records: ids }: BatchBase, records: readonly BatchRecord[]) =>
  ids.length === records.length && records.every(({ id }) => ids.includes(id));

/** Records the same status for several clauses or caveats, after a preview. The input is stored as a draft until then. */
function StatusOfAll({ records, onDone, onCancel, onRestart }: Props & { onRestart: () => void }) {
  const view = useView();
  const [{ data }] = useHolders();
  const parties = data?.parties?.nodes ?? [];
  const [type] = useState(() => records[0]?.__typename ?? 'Clause');
  const name = batchDraft(type);
  const [restored] = useState(() => storedBatch<Draft>(type));
  const [draft, setDraft] = useState<Draft>(
    () =>
      restored?.draft ?? {
        status: '',
        effectiveDate: view.asOf ?? today(),
        note: '',
        heldBy: view.heldBy ?? '',
        momentum: 'STEADY',
        confidence: undefined,
        breachedBy: [],
        sources: [],
      },
  );
  /** A restored draft keeps its page and records until the user changes or previews it. The selected records may differ from these. */
  const [base, setBase] = useState(() => restored?.base ?? baseOf(records));
  const storage = useDraftStorage(name, { draft, key: '', unanswered: NOTHING_SENT, base }, hasContent(draft));
  const change = (part: Partial<Draft>) => {
    setBase(baseOf(records));
    setDraft((before) => ({ ...before, ...part }));
  };
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const batch = useAssessmentBatch((done) => {
    deleteDraft(name);
    onDone(done);
  });
  const { checked } = batch;
  const holder = partyOf(parties, draft.heldBy);
  const errorOf = (field: string) => problems.find((problem) => problem.field === field)?.message;
  const statuses = records[0]?.__typename === 'Caveat' ? CAVEAT_STATUSES : CLAUSE_STATUSES;

  function preview() {
    const found = validate(draft);
    setProblems(found);
    setBase(baseOf(records));
    if (found.length === 0) void batch.check(records.map((record) => itemOf(draft, record)));
  }

  if (checked) {
    const holderName = holder ? texts.view.partyView(holder.shortName) : texts.view.neutral;
    return (
      <BatchPreview
        title={texts.batch.statusTitle(records.length)}
        batch={batch}
        rows={checked.items.map((item, index) => ({
          key: item.subject,
          name: item.subject,
          date: item.effectiveDate ?? '',
          holder: holderName,
          result: checked.results[index],
          faults: (checked.faults.items.get(index) ?? []).map(({ text }) => text),
        }))}
        shared={<Shared draft={draft} badge={statuses.badge(draft.status as Status)} holder={holderName} />}
        onCancel={onCancel}
      />
    );
  }
  return (
    <BatchForm title={texts.batch.statusTitle(records.length)} onSubmit={() => !batch.isSending && preview()}>
      {restored && (
        <div>
          <Announcement>{texts.recordForm.restored}</Announcement>
          {!isSameSelection(restored.base, records) && (
            <p className="hint">{texts.batch.otherRecords(restored.base.records.length, records.length)}</p>
          )}
          <button
            type="button"
            className="quiet"
            onClick={() => {
              deleteDraft(name);
              onRestart();
            }}
          >
            {texts.recordForm.discard}
          </button>
        </div>
      )}
      <StorageNotice storage={storage} onRestart={onRestart} />
      <ErrorSummary problems={problems} />
      <Field id={FIELDS.status} label={texts.clause.status} error={errorOf(FIELDS.status)}>
        {(control) => (
          <Select
            {...control}
            value={draft.status}
            none={texts.recordForm.choose}
            choices={statuses.choices.map(({ value, label, meaning }) => ({ value, label: `${label}: ${meaning}` }))}
            onChange={(status) => change({ status })}
          />
        )}
      </Field>
      {draft.status === 'BREACHED' && (
        <ReferencesInput
          id="batch-breakers"
          field={BREAKERS}
          references={draft.breachedBy}
          error={undefined}
          onChange={(breachedBy) => change({ breachedBy })}
        />
      )}
      <Field id={FIELDS.effectiveDate} label={texts.update.day} hint={texts.update.dayHint} error={errorOf(FIELDS.effectiveDate)}>
        {(control) => (
          <EdtfInput {...control} max={latestDay()} value={draft.effectiveDate} onText={(effectiveDate) => change({ effectiveDate })} />
        )}
      </Field>
      <Field id={FIELDS.note} label={texts.update.note} hint={texts.batch.noteHint} error={errorOf(FIELDS.note)}>
        {(control) => <textarea {...control} rows={3} value={draft.note} onChange={({ target }) => change({ note: target.value })} />}
      </Field>
      <ReferencesInput
        id="batch-sources"
        field={SOURCES}
        references={draft.sources}
        error={undefined}
        onChange={(sources) => change({ sources })}
      />
      <Field id="batch-holder" label={texts.update.view} hint={texts.update.viewHint}>
        {(control) => (
          <select {...control} value={holder?.slug ?? ''} onChange={({ target }) => change({ heldBy: target.value })}>
            <HolderOptions parties={parties} by="slug" />
          </select>
        )}
      </Field>
      <Field id="batch-momentum" label={texts.agreement.momentum}>
        {(control) => (
          <Select
            {...control}
            value={draft.momentum}
            choices={labelled(texts.momentum)}
            onChange={(momentum) => change({ momentum: momentum as Momentum })}
          />
        )}
      </Field>
      <Field id="batch-confidence" label={texts.update.confidence}>
        {(control) => (
          <Select
            {...control}
            value={confidenceOf(draft)}
            choices={labelled(texts.confidence)}
            onChange={(confidence) => change({ confidence: confidence as Confidence })}
          />
        )}
      </Field>
      <FormFailure error={batch.error} />
      <p className="actions">
        <button type="submit" className="primary" aria-disabled={batch.isSending}>
          {texts.batch.preview}
        </button>
        <button type="button" className="quiet" onClick={onCancel}>
          {texts.batch.cancel}
        </button>
      </p>
    </BatchForm>
  );
}

/** The values of the form, which all assessments share. */
function Shared({ draft, badge, holder }: { draft: Draft; badge: ReactNode; holder: string }) {
  const { note, momentum, sources, breachedBy } = draft;
  return (
    <dl className={`facts ${styles.shared}`}>
      <Fact name={texts.batch.newStatus}>
        {badge} {texts.clause.since} {dateText(draft.effectiveDate)}
      </Fact>
      <Fact name={texts.update.view}>{holder}</Fact>
      <Fact name={texts.agreement.momentum}>{texts.momentum[momentum].label}</Fact>
      <Fact name={texts.update.confidence}>{texts.confidence[confidenceOf(draft)].label}</Fact>
      {draft.status === 'BREACHED' && breachedBy.length > 0 && (
        <Fact name={texts.update.breachedBy}>{joinNames(breachedBy.map(({ label }) => label))}</Fact>
      )}
      <Fact name={texts.update.note}>{note.trim()}</Fact>
      <Fact name={texts.batch.sources}>{sources.length > 0 ? sources.map(({ label }) => label).join('; ') : texts.source.none}</Fact>
    </dl>
  );
}

const labelled = (labels: Readonly<Record<string, { label: string; meaning: string }>>) =>
  Object.entries(labels).map(([value, { label, meaning }]) => ({ value, label: `${label}: ${meaning}` }));

const confidenceOf = ({ confidence, sources }: Draft): Confidence => confidence ?? (sources.length > 0 ? 'MEDIUM' : 'LOW');

/** Whether the draft has input that the user would miss. */
const hasContent = ({ status, note, sources }: Draft) => status !== '' || note.trim() !== '' || sources.length > 0;

function validate({ status, effectiveDate, note }: Draft): Problem[] {
  const problems: Problem[] = [];
  const day = lastDay(effectiveDate);
  if (!status) problems.push({ field: FIELDS.status, message: texts.batch.statusMissing });
  if (day === undefined) {
    problems.push({ field: FIELDS.effectiveDate, message: effectiveDate ? dateProblem(effectiveDate) : texts.update.dayInvalid });
  } else if (day > latestDay()) problems.push({ field: FIELDS.effectiveDate, message: texts.update.dayTooLate });
  if (!note.trim()) problems.push({ field: FIELDS.note, message: texts.update.noteMissing });
  return problems;
}

function itemOf(draft: Draft, { id }: BatchRecord): AssessmentItemInput {
  const { status, effectiveDate, note, heldBy, momentum, breachedBy, sources } = draft;
  return {
    subject: id,
    status,
    effectiveDate,
    note: note.trim(),
    heldBy: heldBy || undefined,
    momentum,
    confidence: confidenceOf(draft),
    breachedBy: status === 'BREACHED' ? breachedBy.map((party) => party.id) : [],
    evidence: sources.map((source) => ({ sourceId: source.id })),
  };
}
