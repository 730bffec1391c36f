import { useState } from 'react';
import { client } from '../../api/client';
import type { Problem } from '../../components/Form';
import { isConflict, serverProblems } from '../../form/problems';
import { deleteDraft, type StoredDraft, storedDraft } from '../../form/storage';
import { useDraftState, useDraftStorage } from '../../form/useDraft';
import { useDraftSending } from '../../form/useSending';
import { changedFields, changedInput, fieldAt, inputOf, problemsIn, rebased, type Values, valuesOf, withoutNulls, withProposals } from '../../form/values';
import { texts } from '../../texts';
import type { AnyRecord, RecordKind } from './kind';

/** The state of a record on which a draft is based. */
export interface Base {
  version: number;
  values: Values;
}

/** A record that was just saved. */
export interface Saved {
  record: AnyRecord;
  /** The values before. Undefined for a new record. */
  before: Values | undefined;
  after: Values;
}

/** The content of the form. */
export interface Draft {
  values: Values;
}

export interface Editing {
  kind: RecordKind;
  /** Identifies the draft in the browser's storage. */
  draftName: string;
  /** The id of the record. Undefined for a new record. */
  id: string | undefined;
  /** The current state of the record. Undefined for a new record. */
  current: Base | undefined;
  /** The initial values of a new record. */
  initial: Values;
  onSaved: (saved: Saved) => void;
  /** Called if an earlier version of the form of a new record was recorded. `values` is the current version. */
  onEarlier?: (record: AnyRecord, base: Base, values: Values) => void;
}

/** The draft of a record, its changes, and the changes by others since it was started. */
export function useRecordForm({ kind, draftName, id, current, initial, onSaved, onEarlier }: Editing) {
  const { fields } = kind;
  const [restored] = useState(() => storedDraft<StoredDraft<Draft, Base | undefined>>(draftName));
  const [base, setBase] = useState(restored?.base ?? current);
  const state = useDraftState<Draft>(restored, () => ({ values: current?.values ?? initial }));
  const { draft, key, unanswered } = state;
  const { values } = draft;
  const changes = changedFields(fields, base?.values ?? initial, values);
  const storage = useDraftStorage(draftName, { draft, key, unanswered, base }, changes.length > 0);

  // A newer version may differ in fields that this form does not show, such as a new assessment of a clause.
  const theirs = base && current && current.version > base.version ? changedFields(fields, base.values, current.values) : [];
  if (base && current && current.version > base.version && theirs.length === 0) setBase(current);

  const { send, isSending, error, isHere } = useDraftSending(id === undefined ? kind.create : kind.update, state);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  /** Whether the server rejected the draft because of a conflict. */
  const [isRejected, setRejected] = useState(false);
  /** Whether the user sent the form without a change. */
  const [isUnchanged, setUnchanged] = useState(false);
  /** Whether the server had recorded an earlier version of the form, whose response was lost. */
  const [isEarlierSaved, setEarlierSaved] = useState(false);

  async function submit() {
    const invalid = problemsIn(fields, values);
    setProblems(invalid);
    if (invalid.length > 0) return;
    const hasNothing = id !== undefined && changes.length === 0;
    setUnchanged(hasNothing);
    if (hasNothing) return;
    const content = base ? changedInput(fields, base.values, values) : withoutNulls(inputOf(fields, values));
    const target = id === undefined ? {} : { [kind.idField]: id, expectedVersion: base?.version };
    const sent = await send({ ...target, ...content });
    if (!sent) return;
    const { answer, isEarlier } = sent;
    if (answer.record && isEarlier) return continueFrom(answer.record);
    if (answer.record) {
      deleteDraft(draftName);
      if (isHere()) onSaved({ record: answer.record, before: base?.values, after: values });
      return;
    }
    if (!isConflict(answer.userErrors)) return setProblems(serverProblems(answer.userErrors, (path) => fieldAt(fields, path)));
    setRejected(true);
    if (!(await reload())) setProblems([{ message: texts.record.conflict.unknown }]);
  }

  /** Continues with the changes that the earlier attempt did not save. */
  function continueFrom(record: AnyRecord) {
    const saved = { version: record.version, values: valuesOf(fields, kind.recorded(record)) };
    if (id !== undefined) {
      setBase(saved);
      return setEarlierSaved(true);
    }
    deleteDraft(draftName);
    onEarlier?.(record, saved, values);
  }

  /** Loads the record again, which updates `current`. Returns whether that succeeded. */
  async function reload(): Promise<boolean> {
    if (id === undefined) return false;
    const context = { requestPolicy: 'network-only', background: true } as const;
    const { data } = await client.query(kind.read, { id }, context).toPromise();
    return Boolean(data?.node);
  }

  /** Adopts the changes by others, except in fields that the draft changes. */
  function keepMine() {
    if (!base || !current) return;
    setRejected(false);
    state.change({ values: rebased(fields, base.values, values, current.values) });
    setBase(current);
  }

  return {
    values,
    changes,
    /** The changes by others since the draft was started. */
    theirs,
    problems,
    error,
    isSending,
    isRejected,
    isUnchanged: isUnchanged && changes.length === 0,
    isEarlierSaved,
    isRestored: restored !== undefined,
    storage,
    change: (part: Values) => state.change({ values: id === undefined ? withProposals(fields, values, part) : { ...values, ...part } }),
    submit,
    keepMine,
    discard: () => deleteDraft(draftName),
  };
}
