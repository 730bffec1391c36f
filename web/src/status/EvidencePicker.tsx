import { useMemo, useState } from 'react';
import type { SourceNameFragment } from '../api/types.gen';
import { Group } from '../components/Form';
import { SourceLink } from '../components/SourceLink';
import { EMPTY_FINDER, type FinderInput } from '../form/finder';
import { Finder } from '../form/LazyFinder';
import { newKey } from '../form/key';
import { texts } from '../texts';
import styles from './Status.module.css';
import { NewSourceFields } from './NewSourceFields';
import { emptySource, type EvidenceDraft, evidenceField, FIELDS } from './update';

const SOURCES_ONLY = ['SOURCE'] as const;
const MAX_OFFERED = 3;

interface Props {
  /** The sources that are listed before anything is typed. */
  cited: readonly SourceNameFragment[];
  /** Sources that the user can add with one click. */
  offered: readonly SourceNameFragment[];
  onAdd: (source: SourceNameFragment) => void;
  evidence: readonly EvidenceDraft[];
  /** Whether the user stated that no source is available. */
  isWithout: boolean;
  errorOf: (field: string) => string | undefined;
  onChange: (evidence: readonly EvidenceDraft[]) => void;
  onWithout: (isWithout: boolean) => void;
}

/** The evidence of the status: recorded sources, which a search finds, and new sources. */
export function EvidencePicker({ cited, offered, onAdd, evidence, isWithout, errorOf, onChange, onWithout }: Props) {
  const remove = (key: string) => {
    onChange(evidence.filter((entry) => entry.key !== key));
    // The focused button is removed with its entry, so the control that adds sources gets the focus.
    document.getElementById(FIELDS.evidence)?.focus();
  };
  const replace = (key: string, replacement: EvidenceDraft) => {
    // The replacement may already be in the list.
    const others = evidence.filter((entry) => entry.key !== replacement.key || entry.key === key);
    onChange(others.map((other) => (other.key === key ? replacement : other)));
  };
  const [finder, setFinder] = useState<FinderInput>();
  const suggestions = useMemo(() => cited.map((source) => ({ ...source, __typename: 'Source' as const })), [cited]);
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
                    // The focused field is removed, so the control that adds sources gets the focus.
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
      {offered.length > 0 && !finder && (
        <div className={styles.offered}>
          <span className="muted">{texts.update.usedLast}</span>{' '}
          {offered.slice(0, MAX_OFFERED).map((source, index) => (
            <button key={source.id} type="button" aria-keyshortcuts={index === 0 ? 'e' : undefined} onClick={() => onAdd(source)}>
              {texts.update.addSource(source.title)}
              {index === 0 && (
                <kbd className={styles.key} aria-hidden="true">
                  e
                </kbd>
              )}
            </button>
          ))}
        </div>
      )}
      {finder ? (
        <Finder
          id={FIELDS.evidence}
          label={texts.update.findSource}
          placeholder={texts.update.findSourceHint}
          kinds={SOURCES_ONLY}
          suggestions={suggestions}
          chosen={evidence.map(({ key }) => key)}
          finder={finder}
          onFinder={setFinder}
          onChoose={(existing) => {
            if (existing.__typename === 'Source') onChange([...evidence, { key: existing.id, existing }]);
          }}
          onClose={() => {
            setFinder(undefined);
            requestAnimationFrame(() => document.getElementById(FIELDS.evidence)?.focus());
          }}
        />
      ) : (
        <button type="button" id={FIELDS.evidence} onClick={() => setFinder(EMPTY_FINDER)}>
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
