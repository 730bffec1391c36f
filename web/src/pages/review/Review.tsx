import { useRef, useState } from 'react';
import { useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import type { SubmissionEntryFragment, SubmissionFilter } from '../../api/types.gen';
import { Page } from '../../app/Page';
import { areEnabled, useShortcut, useShortcuts } from '../../app/shortcuts';
import { useParameters } from '../../app/view';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { texts } from '../../texts';
import { EditorOnly } from '../record/EditorOnly';
import { Entry, type Verb } from './Entry';
import { SubmissionsDocument } from './Review.gen';
import styles from './Review.module.css';

const PAGE_SIZE = 20;
const MAX_SIZE = 200;

type Choice = keyof typeof texts.review.choice;
const CHOICES: readonly Choice[] = ['OPEN', 'MINE', 'ENDED'];

const EMPTY: Record<Choice, string> = { OPEN: texts.review.empty, MINE: texts.review.emptyMine, ENDED: texts.review.emptyEnded };

function filterOf(choice: Choice, me: string): SubmissionFilter {
  switch (choice) {
    case 'OPEN':
      return { state: ['OPEN'], notSubmittedBy: me };
    case 'MINE':
      return { state: ['OPEN'], submittedBy: me };
    case 'ENDED':
      return { state: ['PUBLISHED', 'DECLINED', 'WITHDRAWN'] };
  }
}

/** The submissions that wait for review, and the ended submissions. */
export default function ReviewPage() {
  const viewer = useViewer();
  return (
    <Page title={texts.review.title}>
      <EditorOnly>
        <p className="muted">{viewer?.reviewRequired ? texts.review.about : texts.review.off}</p>
        <Queue me={viewer?.name ?? ''} />
      </EditorOnly>
    </Page>
  );
}

/** The keys of the page in one line. */
function Keys() {
  const { select, publish, decline } = texts.review.keys;
  return (
    <p className={styles.keys}>
      <span>
        <kbd>j</kbd> <kbd>k</kbd> {select}
      </span>
      <span>
        <kbd>p</kbd> {publish}
      </span>
      <span>
        <kbd>d</kbd> {decline}
      </span>
    </p>
  );
}

/** Whether a part of an entry is in the window. */
function isInView(entry: HTMLElement): boolean {
  const { top, bottom } = entry.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

function Queue({ me }: { me: string }) {
  const [parameters] = useParameters();
  const choice = CHOICES.find((known) => known === parameters.get('show')) ?? 'OPEN';
  const [size, setSize] = useState(PAGE_SIZE);
  const [done, setDone] = useState<readonly { id: string; text: string }[]>([]);
  const section = useRef<HTMLDivElement>(null);
  // Open submissions: oldest first. Ended submissions: most recently submitted first.
  const page = choice === 'ENDED' ? { last: size } : { first: size };
  const [result, refetch] = useQuery({ query: SubmissionsDocument, variables: { ...page, filter: filterOf(choice, me), me } });
  const counts: Partial<Record<Choice, number>> = { OPEN: result.data?.open?.totalCount, MINE: result.data?.mine?.totalCount };

  const entries = () => [...(section.current?.querySelectorAll<HTMLElement>('[data-submission]') ?? [])];
  // The entry that had the focus last. At first, the first entry of the list. If another editor ends the selected entry, none is selected.
  const [focused, setFocused] = useState<string>();
  const first = useRef<Partial<Record<Choice, string>>>({});
  const selected = () => section.current?.querySelector<HTMLElement>('[data-submission][aria-current]');
  const move = (step: number) => {
    const all = entries();
    const index = all.findIndex((entry) => entry.contains(document.activeElement) || entry.hasAttribute('aria-current'));
    all[index < 0 ? 0 : Math.min(all.length - 1, Math.max(0, index + step))]?.focus();
  };
  const press = (verb: Verb) => {
    const entry = selected();
    // If the selected entry is out of view, the key only shows it, because the user may not know that it is selected.
    if (entry && !isInView(entry)) entry.focus();
    else entry?.querySelector<HTMLButtonElement>(`button[data-verb=${verb}]`)?.click();
  };
  useShortcut('p', () => press('PUBLISH'));
  useShortcut('d', () => press('DECLINE'));
  useShortcuts([
    { key: 'j', label: texts.review.next, run: () => move(1) },
    { key: 'k', label: texts.review.previous, run: () => move(-1) },
  ]);

  function onDone({ id, subject }: SubmissionEntryFragment, verb: Verb) {
    // The entry will disappear, so the next entry gets the focus.
    const all = entries();
    const index = all.findIndex((entry) => entry.dataset.submission === id);
    (all[index + 1] ?? all[index - 1] ?? section.current)?.focus();
    setDone((before) => [{ id, text: texts.review.done[verb](subject.reference) }, ...before]);
  }

  return (
    <div ref={section} className={styles.queue} tabIndex={-1}>
      <div className={`${styles.head} no-print`}>
        <nav className={styles.tabs} aria-label={texts.review.show}>
          {CHOICES.map((value) => (
            <Link key={value} to={value === 'OPEN' ? '/review' : `/review?show=${value}`} aria-current={value === choice ? 'page' : undefined}>
              {texts.review.choice[value]} {counts[value] !== undefined && <span className={styles.count}>{counts[value]}</span>}
            </Link>
          ))}
        </nav>
        {choice === 'OPEN' && areEnabled() && <Keys />}
      </div>
      <ul className={styles.done} aria-live="polite">
        {done.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ul>
      <Loaded result={result} retry={refetch}>
        {({ submissions }) => {
          const ended = new Set(done.map(({ id }) => id));
          const nodes = submissions?.nodes ?? [];
          const rows = choice === 'ENDED' ? nodes.toReversed() : nodes.filter(({ id }) => !ended.has(id));
          first.current[choice] ??= rows[0]?.id;
          const selectedId = choice === 'OPEN' && areEnabled() ? (focused ?? first.current[choice]) : undefined;
          if (rows.length === 0) return <Empty>{EMPTY[choice]}</Empty>;
          return (
            <>
              {choice === 'ENDED' && <p className="muted">{texts.review.count(submissions?.totalCount ?? rows.length)}</p>}
              {rows.map((submission) => (
                <Entry
                  key={submission.id}
                  submission={submission}
                  me={me}
                  isSelected={submission.id === selectedId}
                  onFocus={() => setFocused(submission.id)}
                  onDone={(verb) => onDone(submission, verb)}
                />
              ))}
              {nodes.length < (submissions?.totalCount ?? 0) && size < MAX_SIZE && (
                <button type="button" onClick={() => setSize(Math.min(MAX_SIZE, size * 3))}>
                  {texts.review.more}
                </button>
              )}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
