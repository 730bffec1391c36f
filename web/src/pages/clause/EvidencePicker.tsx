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

// The list is a large part of the form's code: it is loaded when it is wanted.
const SourceFinder = lazy(() => import('./SourceFinder'), FinderField);

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
    onChange(evidence.filter((entry) => entry.key !== key));
    // Its button goes with it.
    document.getElementById(FIELDS.evidence)?.focus();
  };
  const replace = (key: string, replacement: EvidenceDraft) => {
    // A source that is chosen already is not chosen twice.
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
                    // Its fields go with it.
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

/** The field of the finder until the list is loaded: what is typed meanwhile is handed on to the list. */
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
          // The key takes a source; it does not send the form.
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
