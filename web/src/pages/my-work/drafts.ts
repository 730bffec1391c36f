import type { ChangeSubjectFragment, TrackableNameFragment } from '../../api/types.gen';
import { withRetraction } from '../../app/anchor';
import type { BatchBase } from '../../batch/drafts';
import { pathTo } from '../../components/TrackableLink';
import { draftNames, storedDraft } from '../../form/storage';
import { formName } from '../proposal/openCaveat';

/** A form that was not sent. */
export interface DraftEntry {
  /** The name of the draft in the browser's storage. */
  name: string;
  kind: 'status' | 'correction' | 'reason' | 'edit' | 'new' | 'outline' | 'coding' | 'batch' | 'sheet';
  /** The id of the record or assessment. Undefined for a new record, a batch and a sheet. */
  id: string | undefined;
  /** The kind of the record, such as `event`. */
  record: string | undefined;
  /** The parameters of the form in the address. */
  parameters: string | undefined;
  /** The version of the record that the draft is based on. */
  version: number | undefined;
  /** The page and the records of a batch. */
  batch: BatchBase | undefined;
}

/** The drafts of the current user. */
export function ownDrafts(): DraftEntry[] {
  return draftNames().flatMap((name) => {
    const value = storedDraft<{ base?: Partial<BatchBase> & { version?: number } }>(name);
    const entry = value && entryOf(name);
    return entry ? [{ ...entry, version: value.base?.version, batch: batchIn(value.base) }] : [];
  });
}

function batchIn(base: Partial<BatchBase> | null | undefined): BatchBase | undefined {
  return base?.page !== undefined && base.records ? { page: base.page, records: base.records } : undefined;
}

/** The record and form that the name of a draft identifies. Undefined if no form has drafts of this name. */
export function entryOf(name: string): Omit<DraftEntry, 'version' | 'batch'> | undefined {
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
  const outline = /^outline-\d+-(.+)$/.exec(name);
  if (outline) return { ...none, kind: 'outline', id: outline[1] === 'new' ? undefined : outline[1] };
  const coding = /^coding-\d+-(.+?)-(\d{4}-\d\d-\d\d)-(.*)$/.exec(name);
  if (coding) return { ...none, kind: 'coding', id: coding[1], parameters: codingParameters(coding[2], coding[3]) };
  const batch = /^batch-\d+-(.+)$/.exec(name);
  if (batch) return { ...none, kind: 'batch', record: batch[1] };
  if (name === 'record-sheet') return { ...none, kind: 'sheet' };
  return undefined;
}

function codingParameters(asOf = '', after = ''): string {
  return String(new URLSearchParams({ asOf, ...(after && { after }) }));
}

/** The address that opens the form with the draft. `record` is the record of the draft. Undefined if it has no page. */
export function addressOf(draft: DraftEntry, record: ChangeSubjectFragment | undefined): string | undefined {
  const { kind, id, record: recordKind, parameters, batch } = draft;
  const subject = record && subjectOf(record);
  switch (kind) {
    case 'status':
      return subject && withForm(subject);
    case 'correction':
      return subject && withForm(subject, id);
    case 'reason':
      return subject && id !== undefined ? withRetraction(pathTo(subject), id) : undefined;
    case 'edit':
      return `/edit/${recordKind}/${id}`;
    case 'new':
      return parameters ? `/new/${recordKind}?${parameters}` : `/new/${recordKind}`;
    case 'outline':
      return id === undefined ? '/new/agreement/guided' : `/new/agreement/guided?agreementId=${id}`;
    case 'coding':
      return record?.__typename === 'Agreement' ? `/agreements/${record.slug}/coding?${parameters}` : undefined;
    case 'batch':
      return batch?.page;
    case 'sheet':
      return '/record-sheet';
  }
}

/** The clause, caveat or proposal itself, or the record that an assessment is about. */
function subjectOf(record: ChangeSubjectFragment): TrackableNameFragment | undefined {
  switch (record.__typename) {
    case 'Clause':
    case 'Caveat':
    case 'Proposal':
      return record;
    case 'ClauseAssessment':
      return record.clause;
    case 'CaveatAssessment':
      return record.caveat;
    case 'ProposalAssessment':
      return record.proposal;
    default:
      return undefined;
  }
}

/** The page of a record, with the form of its status. `corrects` is the id of the assessment to correct. */
function withForm(subject: TrackableNameFragment, corrects?: string): string {
  const [path, anchor] = pathTo(subject).split('#');
  const update = subject.__typename === 'Caveat' ? formName(subject) : 'yes';
  const parameters = new URLSearchParams({ update, ...(corrects !== undefined && { corrects }) });
  return `${path}?${parameters}${anchor === undefined ? '' : `#${anchor}`}`;
}
