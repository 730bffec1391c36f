import type { TypedDocumentNode } from 'urql';
import type { AnyFields, Recorded, RecordFields } from '../../form/fields';
import type { UserError } from '../../form/problems';
import type { Sending } from '../../form/useSending';

/** The fields that every record has. */
export interface AnyRecord {
  id: string;
  version: number;
  archivedAt: string | null;
}

interface Answer<Record> {
  record: Record | null;
  userErrors: readonly UserError[];
}

/** A node of another kind contains only its id. */
type Read = TypedDocumentNode<{ node: { id: string } | null }, { id: string }>;

interface Definition<Create, Update, Archive, Record> {
  fields: RecordFields<Create, Update>;
  read: Read;
  create: Sending<Create, Answer<Record>>;
  update: Sending<Update, Answer<Record>>;
  archive: Sending<Archive, Answer<Record>>;
  /** The field of the inputs that contains the record's id. */
  idField: keyof Update & keyof Archive & string;
  /** The record in the shape of the input that creates it. */
  recorded: (record: Record) => Recorded<Create>;
  nameOf: (record: Record) => string;
  /** The path of the page that shows the record. */
  pathTo: (record: Record) => string;
}

/** A kind of records, without the types of its inputs. */
export interface RecordKind {
  fields: AnyFields;
  read: Read;
  create: Sending<object, Answer<AnyRecord>>;
  update: Sending<object, Answer<AnyRecord>>;
  archive: Sending<object, Answer<AnyRecord>>;
  idField: string;
  recorded: (record: AnyRecord) => object;
  nameOf: (record: AnyRecord) => string;
  pathTo: (record: AnyRecord) => string;
}

/** Checks the definition of a kind against the inputs and the record of the API. */
export const defineKind = <Create, Update, Archive, Record extends AnyRecord>(
  definition: Definition<Create, Update, Archive, Record>,
): RecordKind => definition as unknown as RecordKind;
