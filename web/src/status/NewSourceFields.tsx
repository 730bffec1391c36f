import type { KeyboardEvent } from 'react';
import { useQuery } from '../api/query';
import type { SourceKind } from '../api/schema.gen';
import type { SourceNameFragment } from '../api/types.gen';
import { DateInput } from '../components/DateInput';
import { useDebounced } from '../components/debounce';
import { Field, Select } from '../components/Form';
import { sourceFacts } from '../components/SourceLink';
import { texts } from '../texts';
import { SourceByUrlDocument } from './Status.gen';
import styles from './Status.module.css';
import { evidenceField, type NewSource } from './update';

const KINDS = Object.keys(texts.sourceKind) as SourceKind[];
const DEBOUNCE_MS = 300;

interface Props {
  entry: string;
  source: NewSource;
  errorOf: (field: string) => string | undefined;
  onChange: (source: NewSource) => void;
  /** Called when the user chooses an existing source instead. */
  onExisting: (source: SourceNameFragment) => void;
}

/** The fields of a new source. If a recorded source has the same URL, the user can choose it instead. */
export function NewSourceFields({ entry, source, errorOf, onChange, onExisting }: Props) {
  const text = (name: 'title' | 'url' | 'publisher', label: string, type: string, isOptional = true) => {
    const id = evidenceField(entry, name);
    return (
      <Field id={id} label={label} isOptional={isOptional} error={errorOf(id)}>
        {(control) => (
          <input
            {...control}
            type={type}
            value={source[name]}
            onKeyDown={ignoreEnter}
            onChange={(event) => onChange({ ...source, [name]: event.target.value })}
          />
        )}
      </Field>
    );
  };
  const kind = evidenceField(entry, 'kind');
  const published = evidenceField(entry, 'publishedOn');
  return (
    <div className={styles.newSource}>
      {text('title', texts.source.title, 'text', false)}
      <Field id={kind} label={texts.source.kind} hint={texts.sourceKind[source.kind].meaning} error={errorOf(kind)}>
        {(control) => (
          <Select
            {...control}
            value={source.kind}
            choices={KINDS.map((value) => ({ value, label: texts.sourceKind[value].label }))}
            onChange={(value) => onChange({ ...source, kind: value as SourceKind })}
          />
        )}
      </Field>
      {text('url', texts.source.url, 'url')}
      <ExistingSource url={source.url} onExisting={onExisting} />
      {text('publisher', texts.source.publisher, 'text')}
      <Field id={published} label={texts.source.publishedOn} isOptional error={errorOf(published)}>
        {(control) => (
          <DateInput
            {...control}
            value={source.publishedOn}
            onKeyDown={ignoreEnter}
            onText={(publishedOn) => onChange({ ...source, publishedOn })}
          />
        )}
      </Field>
    </div>
  );
}

/** Offers the existing source with this URL, if there is one. */
function ExistingSource({ url, onExisting }: Pick<Props, 'onExisting'> & { url: string }) {
  const address = useDebounced(url.trim(), DEBOUNCE_MS);
  const isAddress = /^https?:\/\/./i.test(address) && URL.canParse(address);
  const [{ data }] = useQuery({ query: SourceByUrlDocument, variables: { url: address }, pause: !isAddress });
  const existing = isAddress ? data?.source : undefined;
  return (
    <div role="status" className={styles.existing}>
      {existing && (
        <>
          {texts.update.existingSource(existing.title)} <span className="muted">{sourceFacts(existing)}</span>{' '}
          <button type="button" onClick={() => onExisting(existing)}>
            {texts.update.useExistingSource}
          </button>
        </>
      )}
    </div>
  );
}

/** Enter in these fields must not send the form. */
const ignoreEnter = (event: KeyboardEvent) => {
  if (event.key === 'Enter') event.preventDefault();
};
