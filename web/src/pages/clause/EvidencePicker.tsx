import { lazy, Suspense, useState } from 'react';
import type { SourceKind } from '../../api/schema.gen';
import type { UpdateSourcesQuery } from '../../api/types.gen';
import { Field, Group, Select } from '../../components/Form';
import { Loading } from '../../components/Loaded';
import { SourceLink } from '../../components/SourceLink';
import { texts } from '../../texts';
import styles from './Clause.module.css';
import { emptySource, type EvidenceDraft, evidenceField, FIELDS, newKey, type NewSource } from './update';

const KnownSources = lazy(() => import('./KnownSources'));

const KINDS = Object.keys(texts.sourceKind) as SourceKind[];

interface Props {
  sources: UpdateSourcesQuery | undefined;
  evidence: readonly EvidenceDraft[];
  /** Whether it was said that there is none. */
  isWithout: boolean;
  errorOf: (field: string) => string | undefined;
  onChange: (evidence: readonly EvidenceDraft[]) => void;
  onWithout: (isWithout: boolean) => void;
}

/** What the status rests on: sources that are known, found by their words, and new ones. */
export function EvidencePicker({ sources, evidence, isWithout, errorOf, onChange, onWithout }: Props) {
  const remove = (key: string) => {
    onChange(evidence.filter((it) => it.key !== key));
    // Its button goes with it.
    document.getElementById(FIELDS.evidence)?.focus();
  };
  const [isSearching, setSearching] = useState(false);
  return (
    <Group
      id={FIELDS.evidence}
      legend={texts.source.evidence}
      hint={texts.update.evidenceHint}
      error={errorOf(FIELDS.evidence)}
    >
      {evidence.length > 0 && (
        <ul className={styles.list}>
          {evidence.map((it) => (
            <li key={it.key}>
              {'known' in it ? (
                <SourceLink source={it.known} />
              ) : (
                <NewSourceFields
                  entry={it.key}
                  source={it.fresh}
                  errorOf={errorOf}
                  onChange={(fresh) =>
                    onChange(evidence.map((other) => (other.key === it.key ? { key: it.key, fresh } : other)))
                  }
                />
              )}{' '}
              <button
                type="button"
                className="quiet"
                aria-label={texts.update.removeSource('known' in it ? it.known.title : it.fresh.title)}
                onClick={() => remove(it.key)}
              >
                {texts.update.remove}
              </button>
            </li>
          ))}
        </ul>
      )}
      {isSearching && (
        <Suspense fallback={<Loading />}>
          <KnownSources
            sources={sources}
            chosen={evidence}
            onChoose={(known) => onChange([...evidence, { key: known.id, known }])}
            onClose={() => {
              setSearching(false);
              requestAnimationFrame(() => document.getElementById(FIELDS.evidence)?.focus());
            }}
          />
        </Suspense>
      )}
      {!isSearching && (
        // The list is a large part of the form's code: it comes when it is wanted.
        <button type="button" id={FIELDS.evidence} onClick={() => setSearching(true)}>
          {texts.update.findSource}
        </button>
      )}{' '}
      <button
        type="button"
        onClick={() => {
          const key = newKey();
          onChange([...evidence, { key, fresh: emptySource }]);
          requestAnimationFrame(() => document.getElementById(evidenceField(key, 'title'))?.focus());
        }}
      >
        {texts.update.newSource}
      </button>
      {evidence.length === 0 && (
        <label className={styles.without}>
          <input type="checkbox" checked={isWithout} onChange={(event) => onWithout(event.target.checked)} />{' '}
          {texts.update.withoutEvidence}
        </label>
      )}
    </Group>
  );
}

interface NewProps {
  entry: string;
  source: NewSource;
  errorOf: (field: string) => string | undefined;
  onChange: (source: NewSource) => void;
}

function NewSourceFields({ entry, source, errorOf, onChange }: NewProps) {
  const text = (name: 'title' | 'url' | 'publisher' | 'publishedOn', label: string, type: string, isOptional = true) => {
    const id = evidenceField(entry, name);
    return (
      <Field id={id} label={label} isOptional={isOptional} error={errorOf(id)}>
        {(control) => (
          <input
            {...control}
            type={type}
            value={source[name]}
            // The source is not done, let alone the form.
            onKeyDown={(event) => event.key === 'Enter' && !event.ctrlKey && !event.metaKey && event.preventDefault()}
            onChange={(event) => onChange({ ...source, [name]: event.target.value })}
          />
        )}
      </Field>
    );
  };
  const kind = evidenceField(entry, 'kind');
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
      {text('publisher', texts.source.publisher, 'text')}
      {text('publishedOn', texts.source.publishedOn, 'date')}
    </div>
  );
}
