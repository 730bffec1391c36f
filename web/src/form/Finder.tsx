import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Input, Label, SearchField } from 'react-aria-components/SearchField';
import { useQuery } from '../api/query';
import { useDebounced } from '../components/debounce';
import { Failure } from '../components/Loaded';
import { texts } from '../texts';
import { FindRecordsDocument } from './Finder.gen';
import styles from './Finder.module.css';
import { type FinderProps, type Found, foundFacts, foundLabel } from './finder';

/** Maximum number of listed records. More words narrow the list. */
const MAX_OPTIONS = 8;
const DEBOUNCE_MS = 150;
/** Keys that move through the list. */
const LIST_KEYS = new Set(['ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

/**
 * Finds records by the words that the user types. Without words it lists the suggestions. The arrow keys move through the list.
 * Enter chooses the current record, or else the first.
 */
export default function Finder(props: FinderProps) {
  const { id, label, placeholder, kinds, suggestions, chosen, finder, onFinder, onChoose, onClose } = props;
  const { typed, choosesFirst: isTaking } = finder;
  // During rendering, the placeholder that this field replaces is still in the document. This field takes the focus only if
  // the placeholder had it.
  const [takesFocus] = useState(() => document.activeElement?.id === id);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (takesFocus) input.current?.setSelectionRange(input.current.value.length, input.current.value.length);
  }, [takesFocus]);
  const words = useDebounced(typed.trim(), DEBOUNCE_MS);
  /** Whether the user moved through the list since the last input. */
  const hasMoved = useRef(false);
  const [{ data, error, fetching }, refetch] = useQuery({
    query: FindRecordsDocument,
    // Some of the results may already be chosen.
    variables: { words, kinds: [...kinds], first: MAX_OPTIONS + chosen.length },
    pause: !words,
  });
  const all = words ? (data?.search?.nodes.map(({ item }) => item) ?? []) : suggestions;
  const available = all.filter(({ id }) => !chosen.includes(id));
  const options = available.slice(0, MAX_OPTIONS);
  const count = words ? (data?.search?.totalCount ?? 0) - (all.length - available.length) : available.length;
  const setTyped = (text: string) => {
    onFinder({ typed: text, choosesFirst: false });
    hasMoved.current = false;
  };
  const choose = (found: Found) => {
    onChoose(found);
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
          id={id}
          autoFocus={takesFocus}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && typed === '') onClose();
            // If no option is current, Enter would send the form.
            if (event.key === 'Enter') event.preventDefault();
            event.continuePropagation();
          }}
        >
          <Label>{label}</Label>
          <Input ref={input} placeholder={placeholder} className={styles.input} />
        </SearchField>
        <ListBox<Found>
          aria-label={texts.finder.results}
          items={options}
          className={styles.list}
          onAction={(id) => {
            const found = all.find((candidate) => candidate.id === id);
            if (found) choose(found);
          }}
          renderEmptyState={() => <span className="muted">{fetching ? texts.states.loading : texts.finder.none}</span>}
        >
          {(found) => (
            <ListBoxItem id={found.id} textValue={foundLabel(found)} className={styles.option}>
              {foundLabel(found)} <span className="muted">{foundFacts(found)}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
      {error && <Failure error={error} retry={refetch} />}
      <span className="muted">{texts.states.showing(options.length, count)}</span>{' '}
      <button type="button" className="quiet" onClick={onClose}>
        {texts.finder.close}
      </button>
    </div>
  );
}
