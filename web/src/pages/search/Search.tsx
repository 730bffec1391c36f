import { Fragment, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useQuery } from '../../api/query';
import type { SearchKind } from '../../api/schema.gen';
import type { SearchHitFragment, SearchQuery } from '../../api/types.gen';
import { wholeList } from '../../api/wholeList';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters } from '../../app/view';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { useTyped } from '../../components/debounce';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { sourceFacts } from '../../components/SourceLink';
import { CsvButton } from '../../components/Table';
import { texts } from '../../texts';
import { RESULT_COLUMNS, targetOf, titleOf } from './columns';
import { piecesOf } from './pieces';
import styles from './Search.module.css';
import { SearchDocument, SearchRowsDocument } from './Search.gen';

type Result = NonNullable<SearchQuery['search']>['nodes'][number];

const DEBOUNCE_MS = 150;
const INITIAL_ROWS = 30;
const MAX_ROWS = 200;
const KINDS = Object.keys(texts.search.kindNames) as SearchKind[];

/** Searches while the user types. Words and kinds are parameters of the address. */
export default function Search(_: PageProps) {
  const [parameters, set] = useParameters();
  const words = parameters.get('q')?.trim() ?? '';
  const kinds = KINDS.filter((kind) => parameters.getAll('kind').includes(kind));
  const list = useRef<HTMLOListElement>(null);
  const move = useArrowKeys(list);
  return (
    <Page title={words ? texts.search.titleFor(words) : texts.search.title}>
      <search onKeyDown={move}>
        <div className={styles.form}>
          <Words words={words} onChange={(q) => set({ q }, { replace: true })} />
          <p id="search-hint" className={`hint ${styles.hint}`}>
            {texts.search.hint} {texts.search.shortcut}
          </p>
          <fieldset>
            <legend>{texts.search.kinds}</legend>
            {KINDS.map((kind) => (
              <label key={kind}>
                <input
                  type="checkbox"
                  checked={kinds.includes(kind)}
                  onChange={(event) =>
                    set({ kind: event.target.checked ? [...kinds, kind] : kinds.filter((other) => other !== kind) }, { replace: true })
                  }
                />{' '}
                {texts.search.kindNames[kind]}
              </label>
            ))}
          </fieldset>
        </div>
        {words ? <Results words={words} kinds={kinds} list={list} /> : <Empty>{texts.search.start}</Empty>}
      </search>
      {words && <Citation subject={texts.search.titleFor(words)} />}
    </Page>
  );
}

/** The search field. Updates the address when typing pauses. */
function Words({ words, onChange }: { words: string; onChange: (words: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useTyped(words, DEBOUNCE_MS, onChange);
  useEffect(() => {
    // Waits until the page has focused its heading.
    const frame = requestAnimationFrame(() => input.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <label className={styles.words}>
      {texts.search.words}
      <input
        ref={input}
        type="search"
        name="q"
        autoComplete="off"
        maxLength={200}
        aria-describedby="search-hint"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}

interface ResultsProps {
  words: string;
  kinds: readonly SearchKind[];
  list: React.RefObject<HTMLOListElement | null>;
}

function Results({ words, kinds, list }: ResultsProps) {
  const [more, setMore] = useState({ words, first: INITIAL_ROWS });
  const first = more.words === words ? more.first : INITIAL_ROWS;
  const variables = { words, kinds: kinds.length ? [...kinds] : undefined, first };
  const [result, refetch] = useQuery({ query: SearchDocument, variables });
  // Earlier results stay visible while loading, with the words for which they were found.
  const [shown, setShown] = useState({ data: result.data, words });
  if (result.data !== shown.data) setShown({ data: result.data, words: result.operation?.variables.words ?? words });
  const loadRows = (signal: AbortSignal) => {
    const list = { document: SearchRowsDocument, variables: { words, kinds: variables.kinds } };
    return wholeList({ ...list, read: ({ search }) => search, idOf: ({ item }) => item.id }, signal);
  };
  return (
    <Loaded result={result} retry={refetch}>
      {({ search }) => {
        const { nodes, totalCount, suggestions } = search ?? { nodes: [], totalCount: 0, suggestions: [] };
        return (
          <section aria-label={texts.search.results}>
            <p role="status" className={styles.count}>
              {nodes.length ? texts.search.summary(totalCount, shown.words) : texts.search.nothing(shown.words)}
            </p>
            {nodes.length === 0 && <p className="muted">{texts.search.nothingHint}</p>}
            {nodes.length === 0 && suggestions.length > 0 && <Suggestions words={suggestions} />}
            <ol ref={list} className={styles.list}>
              {nodes.map((hit) => (
                <li key={hit.item.id}>
                  <Hit {...hit} />
                </li>
              ))}
            </ol>
            {nodes.length > 0 && (
              <p className="actions">
                <span className="muted">{texts.states.showing(nodes.length, totalCount)}</span>
                {nodes.length < totalCount && first < MAX_ROWS && (
                  <button type="button" onClick={() => setMore({ words, first: Math.min(MAX_ROWS, first * 3) })}>
                    {texts.states.more}
                  </button>
                )}
                <CsvButton columns={RESULT_COLUMNS} rows={loadRows} file={['search', words, ...kinds]} />
              </p>
            )}
          </section>
        );
      }}
    </Loaded>
  );
}

/** Similar words that occur in records, each with a link to search for it. */
function Suggestions({ words }: { words: readonly string[] }) {
  return (
    <p>
      {texts.search.suggestions}{' '}
      {words.map((word, index) => (
        <Fragment key={word}>
          {index > 0 && ', '}
          <Link to={`/search?q=${encodeURIComponent(word)}`}>{word}</Link>
        </Fragment>
      ))}
    </p>
  );
}

function Hit({ item, excerpt }: Result) {
  const { prefix, name } = titleOf(item);
  const highlighted = piecesOf(excerpt.text, excerpt.matches).map(({ text, isMatch }, index) =>
    isMatch ? <mark key={index}>{text}</mark> : text,
  );
  // An excerpt that is equal to the title is not repeated.
  const isTitle = excerpt.text === name;
  return (
    <>
      <p className={styles.title}>
        <Target item={item}>
          {prefix}
          {isTitle ? highlighted : name}
        </Target>{' '}
        <span className="muted">
          {texts.search.itemKinds[item.__typename]}
          <Details item={item} />
        </span>
      </p>
      {!isTitle && <p className={styles.excerpt}>{highlighted}</p>}
    </>
  );
}

function Target({ item, children }: { item: SearchHitFragment; children: ReactNode }) {
  return <Link to={targetOf(item)}>{children}</Link>;
}

function Details({ item }: { item: SearchHitFragment }) {
  switch (item.__typename) {
    case 'Agreement':
      return <> · {item.title}</>;
    case 'Caveat':
      return <> · {item.proposal.title}</>;
    case 'Party':
      return <> · {item.name}</>;
    case 'Proposal':
      return (
        <>
          {' '}
          · <DayText day={item.madeOn} />
        </>
      );
    case 'Event':
      return (
        <>
          {' '}
          · <DayText day={item.date} />
        </>
      );
    case 'Source':
      return <> · {sourceFacts(item)}</>;
    case 'Clause':
      return null;
  }
}

/** Arrow keys move between the search field and the results. Escape returns to the field. */
function useArrowKeys(list: React.RefObject<HTMLOListElement | null>) {
  return (event: KeyboardEvent<HTMLElement>) => {
    const input = event.currentTarget.querySelector('input');
    const links = [...(list.current?.querySelectorAll('a') ?? [])];
    const index = links.findIndex((link) => link === document.activeElement);
    if (index < 0 && document.activeElement !== input) return;
    const steps: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1 };
    if (event.key === 'Escape' && index >= 0) {
      input?.focus();
      return;
    }
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (next < 0) input?.focus();
    else links[next]?.focus();
  };
}
