import type { DraftRecordsQuery, TrackableNameFragment } from '../../api/types.gen';
import { withRetraction } from '../../app/anchor';
import { type BatchBase, batchDraft } from '../../batch/drafts';
import { pathTo } from '../../components/TrackableLink';
import { draftNames, storedDraft } from '../../form/storage';
import { correctionDraft, reasonDraft, statusDraft } from '../../status/drafts';
import { texts } from '../../texts';
import { CODING_DRAFTS } from '../coding/drafts';
import { OUTLINE_DRAFTS, outlineDraft } from '../outline/drafts';
import { formName } from '../proposal/openCaveat';
import { RECORD_DRAFTS } from '../record/drafts';
import { typedTexts } from './typed';

/** The record or assessment that a draft is about. */
export type DraftRecord = NonNullable<NonNullable<DraftRecordsQuery['nodes']>[number]>;

/** A form that was not sent. */
export interface DraftEntry {
  /** The name of the draft in the browser's storage. */
  name: string;
  /** `UNKNOWN` is a draft that no form can open, such as a draft of an earlier version of the app. */
  kind: 'status' | 'correction' | 'reason' | 'edit' | 'new' | 'outline' | 'coding' | 'batch' | 'sheet' | 'UNKNOWN';
  /** The id of the record or assessment, or of the first record of a batch. Undefined for a new record and a sheet. */
  id: string | undefined;
  /** The kind of the record, such as `event`. */
  record: string | undefined;
  /** The parameters of the form in the address. */
  parameters: string | undefined;
  /** The version of the record that the draft is based on. */
  version: number | undefined;
  /** The page and the records of a batch. */
  batch: BatchBase | undefined;
  /** The texts that the user typed. */
  typed: readonly string[];
}

/** The drafts of the current user. */
export function ownDrafts(): DraftEntry[] {
  return draftNames().flatMap((name) => {
    const value = storedDraft<{ base?: Partial<BatchBase> & { version?: number } }>(name);
    const entry = value && entryOf(name);
    if (!entry) return [];
    const batch = batchIn(value.base);
    return [{ ...entry, id: entry.id ?? batch?.records.find(isId), version: value.base?.version, batch, typed: typedTexts(value) }];
  });
}

function batchIn(base: Partial<BatchBase> | null | undefined): BatchBase | undefined {
  return base?.page !== undefined && base.records ? { page: base.page, records: base.records } : undefined;
}

type NamedEntry = Omit<DraftEntry, 'version' | 'batch' | 'typed'>;

/** The names of drafts in all formats, including the formats of earlier versions. */
const ANY_FORMAT = /^(status|correction|reason|record|outline|coding|batch)-/;

/** The record and form that the name of a draft identifies. Undefined if it is not the name of a draft. */
export function entryOf(name: string): NamedEntry | undefined {
  const found = formOf(name);
  if (found && (found.id === undefined || isId(found.id))) return found;
  return ANY_FORMAT.test(name) ? { ...NO_FORM, name, kind: 'UNKNOWN' } : undefined;
}

const NO_FORM = { id: undefined, record: undefined, parameters: undefined };

/** The form that opens a draft with this name. Undefined if there is none. */
function formOf(name: string): NamedEntry | undefined {
  const none = { ...NO_FORM, name };
  const rest = (prefix: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : '');
  const subject = rest(statusDraft(''));
  if (subject) return { ...none, kind: 'status', id: subject };
  const corrected = rest(correctionDraft(''));
  if (corrected) return { ...none, kind: 'correction', id: corrected };
  const retracted = rest(reasonDraft(''));
  if (retracted) return { ...none, kind: 'reason', id: retracted };
  const [, record = '', part = '', parameters] = /^([a-z]+)-(new-(.*)|.+)$/.exec(rest(RECORD_DRAFTS)) ?? [];
  if (Object.hasOwn(texts.record.kind, record)) {
    return parameters === undefined ? { ...none, kind: 'edit', record, id: part } : { ...none, kind: 'new', record, parameters };
  }
  if (name === outlineDraft(undefined)) return { ...none, kind: 'outline' };
  const agreement = rest(OUTLINE_DRAFTS);
  if (agreement) return { ...none, kind: 'outline', id: agreement };
  const coding = /^(.+?)-(\d{4}-\d\d-\d\d)-(.*)$/.exec(rest(CODING_DRAFTS));
  if (coding) return { ...none, kind: 'coding', id: coding[1], parameters: codingParameters(coding[2], coding[3]) };
  const type = (['Clause', 'Caveat'] as const).find((type) => name === batchDraft(type));
  if (type) return { ...none, kind: 'batch', record: type };
  if (name === 'record-sheet') return { ...none, kind: 'sheet' };
  return undefined;
}

/** Whether the text is a well-formed id of the API: 17 bytes in Base64. The server rejects a whole query if one id is malformed. */
const isId = (text: string) => /^[\w-]{22}[AEIMQUYcgkosw048]$/.test(text);

function codingParameters(asOf = '', after = ''): string {
  return String(new URLSearchParams({ asOf, ...(after && { after }) }));
}

/** The maximum number of records that the list of drafts loads at once. */
const MAX_IDS = 100;

/** The drafts in groups, each with at most as many records as are loaded at once. */
export function groupsOf(drafts: readonly DraftEntry[]): DraftEntry[][] {
  const count = Math.ceil(drafts.length / MAX_IDS);
  return Array.from({ length: count }, (_, index) => drafts.slice(index * MAX_IDS, (index + 1) * MAX_IDS));
}

/** The ids of the records of drafts, each once. */
export const idsOf = (drafts: readonly DraftEntry[]): string[] => [...new Set(drafts.flatMap(({ id }) => id ?? []))];

/** The pages to which the entry of a draft links. */
export interface DraftTarget {
  /** The address that opens the form with the draft. Undefined if no form opens it. */
  form: string | undefined;
  /** The reason why the draft cannot be sent as it is. */
  obstacle?: 'ARCHIVED' | 'RETRACTED';
  /** The page that restores the archived record, or shows the record of the retracted assessment. */
  page?: string;
}

/** The pages to which the entry of a draft links. `record` is the record of the draft: undefined if it is not loaded, null if it does not exist. */
export function targetOf(draft: DraftEntry, record: DraftRecord | null | undefined): DraftTarget {
  const form = record === null && draft.kind !== 'batch' ? undefined : formFor(draft, record ?? undefined);
  if (!record) return { form };
  const archived = archivedIn(record);
  if (archived && !(draft.kind === 'batch' && archived.id === record.id)) {
    // The forms of records and outlines also open for archived records.
    const isOpen = draft.kind === 'edit' || draft.kind === 'outline';
    return { form: isOpen ? form : undefined, obstacle: 'ARCHIVED', page: `/edit/${archived.kind}/${archived.id}` };
  }
  if ('retractedAt' in record && record.retractedAt !== null) {
    // If the assessment was retracted, the form that corrects it offers to record a new assessment.
    const subject = subjectOf(record);
    return { form: draft.kind === 'reason' ? undefined : form, obstacle: 'RETRACTED', page: subject && pathTo(subject) };
  }
  return { form };
}

/** The address of the form of a draft. Undefined if no form opens the draft, or if the address depends on a record that is not loaded. */
function formFor({ kind, id, record: recordKind, parameters, batch }: DraftEntry, record: DraftRecord | undefined): string | undefined {
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
    case 'UNKNOWN':
      return undefined;
  }
}

/** The record that must be restored: the record of a draft, or the agreement or proposal that it belongs to. */
function archivedIn(record: DraftRecord): { kind: string; id: string } | undefined {
  const subject = subjectOf(record) ?? record;
  const chain = [
    ...(subject.__typename === 'Clause' ? [{ kind: 'agreement', ...subject.agreement }] : []),
    ...(subject.__typename === 'Caveat' ? [{ kind: 'proposal', ...subject.proposal }] : []),
    ...('archivedAt' in subject ? [{ kind: subject.__typename.toLowerCase(), id: subject.id, archivedAt: subject.archivedAt }] : []),
  ];
  return chain.find(({ archivedAt }) => archivedAt !== null);
}

/** The clause, caveat or proposal itself, or the record that an assessment is about. */
function subjectOf(record: DraftRecord) {
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
