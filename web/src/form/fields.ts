import type { SearchKind } from '../api/schema.gen';
import type { Part, Reference, Values } from './values';

// A form is described by one object for each field of an input of the API. The types are derived from the input's type, so the
// compiler rejects a field that is missing, unknown, or of another kind.

/** A label, and texts about the input. */
export interface FieldTexts {
  label: string;
  hint?: string;
  /** The message if a required field is empty. */
  missing?: string;
}

interface Described extends FieldTexts {
  /**
   * Whether the field is shown. `outer` has the values of the record or part that contains this part. A hidden field has no value.
   * Default: shown.
   */
  isShown?: (values: Values, outer: Values) => boolean;
}

/** One line, several lines, a day, or a date in EDTF. */
export interface TextField extends Described {
  type: 'text' | 'longText' | 'day' | 'date' | 'url';
  /** Whether a line needs little space, such as the name of a place. */
  isShort?: boolean;
  /** The field from whose text the slug of a new record is derived, until the user enters another slug. */
  proposedFrom?: string;
}

export interface NumberField extends Described {
  type: 'number';
}

export interface FlagField extends Described {
  type: 'flag';
}

/** Several texts, one per line. */
export interface LinesField extends Described {
  type: 'lines';
}

type ChoiceLabel = string | { label: string; meaning: string };

export interface ChoiceField<Choice extends string = string> extends Described {
  type: 'choice';
  choices: Readonly<Record<Choice, ChoiceLabel>>;
  /** The value of a new record. Default: none. */
  initial?: Choice;
}

/** The records to which a field can refer: a short list, or the results of a search. */
export type Target = { list: 'parties' | 'topics' } | { search: readonly SearchKind[] };

/** A reference to one record. */
export interface ReferenceField extends Described {
  type: 'reference';
  to: Target;
}

export interface ReferencesField extends Described {
  type: 'references';
  to: Target;
}

/** A list of parts, such as the obligations of a clause. */
export interface PartsField extends Described {
  type: 'parts';
  /** The name of one part, such as `Obligation`. */
  part: string;
  fields: AnyFields;
}

/** An object within the input, such as the basis of a deadline. */
export interface GroupField extends Described {
  type: 'group';
  fields: AnyFields;
}

type AnyKind =
  | TextField
  | NumberField
  | FlagField
  | LinesField
  | ChoiceField
  | ReferenceField
  | ReferencesField
  | PartsField
  | GroupField;

/** A field of any kind. */
export type AnyField = AnyKind & {
  isRequired?: boolean;
  /** Whether the field can be set only when the record is created. */
  isFixed?: boolean;
};

export type AnyFields = Readonly<Record<string, AnyField>>;

/** Input fields that the user does not see: the form itself sets them, or the newer fields `citations` and `date` replace them. */
type Technical<Input> =
  | 'idempotencyKey'
  | 'expectedVersion'
  | 'sourceIds'
  | ('date' extends keyof Input ? 'happenedOn' | 'endedOn' : never);

type KindOf<Name, Type> = [Type] extends [readonly (infer Item)[]]
  ? [Item] extends [string]
    ? Name extends `${string}Ids`
      ? ReferencesField
      : LinesField
    : Omit<PartsField, 'fields'> & { fields: Fields<Item> }
  : [Type] extends [boolean]
    ? FlagField
    : [Type] extends [number]
      ? NumberField
      : string extends Type
        ? Name extends `${string}Id`
          ? ReferenceField
          : TextField
        : [Type] extends [string]
          ? ChoiceField<Type>
          : Omit<GroupField, 'fields'> & { fields: Fields<Type> };

type Requirement<Input, Name extends keyof Input> =
  Pick<Input, Name> extends Required<Pick<Input, Name>> ? { isRequired: true } : { isRequired?: boolean };

/** The fields of an input. Names with `$` are fields of the form only, such as the choice between several fields. */
export type Fields<Input> = {
  readonly [Name in Exclude<keyof Input, Technical<Input>>]-?: KindOf<Name, NonNullable<Input[Name]>> & Requirement<Input, Name>;
} & { readonly [name: `$${string}`]: ChoiceField };

/** The fields of a record. The fields that exist only in the input of new records are marked as fixed. */
export type RecordFields<Create, Update> = Fields<Create> & {
  readonly [Name in Exclude<keyof Create, keyof Update | Technical<Create>>]: { isFixed: true };
};

type RecordedValue<Name, Type> = [NonNullable<Type>] extends [readonly (infer Item)[]]
  ? [Item] extends [string]
    ? Name extends `${string}Ids`
      ? readonly Reference[]
      : readonly Item[]
    : readonly Recorded<Item>[]
  : string extends NonNullable<Type>
    ? Name extends `${string}Id`
      ? Reference | null
      : Type | null
    : [NonNullable<Type>] extends [string | number | boolean]
      ? Type | null
      : Recorded<NonNullable<Type>> | null;

/** A record in the shape of the input that creates it, with references instead of ids. */
export type Recorded<Input> = {
  readonly [Name in Exclude<keyof Input, Technical<Input>>]-?: RecordedValue<Name, Input[Name]>;
};

/** Replaces the values of one part in a list. Removes the part if `values` is undefined. */
export const withPart = (parts: readonly Part[], key: string, values: Values | undefined): Part[] =>
  parts.flatMap((part) => (part.key !== key ? [part] : values ? [{ key, values }] : []));
