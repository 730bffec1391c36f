import { useMemo, useState } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Input, Label, SearchField } from 'react-aria-components/SearchField';
import type { SourceNameFragment, UpdateSourcesQuery } from '../../api/types.gen';
import { sourceFacts } from '../../components/SourceLink';
import { texts } from '../../texts';
import styles from './Clause.module.css';
import { matching, sourcesOf } from './sources';
import { type EvidenceDraft, FIELDS } from './update';

/** As many as are read at a glance; more words bring up the others. */
const SHOWN = 8;

interface Props {
  sources: UpdateSourcesQuery | undefined;
  chosen: readonly EvidenceDraft[];
  onChoose: (source: SourceNameFragment) => void;
  onClose: () => void;
}

/** The sources that are known, found by their words. The arrow keys go through the list, Enter takes one. */
export default function KnownSources({ sources, chosen, onChoose, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const all = useMemo(() => (sources ? sourcesOf(sources) : []), [sources]);
  const keys = new Set(chosen.map(({ key }) => key));
  const fitting = matching(all, typed).filter(({ id }) => !keys.has(id));
  const found = fitting.slice(0, SHOWN);
  return (
    <div className={styles.finder}>
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        <SearchField
          id={FIELDS.evidence}
          autoFocus
          onKeyDown={(event) => {
            if (event.key === 'Escape' && typed === '') onClose();
            // Without a choice in the list it would send the whole form.
            if (event.key === 'Enter') event.preventDefault();
            event.continuePropagation();
          }}
        >
          <Label>{texts.update.findSource}</Label>
          <Input placeholder={texts.update.findSourceHint} className={styles.finderInput} />
        </SearchField>
        <ListBox<SourceNameFragment>
          aria-label={texts.update.showSources}
          items={found}
          className={styles.finderList}
          onAction={(id) => {
            const source = all.find((it) => it.id === id);
            if (!source) return;
            onChoose(source);
            setTyped('');
          }}
          renderEmptyState={() => <span className="muted">{texts.update.noSource}</span>}
        >
          {(source) => (
            <ListBoxItem id={source.id} textValue={source.title} className={styles.option}>
              {source.title} <span className="muted">{sourceFacts(source)}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
      <span className="muted">{texts.states.showing(found.length, fitting.length)}</span>{' '}
      <button type="button" className="quiet" onClick={onClose}>
        {texts.update.closeSources}
      </button>
    </div>
  );
}
