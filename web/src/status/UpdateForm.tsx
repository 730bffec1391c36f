import { useState } from 'react';
import { useQuery } from '../api/query';
import { partyOf, useHolders } from '../app/holders';
import { useView } from '../app/view';
import { Loaded } from '../components/Loaded';
import { DraftForm } from '../form/DraftForm';
import { dateText, lastDay } from '../format/edtf';
import { texts } from '../texts';
import styles from './Status.module.css';
import { Conflict } from './Conflict';
import { deleteDraft, hasContent } from './drafts';
import { type Parties, StatusFields } from './StatusFields';
import type { Lookup, Status, StatusKind, StatusSubject } from './subject';
import { breakersOf, type Draft, type Recorded } from './update';
import { draftFrom, useDraft } from './useDraft';
import { useStatusUpdate } from './useStatusUpdate';

interface Props {
  subject: StatusSubject;
  onClose: () => void;
  onRecorded: (recorded: Recorded) => void;
}

/** The form that records a status. Shows concurrent changes of others before it records. */
export default function UpdateForm(props: Props) {
  const [result, refetch] = useHolders();
  return (
    <Loaded result={result} retry={refetch}>
      {({ parties }) => <Form {...props} parties={parties?.nodes ?? []} />}
    </Loaded>
  );
}

function Form({ subject, parties, onClose, onRecorded }: Props & { parties: Parties }) {
  const view = useView();
  const { kind } = subject;
  const context = useLookup(subject.context);
  const state = useDraft(subject, partyOf(parties, view.heldBy)?.id);
  const { draft, key, concurrent, change } = state;
  const { send, acceptChanges, problems, error, isSending, isRejected } = useStatusUpdate(subject, state, onRecorded);
  /** The user's draft, after it was replaced by someone else's assessment. */
  const [replacedDraft, setReplacedDraft] = useState<Draft>();
  const discard = () => {
    deleteDraft(subject.id);
    onClose();
  };
  const holder = parties.find(({ id }) => id === draft.heldBy);
  const holderName = holder ? texts.view.partyView(holder.shortName) : texts.view.neutral;
  const previousStatus = usePreviousStatus(subject, draft);
  return (
    <DraftForm
      title={texts.update.title(subject.reference)}
      isRestored={state.isRestored}
      problems={problems}
      error={error}
      isSending={isSending}
      onSubmit={() => void send(concurrent.base.version, key)}
      notice={
        replacedDraft && (
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
        )
      }
      fields={
        <StatusFields
          subject={subject}
          draft={draft}
          parties={parties}
          holderName={holderName}
          previousStatus={previousStatus}
          context={context}
          errorOf={(field) => problems.find((problem) => problem.field === field)?.message}
          onChange={change}
        />
      }
      beforeActions={
        // After an error, the newer version may be the user's own recording. Sending it again records it once.
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
            onKeep={() => void send(acceptChanges(), state.renewKey())}
            onTake={(theirs) => {
              acceptChanges();
              setReplacedDraft(draft);
              const taken = draftFrom(theirs);
              // A party that was archived since then cannot be chosen.
              change({ ...taken, breachedBy: taken.breachedBy.filter((breaker) => parties.some(({ id }) => id === breaker)) });
              document.getElementById('update-title')?.focus();
            }}
            onDrop={discard}
          />
        )
      }
      submit={texts.update.submit}
      actions={
        <>
          <StatusStep kind={kind} draft={draft} previous={previousStatus} holderName={holderName} />
          <button type="button" className="quiet" onClick={onClose}>
            {texts.recordForm.close}
          </button>
          {hasContent(draft) && (
            <button type="button" className="quiet" onClick={discard}>
              {texts.recordForm.discard}
            </button>
          )}
        </>
      }
    />
  );
}

interface StepProps {
  kind: StatusKind;
  draft: Draft;
  previous: Status | undefined;
  holderName: string;
}

/** The status before and after, or that it stays the same. */
function StatusStep({ kind, draft, previous, holderName }: StepProps) {
  if (!draft.status || !previous) return null;
  return (
    <span className={styles.line}>
      <span className="muted">{texts.update.before(holderName, dateText(draft.effectiveDate))}</span>
      {draft.status === previous ? (
        texts.update.same
      ) : (
        <>
          {kind.badge(previous)} <span aria-hidden="true">→</span>
          {kind.badge(draft.status)}
        </>
      )}
    </span>
  );
}

/** The status before the draft: in the draft's view, on its day. */
function usePreviousStatus(subject: StatusSubject, { effectiveDate, heldBy }: Draft) {
  const day = lastDay(effectiveDate) ?? '';
  return useLookup(subject.statusOn(day, heldBy || undefined), day < '1000');
}

/** The result of a lookup. Undefined while loading. */
function useLookup<Result>({ document, variables, read }: Lookup<Result>, pause = false): Result | undefined {
  const [{ data, fetching }] = useQuery({ query: document, variables, pause });
  return data && !fetching ? (read(data) ?? undefined) : undefined;
}
