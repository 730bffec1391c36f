import { type ComponentProps, useState } from 'react';
import { useQuery } from '../api/query';
import { partyOf } from '../app/holders';
import { useShortcut, useShortcuts } from '../app/shortcuts';
import { useView } from '../app/view';
import { currentPath } from '../browser/base';
import { DraftForm, THEN_NEXT } from '../form/DraftForm';
import { today } from '../format/days';
import { lastDay } from '../format/edtf';
import { texts } from '../texts';
import { useCarried, setCarried } from './carried';
import { Conflict } from './Conflict';
import { deleteDraft } from './drafts';
import { EarlierRecorded, StartNote, StatusStep } from './notices';
import { distinctSources, recentSources } from './recentSources';
import { RecordedNotice } from './RecordedNotice';
import { type Parties, StatusFields } from './StatusFields';
import { statusKeys } from './statusKeys';
import type { Lookup, Status, StatusAssessment, StatusSubject } from './subject';
import type UpdateForm from './UpdateForm';
import { breakersOf, type Draft, FIELDS } from './update';
import { draftFrom, useDraft } from './useDraft';
import { useStatusUpdate } from './useStatusUpdate';

interface Props extends ComponentProps<typeof UpdateForm> {
  /** The assessment to correct, unless it was retracted. */
  corrected: StatusAssessment | undefined;
  parties: Parties;
  /** Shows the form again, with the stored draft. */
  onRestart: () => void;
}

/** The form that records a status. If the record was changed in the meantime, shows these changes first. */
export function StatusForm({ subject, corrects, corrected, status, hasNext, parties, onClose, onSent, onRestart }: Props) {
  const view = useView();
  const { kind } = subject;
  const context = useLookup(subject.context);
  const day = view.asOf ?? today();
  const state = useDraft(subject, { heldBy: partyOf(parties, view.heldBy)?.id, day, corrects, corrected, status });
  const { draft, concurrent, change } = state;
  const { send, acceptChanges, problems, error, isSending, isRejected, earlier, isReviewed } = useStatusUpdate(subject, state);
  /** The user's draft, after it was replaced by someone else's assessment. */
  const [replacedDraft, setReplacedDraft] = useState<Draft>();
  const carried = useCarried();
  const discard = () => {
    deleteDraft(state.name);
    onClose();
  };
  const record = async (version: number, isThenNext = false, content = draft) => {
    const outcome = await send(version, content);
    if (outcome) onSent(outcome, isThenNext);
  };
  const offered = distinctSources([
    ...recentSources(),
    ...(subject.inForce?.citations.map(({ source }) => source) ?? []),
    ...(context?.cited.slice(0, 1) ?? []),
  ]).filter(({ id }) => draft.evidence.every(({ key }) => key !== id));
  const latest = offered[0];
  const addSource = (existing: (typeof offered)[number]) => {
    change({ evidence: [...draft.evidence, { key: existing.id, existing }] });
    // The focused button is removed. The reason gets the focus, or the evidence if there already is a reason.
    document.getElementById(draft.note.trim() ? FIELDS.evidence : FIELDS.note)?.focus();
  };
  useShortcuts(
    statusKeys(kind, (chosen) => {
      change({ status: chosen });
      document.querySelector<HTMLInputElement>(`input[name=${FIELDS.status}][value=${chosen}]`)?.focus();
    }),
  );
  useShortcut('e', latest && (() => addSource(latest)));
  useShortcut('n', () => document.getElementById(FIELDS.note)?.focus());
  const holder = parties.find(({ id }) => id === draft.heldBy);
  const holderName = holder ? texts.view.partyView(holder.shortName) : texts.view.neutral;
  const previousStatus = usePreviousStatus(subject, draft);
  const isGone = corrects !== undefined && !corrected && !isSending;
  return (
    <DraftForm
      title={draft.correction ? texts.correct.title(subject.reference) : texts.update.title(subject.reference)}
      isPanel
      isRestored={state.isRestored}
      storage={state.storage}
      onRestart={onRestart}
      problems={problems}
      error={error}
      isSending={isSending}
      onSubmit={(isThenNext) => void record(concurrent.base.version, isThenNext && hasNext)}
      notice={
        <>
          {carried?.path === currentPath() && (
            <RecordedNotice
              key={carried.recorded.assessment.id}
              recorded={carried.recorded}
              subject={carried.subject}
              isElsewhere
              onDone={() => setCarried(undefined)}
            />
          )}
          {corrected && draft.correction && (
            <p className="hint">{texts.correct.about(kind.statusName(corrected.status), corrected.effectiveDate)}</p>
          )}
          {isGone && (
            <p role="alert">
              {texts.correct.gone}{' '}
              {draft.correction && (
                <button type="button" onClick={() => change({ correction: undefined })}>
                  {texts.correct.asNew}
                </button>
              )}
            </p>
          )}
          {corrects === undefined && !state.isRestored && <StartNote subject={subject} page={view} />}
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
        </>
      }
      fields={
        <StatusFields
          subject={subject}
          draft={draft}
          parties={parties}
          holderName={holderName}
          previousStatus={previousStatus}
          context={context}
          offered={offered}
          onAdd={addSource}
          errorOf={(field) => problems.find((problem) => problem.field === field)?.message}
          onChange={change}
        />
      }
      beforeActions={
        <>
          {isReviewed && <p className="hint">{texts.review.afterSubmit}</p>}
          <StatusStep kind={kind} draft={draft} previous={previousStatus} holderName={holderName} />
          {earlier ? (
          <EarlierRecorded
            kind={kind}
            assessment={earlier.assessment}
            onCorrect={() => {
              const correction = { assessmentId: earlier.assessment.id, reason: texts.correct.given };
              change({ correction });
              void record(earlier.version, false, { ...draft, correction });
            }}
            onKeep={() => {
              deleteDraft(state.name);
              onSent(earlier, false);
            }}
          />
        ) : (
          // After an error, the newer version may be the user's own recording. If the user sends the form again, it is recorded only once.
          concurrent.isConflict &&
          !isSending &&
          !error && (
            <Conflict
              kind={kind}
              news={concurrent.news}
              draft={draft}
              holder={holder?.shortName}
              breakers={breakersOf(draft).flatMap((breaker) => parties.find(({ id }) => id === breaker) ?? [])}
              takesFocus={isRejected}
              onKeep={() => void record(acceptChanges())}
              onTake={(theirs) => {
                acceptChanges();
                setReplacedDraft(draft);
                const taken = draftFrom(theirs);
                // A party that was archived after this assessment cannot be chosen.
                change({ ...taken, breachedBy: taken.breachedBy.filter((breaker) => parties.some(({ id }) => id === breaker)) });
                document.getElementById('update-title')?.focus();
              }}
              onDrop={discard}
            />
          )
        )}
        </>
      }
      submit={isReviewed ? texts.review.submit : draft.correction ? texts.correct.submit : texts.update.submit}
      actions={
        <>
          {hasNext && (
            <button type="submit" value={THEN_NEXT} aria-keyshortcuts="Control+Shift+Enter" disabled={isSending}>
              {isReviewed ? texts.review.submitThenNext : texts.update.submitThenNext}
            </button>
          )}
          <button type="button" className="quiet" onClick={onClose}>
            {texts.recordForm.close}
          </button>
          {state.isFilled && (
            <button type="button" className="quiet" onClick={discard}>
              {texts.recordForm.discard}
            </button>
          )}
        </>
      }
    />
  );
}

/** The status in force on the draft's day, in the draft's view. */
function usePreviousStatus(subject: StatusSubject, { effectiveDate, heldBy }: Draft): Status | undefined {
  const day = lastDay(effectiveDate) ?? '';
  // While the user types a date, there is no status to look up.
  const isIncomplete = day < '1000';
  const status = useLookup(subject.statusOn(day, heldBy || undefined), isIncomplete);
  return isIncomplete ? undefined : status;
}

/** The result of a lookup. Undefined while loading. */
function useLookup<Result>({ document, variables, read }: Lookup<Result>, pause = false): Result | undefined {
  const [{ data, fetching }] = useQuery({ query: document, variables, pause });
  return data && !fetching ? (read(data) ?? undefined) : undefined;
}
