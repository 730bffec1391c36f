import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Input, Label, SearchField } from 'react-aria-components/SearchField';
import { useQuery } from '../../api/query';
import type { SourceNameFragment } from '../../api/types.gen';
import { Failure } from '../../components/Loaded';
import { useDebounced } from '../../components/debounce';
import { sourceFacts } from '../../components/SourceLink';
import { texts } from '../../texts';
import { FindSourcesDocument } from './Clause.gen';
import styles from './Clause.module.css';
import type { FinderProps } from './finder';
import { citedSources } from './sources';
import { FIELDS } from './update';

/** As many as are read at a glance; more words bring up the others. */
const MAX_OPTIONS = 8;
const DEBOUNCE_MS = 150;
/** The keys that lead through the list. */
const LIST_KEYS = new Set(['ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

/** The sources that are known: those that the clause's records cite, and any other by its words. The arrow keys go through the list; Enter takes the one that they led to, or else the first that has the words. */
export default function SourceFinder({ sources, chosen, finder, onFinder, onChoose, onClose }: FinderProps) {
  const { typed, choosesFirst: isTaking } = finder;
  // The field that this takes the place of is still there: the focus goes on to the new one only from there.
  const [takesFocus] = useState(() => document.activeElement?.id === FIELDS.evidence);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (takesFocus) input.current?.setSelectionRange(input.current.value.length, input.current.value.length);
  }, [takesFocus]);
  const words = useDebounced(typed.trim(), DEBOUNCE_MS);
  const cited = useMemo(() => (sources ? citedSources(sources) : []), [sources]);
  /** Whether a line was gone to since something was typed. */
  const hasMoved = useRef(false);
  const [{ data, error, fetching }, ask] = useQuery({
    query: FindSourcesDocument,
    // Some of those that are found may be chosen already.
    variables: { words, first: MAX_OPTIONS + chosen.length },
    pause: !words,
  });
  const all = words ? (data?.search?.nodes.flatMap(({ item }) => (item.__typename === 'Source' ? [item] : [])) ?? []) : cited;
  const keys = new Set(chosen.map(({ key }) => key));
  const available = all.filter(({ id }) => !keys.has(id));
  const options = available.slice(0, MAX_OPTIONS);
  const count = words ? (data?.search?.totalCount ?? 0) - (all.length - available.length) : available.length;
  const setTyped = (text: string) => {
    onFinder({ typed: text, choosesFirst: false });
    hasMoved.current = false;
  };
  const choose = (source: SourceNameFragment) => {
    onChoose(source);
    setTyped('');
  };
  const isUpToDate = words === typed.trim() && !fetching;
  useEffect(() => {
    // Who types fast presses Enter before the answer is there.
    if (!isTaking || !isUpToDate) return;
    if (words && !error && options[0]) choose(options[0]);
    else onFinder({ typed, choosesFirst: false });
  });
  const onKey = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLInputElement) || event.nativeEvent.isComposing) return;
    if (LIST_KEYS.has(event.key)) hasMoved.current = true;
    if (event.key !== 'Enter' || hasMoved.current) return;
    // Neither to the list, whose line may be one of what was typed before, nor to the form, which would be sent.
    event.preventDefault();
    event.stopPropagation();
    onFinder({ typed, choosesFirst: true });
  };
  return (
    <div className={styles.finder} onKeyDownCapture={onKey}>
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        <SearchField
          id={FIELDS.evidence}
          autoFocus={takesFocus}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && typed === '') onClose();
            // Without a choice in the list it would send the whole form.
            if (event.key === 'Enter') event.preventDefault();
            event.continuePropagation();
          }}
        >
          <Label>{texts.update.findSource}</Label>
          <Input ref={input} placeholder={texts.update.findSourceHint} className={styles.finderInput} />
        </SearchField>
        <ListBox<SourceNameFragment>
          aria-label={texts.update.showSources}
          items={options}
          className={styles.finderList}
          onAction={(id) => {
            const source = all.find((candidate) => candidate.id === id);
            if (source) choose(source);
          }}
          renderEmptyState={() => <span className="muted">{fetching ? texts.states.loading : texts.update.noSource}</span>}
        >
          {(source) => (
            <ListBoxItem id={source.id} textValue={source.title} className={styles.option}>
              {source.title} <span className="muted">{sourceFacts(source)}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
      {error && <Failure error={error} retry={ask} />}
      <span className="muted">{texts.states.showing(options.length, count)}</span>{' '}
      <button type="button" className="quiet" onClick={onClose}>
        {texts.update.closeSources}
      </button>
    </div>
  );
}
