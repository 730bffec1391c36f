import type { ChangeEntryFragment, ChangeValueFragment } from '../../api/types.gen';
import { describeChange, describeSubject } from '../../app/subject';
import type { Column } from '../../components/Table';
import { texts } from '../../texts';
import { changedFields, type FieldChange, fieldName, valueText } from './fields';

interface Row {
  entry: ChangeEntryFragment;
  /** Undefined for a change without fields, such as an archived record. */
  field: FieldChange | undefined;
}

/** The changes as rows, one for each field. */
export function rowsOf(entries: readonly ChangeEntryFragment[]): Row[] {
  return entries.flatMap((entry): Row[] => {
    const fields = changedFields(entry);
    return fields.length > 0 ? fields.map((field) => ({ entry, field })) : [{ entry, field: undefined }];
  });
}

function textOf({ subject }: ChangeEntryFragment, value: ChangeValueFragment | undefined): string | undefined {
  if (!value) return undefined;
  return value.record ? describeSubject(value.record).name : valueText(subject.__typename, value);
}

/** The columns of the CSV file. */
export const CHANGE_COLUMNS: readonly Column<Row>[] = [
  { title: texts.changes.position, csv: ({ entry }) => entry.position },
  { title: texts.changes.instant, csv: ({ entry }) => entry.recordedAt },
  { title: texts.changes.actor, csv: ({ entry }) => entry.actor },
  { title: texts.changes.action, csv: ({ entry }) => describeChange(entry).action },
  { title: texts.changes.record, csv: ({ entry }) => describeChange(entry).name },
  { title: texts.changes.assessment, csv: ({ entry }) => describeChange(entry).assessment },
  { title: texts.changes.field, csv: ({ field }) => field && fieldName(field.name) },
  { title: texts.changes.before, csv: ({ entry, field }) => textOf(entry, field?.before) },
  { title: texts.changes.after, csv: ({ entry, field }) => textOf(entry, field?.after) },
];
