import type { ChangeAction, ChangedRecordKind } from '../../api/schema.gen';
import { dateText } from '../../format/edtf';
import { counted, grouped, withinSentence } from '../../format/sentences';

export const changesTexts = {
  title: 'Change log',
  about: 'Every change to every record, latest first, with its author and the values before and after.',
  empty: 'Nothing has been recorded yet.',
  watched: (values: readonly string[]) => (values.length > 0 ? `Change log: ${values.join(', ')}` : 'Change log'),
  noneFound: 'No change matches the filters.',
  filterActor: 'Author (full name)',
  filterAction: 'Action',
  anyAction: 'All actions',
  filterKind: 'Kind of record',
  anyKind: 'All kinds of record',
  filterAgreement: 'Agreement',
  anyAgreement: 'All agreements',
  from: 'From',
  to: 'To',
  utc: '(UTC)',
  onlyAbout: (names: readonly string[]) =>
    `Only changes to ${names.length > 0 ? names.join(', ') : 'unknown records'}, and to the records that belong to ${names.length === 1 ? 'it' : 'them'}.`,
  actions: {
    CREATED: 'Created',
    UPDATED: 'Updated',
    ARCHIVED: 'Archived',
    RESTORED: 'Restored',
    ASSESSED: 'Status recorded',
    RETRACTED: 'Assessment retracted',
    CHECKED: 'Checked, unchanged',
    CHECK_RETRACTED: 'Check retracted',
  } satisfies Record<ChangeAction, string>,
  /** The words before and after the name of the record. */
  sentences: {
    CREATED: ['', 'created'],
    UPDATED: ['', 'updated'],
    ARCHIVED: ['', 'archived'],
    RESTORED: ['', 'restored'],
    ASSESSED: ['Status of', ''],
    RETRACTED: ['Assessment of', 'retracted'],
    CHECKED: ['', 'checked, unchanged'],
    CHECK_RETRACTED: ['Check of', 'retracted'],
  } satisfies Record<ChangeAction, [before: string, after: string]>,
  /** Written before names that do not show the kind of the record. */
  kindBeforeName: { Event: 'Event', Source: 'Source', Party: 'Party', Topic: 'Topic', Agreement: 'Agreement' } as Record<string, string>,
  kinds: {
    AGREEMENT: 'Agreements',
    CLAUSE: 'Clauses',
    PROPOSAL: 'Proposals',
    CAVEAT: 'Caveats',
    PARTY: 'Parties',
    TOPIC: 'Topics',
    SOURCE: 'Sources',
    EVENT: 'Events',
    PRECONDITION: 'Preconditions',
    INTERPRETATION: 'Interpretations',
  } satisfies Record<ChangedRecordKind, string>,
  becomes: 'replaced by',
  paging: 'Pages of the log',
  newer: 'Newer changes',
  older: 'Older changes',
  /** Counted from the latest change. */
  range: (from: number, to: number, total: number) => `Changes ${from} to ${to} of ${grouped(total)}`,
  part: (from: number, to: number) => `Change log, changes ${from} to ${to}`,
  today: 'Today',
  yesterday: 'Yesterday',
  time: (time: string) => `${time} UTC`,
  assessed: (status: string, day: string, viewpoint: string) =>
    `${status} since ${dateText(day)} (${withinSentence(viewpoint)})`,
  backdated: (assessed: string, inForce: string, day: string) =>
    `${assessed}, backdated: ${inForce} since ${dateText(day)} stays in force`,
  since: (day: string) => `since ${dateText(day)}`,
  staysInForce: (status: string, day: string) => `backdated: ${status} since ${dateText(day)} stays in force`,
  reason: (reason: string) => `Reason: ${reason}`,
  line: (actor: string, action: string, subject: string, assessment: string | undefined) =>
    `${actor} ${action} ${subject}${assessment ? `: ${assessment}` : ''}`,
  field: 'Field',
  before: 'Before',
  after: 'After',
  value: 'Value',
  fields: (count: number) => counted(count, 'field', 'fields'),
  yes: 'Yes',
  no: 'No',
};

/** Labels for fields whose API names are unclear. Other labels are made from the API names. */
export const changedFieldTexts: Record<string, string> = {
  heldBy: 'Viewpoint',
  effectiveOn: 'Since',
  effectiveDate: 'Date',
  url: 'URL',
  archivedUrl: 'Archived URL',
  externalIds: 'Identifier',
  retractionReason: 'Reason for the retraction',
};
