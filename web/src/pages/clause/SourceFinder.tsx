import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Input, Label, SearchField } from 'react-aria-components/SearchField';
import { useQuery } from '../../api/query';
import type { SourceNameFragment } from '../../api/types.gen';
import { useDebounced } from '../../components/debounce';
import { Failure } from '../../components/Loaded';
import { sourceFacts } from '../../components/SourceLink';
import { texts } from '../../texts';
import { FindSourcesDocument } from './Clause.gen';
import styles from './Clause.module.css';
import type { FinderProps } from './finder';
import { citedSources } from './sources';
import { FIELDS } from './update';

/** Maximum number of listed sources. More words narrow the list. */
const MAX_OPTIONS = 8;
const DEBOUNCE_MS = 150;
/** Keys that move through the list. */
const LIST_KEYS = new Set(['ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

/**
 * Finds recorded sources by their words. Without words it lists the sources that the clause's records cite. The arrow keys
 * move through the list. Enter chooses the current source, or else the first.
 */
export default function SourceFinder({ sources, chosen, finder, onFinder, onChoose, onClose }: FinderProps) {
  const { typed, choosesFirst: isTaking } = finder;
  // While rendering, the loading field that this replaces is still there. The focus moves only if that field had it.
  const [takesFocus] = useState(() => document.activeElement?.id === FIELDS.evidence);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (takesFocus) input.current?.setSelectionRange(input.current.value.length, input.current.value.length);
  }, [takesFocus]);
  const words = useDebounced(typed.trim(), DEBOUNCE_MS);
  const cited = useMemo(() => (sources ? citedSources(sources) : []), [sources]);
  /** Whether the user moved through the list since the last input. */
  const hasMoved = useRef(false);
  const [{ data, error, fetching }, refetch] = useQuery({
    query: FindSourcesDocument,
    // Some of the results may be chosen already.
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
    // Fast users press Enter before the results arrive.
    if (!isTaking || !isUpToDate) return;
    if (words && !error && options[0]) choose(options[0]);
    else onFinder({ typed, choosesFirst: false });
  });
  const onKey = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLInputElement) || event.nativeEvent.isComposing) return;
    if (LIST_KEYS.has(event.key)) hasMoved.current = true;
    if (event.key !== 'Enter' || hasMoved.current) return;
    // Neither the list, which may show results of earlier words, nor the form may handle this key.
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
            // If no option is current, Enter would send the form.
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
      {error && <Failure error={error} retry={refetch} />}
      <span className="muted">{texts.states.showing(options.length, count)}</span>{' '}
      <button type="button" className="quiet" onClick={onClose}>
        {texts.update.closeSources}
      </button>
    </div>
  );
}
