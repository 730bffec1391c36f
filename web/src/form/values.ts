import type { Problem } from '../components/Form';
import { dateText, lastDay } from '../format/edtf';
import { texts } from '../texts';
import { dateProblem } from './dateProblem';
import type { AnyField, AnyFields, ChoiceField, PartsField } from './fields';
import { newKey } from './key';
import type { NamedField } from './problems';

/** A record to which a field refers. */
export interface Reference {
  id: string;
  label: string;
}

/** A part in a list of parts, such as an obligation of a clause. `key` identifies the part in the form. */
export interface Part {
  key: string;
  values: Values;
}

/** The value of a field in the form. The values of texts, days, numbers, choices and lines are strings, which are empty if there is no value. */
export type Value = string | boolean | Reference | null | readonly Reference[] | readonly Part[] | Values;

export interface Values {
  readonly [name: string]: Value;
}

export const textValue = (value: Value | undefined) => (typeof value === 'string' ? value : '');
export const referenceValue = (value: Value | undefined) => (value && typeof value === 'object' && 'id' in value ? (value as Reference) : null);
export const referencesValue = (value: Value | undefined) => (Array.isArray(value) ? (value as Reference[]) : []);
export const partsValue = (value: Value | undefined) => (Array.isArray(value) ? (value as Part[]) : []);
export const groupValue = (value: Value | undefined) => (value && typeof value === 'object' && !Array.isArray(value) ? (value as Values) : {});

/** The values of a new record. */
export function emptyValues(fields: AnyFields): Values {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, emptyValue(field)]));
}

function emptyValue(field: AnyField): Value {
  switch (field.type) {
    case 'flag':
      return false;
    case 'choice':
      return field.initial ?? '';
    case 'reference':
      return null;
    case 'references':
    case 'parts':
      return [];
    case 'group':
      return emptyValues(field.fields);
    default:
      return '';
  }
}

/** The values of a record, which has the shape of the input that creates it. */
export function valuesOf(fields: AnyFields, record: object): Values {
  const recorded = record as Record<string, unknown>;
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueOf(field, recorded[name])]));
}

function valueOf(field: AnyField, recorded: unknown): Value {
  if (recorded === null || recorded === undefined) return emptyValue(field.type === 'choice' ? { ...field, initial: undefined } : field);
  switch (field.type) {
    case 'flag':
      return Boolean(recorded);
    case 'lines':
      return (recorded as string[]).join('\n');
    case 'reference':
      return referenceOf(recorded as Reference);
    case 'references':
      return (recorded as Reference[]).map(referenceOf);
    case 'parts':
      return (recorded as object[]).map((part, index) => ({ key: String(index), values: valuesOf(field.fields, part) }));
    case 'group':
      return valuesOf(field.fields, recorded);
    default:
      return String(recorded);
  }
}

const referenceOf = ({ id, label }: Reference): Reference => ({ id, label });

const isShown = ({ isShown }: AnyField, values: Values, outer: Values) => isShown?.(values, outer) ?? true;

/** The fields that are shown. `outer` has the values of the record or part that contains this part. */
export const shownFields = (fields: AnyFields, values: Values, outer: Values = {}): [string, AnyField][] =>
  Object.entries(fields).filter(([, field]) => isShown(field, values, outer));

/** The input of the API with all fields. Fields without a value are null. */
export function inputOf(fields: AnyFields, values: Values, outer: Values = {}): Record<string, unknown> {
  const entries = Object.entries(fields).filter(([name]) => !name.startsWith('$'));
  return Object.fromEntries(
    entries.map(([name, field]) => [name, isShown(field, values, outer) ? inputValue(field, values[name], values) : null]),
  );
}

function inputValue(field: AnyField, value: Value | undefined, values: Values): unknown {
  switch (field.type) {
    case 'flag':
      return value === true;
    case 'number':
      return textValue(value).trim() === '' ? null : Number(textValue(value));
    case 'lines':
      return textValue(value)
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
    case 'reference':
      return referenceValue(value)?.id ?? null;
    case 'references':
      return referencesValue(value).map(({ id }) => id);
    case 'parts':
      return partsValue(value).map((part) => withoutNulls(inputOf(field.fields, part.values, values)));
    case 'group':
      return withoutNulls(inputOf(field.fields, groupValue(value), values));
    default:
      return textValue(value).trim() || null;
  }
}

/** Fields without a value are omitted, so that the API's defaults apply. */
export const withoutNulls = (input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));

export interface FieldChange {
  name: string;
  label: string;
  before: string;
  after: string;
}

/** The fields whose values differ, with both values in words. */
export function changedFields(fields: AnyFields, before: Values, after: Values): FieldChange[] {
  const [old, now] = [inputOf(fields, before), inputOf(fields, after)];
  return Object.entries(fields).flatMap(([name, field]) =>
    JSON.stringify(old[name]) === JSON.stringify(now[name])
      ? []
      : [{ name, label: field.label, before: shownWords(field, name, before), after: shownWords(field, name, after) }],
  );
}

const shownWords = (field: AnyField, name: string, values: Values) =>
  isShown(field, values, {}) ? wordsOf(field, values[name], values) : '';

/** The input that sets the changed fields to their values in `after`. A field without a value is null, which clears it. */
export function changedInput(fields: AnyFields, before: Values, after: Values): Record<string, unknown> {
  const input = inputOf(fields, after);
  return Object.fromEntries(changedFields(fields, before, after).map(({ name }) => [name, input[name]]));
}

/** The values of `current`, with those fields of `edited` that differ from `base`. */
export function rebased(fields: AnyFields, base: Values, edited: Values, current: Values): Values {
  const changed = changedFields(fields, base, edited).map(({ name }) => [name, edited[name] ?? '']);
  return { ...current, ...Object.fromEntries(changed) };
}

/** A value in words. Empty if there is none. */
function wordsOf(field: AnyField, value: Value | undefined, values: Values): string {
  switch (field.type) {
    case 'flag':
      return value === true ? texts.changes.yes : texts.changes.no;
    case 'choice':
      return textValue(value) && choiceLabel(field, textValue(value));
    case 'day':
    case 'date':
      return dateText(textValue(value));
    case 'lines':
      return (inputValue(field, value, values) as string[]).join('\n');
    case 'reference':
      return referenceValue(value)?.label ?? '';
    case 'references':
      return referencesValue(value)
        .map(({ label }) => label)
        .join('; ');
    case 'parts':
      return partsValue(value)
        .map((part) => partWords(field.fields, part.values, values))
        .join('\n');
    case 'group':
      return partWords(field.fields, groupValue(value), values);
    default:
      return textValue(value).trim();
  }
}

/** The values of a part in one line. */
export function partWords(fields: AnyFields, values: Values, outer: Values): string {
  return shownFields(fields, values, outer)
    .map(([name, field]) => wordsOf(field, values[name], values))
    .filter(Boolean)
    .join(' · ');
}

export function choiceLabel({ choices }: Pick<ChoiceField, 'choices'>, value: string): string {
  const label = choices[value];
  return typeof label === 'object' ? label.label : (label ?? value);
}

/** The id of the element of a field. The path has the form of the API: names, and indexes of parts. */
export const fieldId = (path: readonly string[]) => ['record', ...path].join('-');

/** The name of a field within its part, such as `Deadline 2, rule`. */
const nameWithin = (part: string | undefined, label: string) => (part === undefined ? label : texts.recordForm.named(part, label));

const partName = (part: string | undefined, field: PartsField, index: number) =>
  nameWithin(part, texts.recordForm.partTitle(field.part, index + 1));

/** The innermost field on the path of an error. Undefined if the form has no such field. */
export function fieldAt(
  fields: AnyFields,
  [name, ...rest]: readonly string[],
  outer: readonly string[] = [],
  part?: string,
): NamedField | undefined {
  const field = name === undefined ? undefined : fields[name];
  if (name === undefined || !field) return undefined;
  const path = [...outer, name];
  const here = { id: fieldId(path), name: nameWithin(part, field.label) };
  if (field.type === 'group') return fieldAt(field.fields, rest, path, part) ?? here;
  const [index, ...inner] = rest;
  if (field.type !== 'parts' || index === undefined) return here;
  const within = partName(part, field, Number(index));
  return fieldAt(field.fields, inner, [...path, index], within) ?? { ...here, name: within };
}

/** Whole numbers in the range of the API's type Int. Other notations, such as `1e3`, are rejected. */
const INTEGER = /^-?\d{1,9}$/;

/** Problems that can be found before the form is sent. */
export function problemsIn(
  fields: AnyFields,
  values: Values,
  outer: Values = {},
  path: readonly string[] = [],
  part?: string,
): Problem[] {
  return shownFields(fields, values, outer).flatMap(([name, field]): Problem[] => {
    const here = [...path, name];
    const value = values[name];
    const problem = (message: string): Problem[] => [{ field: fieldId(here), message }];
    if (field.type === 'parts') {
      return partsValue(value).flatMap(({ values: inner }, index) =>
        problemsIn(field.fields, inner, values, [...here, String(index)], partName(part, field, index)),
      );
    }
    if (field.type === 'group') return problemsIn(field.fields, groupValue(value), values, here, part);
    const label = nameWithin(part, field.label);
    const input = inputValue(field, value, values);
    if (field.isRequired && (input === null || (Array.isArray(input) && input.length === 0))) {
      const isChosen = field.type === 'choice' || field.type === 'reference' || field.type === 'references';
      if (part === undefined && field.missing !== undefined) return problem(field.missing);
      return problem(isChosen ? texts.recordForm.missingChoice(label) : texts.recordForm.missing(label));
    }
    if (field.type === 'date' && typeof input === 'string' && lastDay(input) === undefined) {
      const reason = dateProblem(input);
      // A reason that names the day needs the label only in parts, where several fields have the same label.
      return problem(part === undefined && reason !== texts.day.noDate ? reason : texts.recordForm.notADate(label, reason));
    }
    if (field.type === 'number' && input !== null && !INTEGER.test(textValue(value).trim())) return problem(texts.recordForm.notANumber(label));
    return [];
  });
}

/** A new part of a list. */
export const newPart = (fields: AnyFields): Part => ({ key: newKey(), values: emptyValues(fields) });

/** The maximum length of a slug in the API. */
const MAX_SLUG = 80;

/** A short name for addresses, from Latin letters and digits. Empty if there are none. */
export const slugOf = (title: string) =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_SLUG)
    .replace(/-+$/, '');

/** The changed values of a new record, with the slugs that are derived from them. A slug that the user has written stays. */
export function withProposals(fields: AnyFields, before: Values, changes: Values): Values {
  const proposals = Object.entries(fields).flatMap(([name, field]): [string, Value][] => {
    if (field.type !== 'text' || field.proposedFrom === undefined) return [];
    const named = changes[field.proposedFrom];
    const isOwn = name in changes || textValue(before[name]) !== slugOf(textValue(before[field.proposedFrom]));
    return typeof named === 'string' && !isOwn ? [[name, slugOf(named)]] : [];
  });
  return { ...before, ...changes, ...Object.fromEntries(proposals) };
}
