import { type ReactNode, useEffect, useState } from 'react';
import { DateInput } from '../components/DateInput';
import { type ControlProps, Field, Group, Select } from '../components/Form';
import { dateText } from '../format/edtf';
import { joinNames } from '../format/names';
import { capitalized, withinSentence } from '../format/sentences';
import { texts } from '../texts';
import { EdtfInput } from './EdtfInput';
import { type AnyField, type AnyFields, withPart } from './fields';
import { PartsInput } from './PartsInput';
import styles from './RecordFields.module.css';
import { ReferenceInput, ReferencesInput } from './ReferenceInput';
import { choiceLabel, fieldId, groupValue, partsValue, referencesValue, referenceValue, shownFields, textValue, type Value, type Values } from './values';

interface Props {
  fields: AnyFields;
  values: Values;
  /** The values of the record or part that contains this part. */
  outer?: Values;
  /** The path of a part in the input. */
  path?: readonly string[];
  /** Whether to show the fields that only a new record has. */
  isNew: boolean;
  errorOf: (field: string) => string | undefined;
  onChange: (changes: Values) => void;
}

/** The fields that few records have. They are collapsed at the end of a form. */
const RARE_FIELDS = ['aliases', 'externalIds', 'slug'];

/** The fields of a record, or of a part of it. */
export function RecordFields({ fields, values, outer = {}, path = [], isNew, errorOf, onChange }: Props) {
  const shown = shownFields(fields, values, outer).filter(([, field]) => isNew || !field.isFixed);
  const rare = path.length === 0 ? shown.filter(([name, field]) => RARE_FIELDS.includes(name) && !field.isRequired) : [];
  const show = ([name, field]: (typeof shown)[number]) => {
    const here = [...path, name];
    return (
      <OneField
        key={name}
        field={field}
        path={here}
        value={values[name]}
        values={values}
        isNew={isNew}
        errorOf={errorOf}
        onChange={(value) => onChange({ [name]: value })}
      />
    );
  };
  return (
    <>
      {shown.filter((field) => !rare.includes(field)).map(show)}
      {rare.length > 0 && (
        <RareFields
          labels={rare.map(([, { label }]) => label)}
          hasInput={rare.some(([name]) => hasInput(values[name]))}
          hasError={rare.some(([name]) => errorOf(fieldId([name])) !== undefined)}
        >
          {rare.map(show)}
        </RareFields>
      )}
    </>
  );
}

interface RareFieldsProps {
  labels: readonly string[];
  hasInput: boolean;
  hasError: boolean;
  children: ReactNode;
}

/** Collapsed fields. They open when they get a value or an error, and are closed only by the user. */
function RareFields({ labels, hasInput, hasError, children }: RareFieldsProps) {
  const [isOpen, setOpen] = useState(hasInput);
  useEffect(() => {
    if (hasInput || hasError) setOpen(true);
  }, [hasInput, hasError]);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className={styles.rare}>
      <summary>{capitalized(joinNames(labels.map(withinSentence)))}</summary>
      {children}
    </details>
  );
}

/** Whether a text or a list has content. */
const hasInput = (value: Value | undefined) => (typeof value === 'string' || Array.isArray(value)) && value.length > 0;

interface FieldProps {
  field: AnyField;
  path: readonly string[];
  value: Value | undefined;
  values: Values;
  isNew: boolean;
  errorOf: (field: string) => string | undefined;
  onChange: (value: Value) => void;
}

function OneField(props: FieldProps) {
  const { field, path, value, values, errorOf, isNew, onChange } = props;
  const id = fieldId(path);
  const error = errorOf(id);
  if (field.type === 'parts') {
    return (
      <PartsInput
        id={id}
        field={field}
        parts={partsValue(value)}
        error={error}
        onChange={onChange}
        renderPart={(part, index) => (
          <RecordFields
            fields={field.fields}
            values={part.values}
            outer={values}
            path={[...path, String(index)]}
            isNew={isNew}
            errorOf={errorOf}
            onChange={(changes) => onChange(withPart(partsValue(value), part.key, { ...part.values, ...changes }))}
          />
        )}
      />
    );
  }
  if (field.type === 'group') {
    return (
      <Group id={id} legend={field.label} isLegendHidden isTarget hint={field.hint} error={error}>
        <RecordFields
          fields={field.fields}
          values={groupValue(value)}
          outer={values}
          path={path}
          isNew={isNew}
          errorOf={errorOf}
          onChange={(changes) => onChange({ ...groupValue(value), ...changes })}
        />
      </Group>
    );
  }
  if (field.type === 'references') {
    return <ReferencesInput id={id} field={field} references={referencesValue(value)} error={error} onChange={onChange} />;
  }
  if (field.type === 'reference') {
    return <ReferenceInput id={id} field={field} reference={referenceValue(value)} error={error} onChange={onChange} />;
  }
  // A checkbox and a choice with a default always have a value.
  const hasValue = field.type === 'flag' || (field.type === 'choice' && field.initial !== undefined);
  return (
    <Field id={id} label={field.label} hint={hintOf(field, textValue(value))} isOptional={!field.isRequired && !hasValue} error={error}>
      {(control) => <Control control={control} field={field} value={value} onChange={onChange} />}
    </Field>
  );
}

/** The hint, and the meaning of the current value. */
function hintOf(field: AnyField, value: string): string | undefined {
  const choice = field.type === 'choice' ? field.choices[value] : undefined;
  const meaning = typeof choice === 'object' ? choice.meaning : undefined;
  const date = (field.type === 'day' || field.type === 'date') && value ? dateText(value) : undefined;
  return [field.hint, meaning, date !== value && date].filter(Boolean).join(' ') || undefined;
}

interface ControlOf {
  control: ControlProps;
  field: AnyField;
  value: Value | undefined;
  onChange: (value: Value) => void;
}

function Control({ control, field, value, onChange }: ControlOf) {
  const text = textValue(value);
  switch (field.type) {
    case 'longText':
    case 'lines':
      return <textarea {...control} rows={field.type === 'lines' ? 2 : 3} value={text} onChange={(event) => onChange(event.target.value)} />;
    case 'day':
      return <DateInput {...control} value={text} onText={onChange} />;
    case 'date':
      return <EdtfInput {...control} value={text} onText={onChange} />;
    case 'flag':
      return <input {...control} type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
    case 'choice':
      return (
        <Select
          {...control}
          value={text}
          none={field.initial === undefined || text === '' ? (field.isRequired ? texts.recordForm.choose : texts.states.none) : undefined}
          choices={Object.keys(field.choices).map((choice) => ({ value: choice, label: choiceLabel(field, choice) }))}
          onChange={onChange}
        />
      );
    case 'number':
      return <input {...control} inputMode="numeric" size={6} value={text} onChange={(event) => onChange(event.target.value)} />;
    default:
      return (
        <input
          {...control}
          type={field.type === 'url' ? 'url' : 'text'}
          className={field.type === 'text' && field.isShort ? styles.short : styles.line}
          autoComplete="off"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}
