import { useState } from 'react';
import type { UpdateSourcesQuery } from '../../api/types.gen';
import { Group } from '../../components/Form';
import { lazy } from '../../components/lazy';
import { SourceLink } from '../../components/SourceLink';
import { texts } from '../../texts';
import styles from './Clause.module.css';
import type { FinderInput, FinderProps } from './finder';
import { NewSourceFields } from './NewSourceFields';
import { emptySource, type EvidenceDraft, evidenceField, FIELDS, newKey } from './update';

// The list has a large part of the form's code, so it is loaded on demand.
const SourceFinder = lazy(() => import('./SourceFinder'), FinderField);

interface Props {
  sources: UpdateSourcesQuery | undefined;
  evidence: readonly EvidenceDraft[];
  /** Whether the user stated that no source is available. */
  isWithout: boolean;
  errorOf: (field: string) => string | undefined;
  onChange: (evidence: readonly EvidenceDraft[]) => void;
  onWithout: (isWithout: boolean) => void;
}

/** The evidence of the status: recorded sources, which can be searched, and new ones. */
export function EvidencePicker({ sources, evidence, isWithout, errorOf, onChange, onWithout }: Props) {
  const remove = (key: string) => {
    onChange(evidence.filter((entry) => entry.key !== key));
    // The focused button is removed with its entry.
    document.getElementById(FIELDS.evidence)?.focus();
  };
  const replace = (key: string, replacement: EvidenceDraft) => {
    // The replacement may be in the list already.
    const others = evidence.filter((entry) => entry.key !== replacement.key || entry.key === key);
    onChange(others.map((other) => (other.key === key ? replacement : other)));
  };
  const [finder, setFinder] = useState<FinderInput>();
  return (
    <Group
      id={FIELDS.evidence}
      legend={texts.source.evidence}
      hint={texts.update.evidenceHint}
      error={errorOf(FIELDS.evidence)}
    >
      {evidence.length > 0 && (
        <ul className={styles.list}>
          {evidence.map((entry) => (
            <li key={entry.key}>
              {'existing' in entry ? (
                <SourceLink source={entry.existing} />
              ) : (
                <NewSourceFields
                  entry={entry.key}
                  source={entry.newSource}
                  errorOf={errorOf}
                  onChange={(newSource) => replace(entry.key, { key: entry.key, newSource })}
                  onExisting={(existing) => {
                    replace(entry.key, { key: existing.id, existing });
                    // The focused field is removed.
                    document.getElementById(FIELDS.evidence)?.focus();
                  }}
                />
              )}{' '}
              <button
                type="button"
                className="quiet"
                aria-label={texts.update.removeSource('existing' in entry ? entry.existing.title : entry.newSource.title)}
                onClick={() => remove(entry.key)}
              >
                {texts.update.remove}
              </button>
            </li>
          ))}
        </ul>
      )}
      {finder ? (
        <SourceFinder
          sources={sources}
          chosen={evidence}
          finder={finder}
          onFinder={setFinder}
          onChoose={(existing) => onChange([...evidence, { key: existing.id, existing }])}
          onClose={() => {
            setFinder(undefined);
            requestAnimationFrame(() => document.getElementById(FIELDS.evidence)?.focus());
          }}
        />
      ) : (
        <button type="button" id={FIELDS.evidence} onClick={() => setFinder({ typed: '', choosesFirst: false })}>
          {texts.update.findSource}
        </button>
      )}{' '}
      <button
        type="button"
        onClick={() => {
          const key = newKey();
          onChange([...evidence, { key, newSource: emptySource }]);
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

/** The search field while the list is loading. The list takes over its text. */
function FinderField({ finder, onFinder, onClose }: FinderProps) {
  return (
    <div className={styles.finder}>
      <label htmlFor={FIELDS.evidence}>{texts.update.findSource}</label>
      <input
        id={FIELDS.evidence}
        type="search"
        autoFocus
        className={styles.finderInput}
        placeholder={texts.update.findSourceHint}
        value={finder.typed}
        onChange={(event) => onFinder({ typed: event.target.value, choosesFirst: false })}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && finder.typed === '') onClose();
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          // Enter chooses a source. It must not send the form.
          event.preventDefault();
          onFinder({ ...finder, choosesFirst: true });
        }}
      />
      <span role="status" className="muted">
        {texts.states.loading}
      </span>
    </div>
  );
}
