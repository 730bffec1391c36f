import type { KeyboardEvent } from 'react';
import { useQuery } from '../../api/query';
import type { SourceKind } from '../../api/schema.gen';
import type { SourceNameFragment } from '../../api/types.gen';
import { DateInput } from '../../components/DateInput';
import { Field, Select } from '../../components/Form';
import { useRested } from '../../components/rest';
import { sourceFacts } from '../../components/SourceLink';
import { texts } from '../../texts';
import { SourceByUrlDocument } from './Clause.gen';
import styles from './Clause.module.css';
import { evidenceField, type NewSource } from './update';

const KINDS = Object.keys(texts.sourceKind) as SourceKind[];
const REST_MS = 300;

interface Props {
  entry: string;
  source: NewSource;
  errorOf: (field: string) => string | undefined;
  onChange: (source: NewSource) => void;
  /** The source is known already, and is to be taken instead. */
  onKnown: (known: SourceNameFragment) => void;
}

/** A source that is to be recorded with the status. One whose address is known is offered instead. */
export function NewSourceFields({ entry, source, errorOf, onChange, onKnown }: Props) {
  const text = (name: 'title' | 'url' | 'publisher', label: string, type: string, isOptional = true) => {
    const id = evidenceField(entry, name);
    return (
      <Field id={id} label={label} isOptional={isOptional} error={errorOf(id)}>
        {(control) => (
          <input
            {...control}
            type={type}
            value={source[name]}
            onKeyDown={holdEnter}
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
      <KnownInstead url={source.url} onKnown={onKnown} />
      {text('publisher', texts.source.publisher, 'text')}
      <Field id={published} label={texts.source.publishedOn} isOptional error={errorOf(published)}>
        {(control) => (
          <DateInput
            {...control}
            value={source.publishedOn}
            onKeyDown={holdEnter}
            onText={(publishedOn) => onChange({ ...source, publishedOn })}
          />
        )}
      </Field>
    </div>
  );
}

/** The source that has this address already, if there is one. */
function KnownInstead({ url, onKnown }: Pick<Props, 'onKnown'> & { url: string }) {
  const address = useRested(url.trim(), REST_MS);
  const isAddress = /^https?:\/\/./i.test(address) && URL.canParse(address);
  const [{ data }] = useQuery({ query: SourceByUrlDocument, variables: { url: address }, pause: !isAddress });
  const known = isAddress ? data?.source : undefined;
  return (
    <div role="status" className={styles.known}>
      {known && (
        <>
          {texts.update.existingSource(known.title)} <span className="muted">{sourceFacts(known)}</span>{' '}
          <button type="button" onClick={() => onKnown(known)}>
            {texts.update.useExistingSource}
          </button>
        </>
      )}
    </div>
  );
}

/** The source is not done by the key, let alone the form. */
const holdEnter = (event: KeyboardEvent) => {
  if (event.key === 'Enter') event.preventDefault();
};
