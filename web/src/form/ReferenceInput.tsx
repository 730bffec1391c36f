import { useState } from 'react';
import { useQuery } from '../api/query';
import { useHolders } from '../app/holders';
import { Field, Group, Select } from '../components/Form';
import { onHost } from '../browser/base';
import { oneOf } from '../format/names';
import { LOCALE } from '../format/locale';
import { texts } from '../texts';
import type { AnyField, ReferenceField, ReferencesField, Target } from './fields';
import { EMPTY_FINDER, type FinderInput, foundLabel } from './finder';
import { Finder } from './LazyFinder';
import { FormTopicsDocument } from './Finder.gen';
import styles from './RecordFields.module.css';
import type { Reference } from './values';

interface OneProps {
  id: string;
  field: ReferenceField & Pick<AnyField, 'isRequired'>;
  reference: Reference | null;
  error: string | undefined;
  onChange: (reference: Reference | null) => void;
}

/** A reference to one record. */
export function ReferenceInput({ id, field, reference, error, onChange }: OneProps) {
  const { label, hint, to, isRequired } = field;
  const described = { id, hint, error };
  if ('list' in to) {
    return (
      <Field {...described} label={label} isOptional={!isRequired}>
        {(control) => (
          <ListSelect
            {...control}
            to={to.list}
            value={reference}
            none={isRequired ? texts.recordForm.choose : texts.states.none}
            onChoose={onChange}
          />
        )}
      </Field>
    );
  }
  return (
    <Group {...described} legend={label} isOptional={!isRequired}>
      {reference ? (
        <Chosen id={id} isOnly references={[reference]} onRemove={() => onChange(null)} />
      ) : (
        <Search
          id={id}
          label={label}
          to={to}
          chosen={[]}
          onChoose={(chosen) => {
            onChange(chosen);
            focusLater(id);
          }}
        />
      )}
    </Group>
  );
}

interface ManyProps {
  id: string;
  field: ReferencesField & Pick<AnyField, 'isRequired'>;
  references: readonly Reference[];
  error: string | undefined;
  onChange: (references: readonly Reference[]) => void;
}

/** References to several records, in order. */
export function ReferencesInput({ id, field, references, error, onChange }: ManyProps) {
  const { label, hint, to, isRequired } = field;
  const add = (reference: Reference | null) => reference && onChange([...references, reference]);
  const remove = (id: string) => onChange(references.filter((reference) => reference.id !== id));
  const chosen = references.map(({ id }) => id);
  return (
    <Group id={id} legend={label} isOptional={!isRequired} hint={hint} error={error}>
      <Chosen id={id} references={references} onRemove={remove} />
      {'list' in to ? (
        <ListSelect
          id={id}
          aria-label={texts.recordForm.addTo(label)}
          to={to.list}
          value={null}
          hidden={chosen}
          none={texts.recordForm.addTo(label)}
          onChoose={add}
        />
      ) : (
        <Search id={id} label={label} to={to} chosen={chosen} onChoose={add} />
      )}
    </Group>
  );
}

/** Focuses an element that is rendered next. */
const focusLater = (id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus());

interface ChosenProps {
  /** The id of the element that adds a record. It gets the focus after a removal. */
  id: string;
  /** Whether the field takes only one record. If so, `id` is the id of the button that removes the record. */
  isOnly?: boolean;
  references: readonly Reference[];
  onRemove: (id: string) => void;
}

function Chosen({ id: field, isOnly = false, references, onRemove }: ChosenProps) {
  if (references.length === 0) return null;
  return (
    <ul className={styles.list}>
      {references.map(({ id, label }) => (
        <li key={id}>
          {label}{' '}
          <button
            type="button"
            id={isOnly ? field : undefined}
            className={`quiet ${styles.remove}`}
            aria-label={texts.recordForm.removeItem(label)}
            title={texts.recordForm.remove}
            onClick={() => {
              onRemove(id);
              focusLater(field);
            }}
          >
            {texts.recordForm.remove}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ListProps {
  id: string;
  to: 'parties' | 'topics';
  value: Reference | null;
  /** Ids of records that are not listed. */
  hidden?: readonly string[];
  none: string;
  onChoose: (reference: Reference | null) => void;
}

/** A record of a short list. A chosen record that is not in the list, such as an archived one, stays chosen. */
function ListSelect({ to, value, hidden = [], onChoose, ...rest }: ListProps) {
  const [{ data: holders }] = useHolders({ pause: to !== 'parties' });
  const [{ data: topics }] = useQuery({ query: FormTopicsDocument, pause: to !== 'topics' });
  const parties = (holders?.parties?.nodes ?? []).map(({ id, shortName }) => ({ id, label: shortName }));
  const all: Reference[] = to === 'parties' ? parties : (topics?.topics ?? []);
  const listed = value && !all.some(({ id }) => id === value.id) ? [...all, value] : all;
  const options = listed
    .filter(({ id }) => !hidden.includes(id))
    .toSorted((first, second) => first.label.localeCompare(second.label, LOCALE));
  return (
    <Select
      {...rest}
      value={value?.id ?? ''}
      choices={options.map(({ id, label }) => ({ value: id, label }))}
      onChange={(id) => onChoose(options.find((option) => option.id === id) ?? null)}
    />
  );
}

interface SearchProps {
  id: string;
  label: string;
  to: Extract<Target, { search: unknown }>;
  chosen: readonly string[];
  onChoose: (reference: Reference) => void;
}

/** A button that opens the search for a record. */
function Search({ id, label, to, chosen, onChoose }: SearchProps) {
  const [finder, setFinder] = useState<FinderInput>();
  const kinds = oneOf(to.search.map((kind) => texts.finder.kinds[kind]));
  if (!finder) {
    return (
      <>
        <button type="button" id={id} aria-label={`${label}: ${texts.finder.find(kinds)}`} onClick={() => setFinder(EMPTY_FINDER)}>
          {texts.finder.find(kinds)}
        </button>{' '}
        {to.search.includes('SOURCE') && (
          <a href={onHost('/new/source')} target="_blank" rel="noreferrer" className="hint">
            {texts.recordForm.newSource}
          </a>
        )}
      </>
    );
  }
  return (
    <Finder
      id={id}
      label={texts.finder.find(kinds)}
      placeholder={texts.finder.placeholder}
      kinds={to.search}
      suggestions={[]}
      chosen={chosen}
      finder={finder}
      onFinder={setFinder}
      onChoose={(found) => onChoose({ id: found.id, label: foundLabel(found) })}
      onClose={() => {
        setFinder(undefined);
        focusLater(id);
      }}
    />
  );
}
