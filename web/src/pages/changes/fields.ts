import type { ChangeEntryFragment, ChangeSubjectFragment, ChangeValueFragment } from '../../api/types.gen';
import { isBackdated } from '../../app/subject';
import { texts } from '../../texts';

export interface FieldChange {
  name: string;
  before: ChangeValueFragment | undefined;
  after: ChangeValueFragment | undefined;
}

/** The fields that refer to the assessment or status check itself. They are hidden, because the fields of the assessment or check are listed. */
const HIDDEN_FIELDS = new Set(['assessment', 'statusCheck']);

/** The changed fields of an entry. All fields of a backdated assessment count as changed, because it does not replace the assessment in force. */
export function changedFields(entry: ChangeEntryFragment): FieldChange[] {
  return fieldsOf(isBackdated(entry) ? [] : entry.before, entry.after);
}

/** The fields whose values differ, in the order of the record's fields. */
export function fieldsOf(before: readonly ChangeValueFragment[], after: readonly ChangeValueFragment[]): FieldChange[] {
  const oldValues = new Map(before.map((value) => [value.name, value]));
  const newValues = new Map(after.map((value) => [value.name, value]));
  const names = [...new Set([...after, ...before].map(({ name }) => name))];
  return names
    .map((name) => ({ name, before: oldValues.get(name), after: newValues.get(name) }))
    .filter((change) => !HIDDEN_FIELDS.has(change.name) && change.before?.value !== change.after?.value);
}

/** The label of a field, such as `Evidence 1` for `evidence.0`. */
export function fieldName(name: string): string {
  return name
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : (texts.changedField[part] ?? humanize(part))))
    .join(' ');
}

/** The heading of a clause or caveat, or of the clause or caveat of an assessment. */
export function headingOf(record: ChangeSubjectFragment): string | undefined {
  switch (record.__typename) {
    case 'Clause':
    case 'Caveat':
      return record.heading;
    case 'ClauseAssessment':
      return record.clause.heading;
    case 'CaveatAssessment':
      return record.caveat.heading;
    default:
      return undefined;
  }
}

type Labels = Record<string, string | { label: string }>;

/** The labels of enum values, by field, or by type and field if the field is ambiguous. */
const LABELS: Record<string, Labels> = {
  confidence: texts.confidence,
  momentum: texts.momentum,
  nature: texts.clauseNature,
  standing: texts.proposalStanding,
  'obligations.role': texts.obligationRole,
  'parties.role': texts.agreementRole,
  'criteria.status': texts.clauseStatus,
  'endings.kind': texts.endingKind,
  'deadlines.phase': texts.deadlinePhase,
  'deadlines.endOf.period': texts.calendarPeriod,
  'clauseLinks.kind': texts.caveatToClause,
  'Agreement.kind': texts.agreementKind,
  'Caveat.kind': texts.caveatKind,
  'Event.kind': texts.eventKind,
  'Precondition.kind': texts.preconditionKind.DONE,
  'Source.kind': texts.sourceKind,
  'Clause.status': texts.clauseStatus,
  'Caveat.status': texts.caveatStatus,
  'Proposal.status': texts.proposalStatus,
};

/** A value in words, such as `One-off` for `ONE_OFF`. `of` is the type of the record. */
export function valueText(of: string, { kind, name, value }: Pick<ChangeValueFragment, 'kind' | 'name' | 'value'>): string {
  switch (kind) {
    case 'CHOICE': {
      const field = name.replaceAll(/\.\d+/g, '');
      const label = (LABELS[`${of}.${field}`] ?? LABELS[field])?.[value] ?? humanize(value);
      return typeof label === 'string' ? label : label.label;
    }
    case 'BOOLEAN':
      return value === 'true' ? texts.changes.yes : texts.changes.no;
    default:
      return value;
  }
}

/** Turns a name into words, such as `NOT_STARTED` into `Not started`, or `expiresAt` into `Expires at`. */
export function humanize(name: string): string {
  const words = name
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
