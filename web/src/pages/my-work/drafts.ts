import { draftNames, storedDraft } from '../../form/storage';

/** A form that was not sent. */
export interface DraftEntry {
  /** The name of the draft in the browser's storage. */
  name: string;
  kind: 'status' | 'correction' | 'reason' | 'edit' | 'new';
  /** The id of the record or assessment. Undefined for a new record. */
  id: string | undefined;
  /** The kind of the record, such as `event`, and the parameters of the form of a new one. */
  record: string | undefined;
  parameters: string | undefined;
  /** The version of the record that the draft is based on. */
  version: number | undefined;
}

/** The drafts of the current user. */
export function ownDrafts(): DraftEntry[] {
  return draftNames().flatMap((name) => {
    const value = storedDraft<{ base?: { version?: number } }>(name);
    const entry = value && entryOf(name);
    return entry ? [{ ...entry, version: value.base?.version }] : [];
  });
}

/** The record and form that the name of a draft identifies. Undefined if no form has drafts of this name. */
export function entryOf(name: string): Omit<DraftEntry, 'version'> | undefined {
  const none = { name, id: undefined, record: undefined, parameters: undefined };
  const status = /^status-\d+-(.+)$/.exec(name);
  if (status) return { ...none, kind: 'status', id: status[1] };
  const correction = /^correction-\d+-(.+)$/.exec(name);
  if (correction) return { ...none, kind: 'correction', id: correction[1] };
  const reason = /^reason-(.+)$/.exec(name);
  if (reason) return { ...none, kind: 'reason', id: reason[1] };
  const created = /^record-\d+-([a-z]+)-new-(.*)$/.exec(name);
  if (created) return { ...none, kind: 'new', record: created[1], parameters: created[2] };
  const edited = /^record-\d+-([a-z]+)-(.+)$/.exec(name);
  if (edited) return { ...none, kind: 'edit', record: edited[1], id: edited[2] };
  return undefined;
}
