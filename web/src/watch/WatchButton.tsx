import { useEffect } from 'react';
import { useLive } from '../api/live';
import type { ChangeFilter } from '../api/types.gen';
import { useParameters } from '../app/view';
import { Link } from '../components/Link';
import { texts } from '../texts';
import { useAccount } from './news';
import { MAX_WATCHES, unwatch, useWatches, watch } from './storage';

interface Props {
  /** The address of the page, with the parameters of its filter. */
  to: string;
  title: string;
  /** The changes that count as news of the page. */
  filter: ChangeFilter;
  /** An explanation of the changes that count as news. */
  hint?: string;
  /** Whether the button is on the watched page, where the user sees its news. False for a button in a list of pages. */
  isHere?: boolean;
}

/** A button that watches a page or a filter, or stops watching it. While the watched page is shown, its new changes are marked as seen. */
export function WatchButton({ to, title, filter, hint = texts.watch.hint, isHere = true }: Props) {
  const account = useAccount();
  const watches = useWatches(account);
  const { end } = useLive();
  const watched = watches.find((watch) => watch.to === to);
  const isUnread = isHere && watched !== undefined && end !== undefined && watched.seen !== end;
  useEffect(() => {
    if (isUnread && end !== undefined) watch(account, { to, title, filter, seen: end });
  });
  const isFull = !watched && watches.length >= MAX_WATCHES;
  return (
    <>
      <button
        type="button"
        className="quiet no-print"
        aria-pressed={watched !== undefined}
        aria-label={isHere ? undefined : texts.watch.named(title)}
        title={hint}
        disabled={end === undefined || isFull}
        onClick={() => (watched ? unwatch(account, to) : watch(account, { to, title, filter, seen: end ?? null }))}
      >
        {watched ? texts.watch.watching : texts.watch.watch}
      </button>
      {/* Users of a keyboard or a touch screen cannot read the title of a disabled button. */}
      {isFull && <span className="hint">{texts.watch.full(MAX_WATCHES)}</span>}
    </>
  );
}

/** For the toolbar of a record's page: the button, and a link to the record's changes. */
export function WatchRecord({ id, to, title }: { id: string; to: string; title: string }) {
  return (
    <>
      <WatchButton to={to} title={title} filter={{ about: [id] }} />
      <Link to={`/changes?about=${id}`}>{texts.watch.changes}</Link>
    </>
  );
}

interface ListProps {
  path: string;
  /** The names of the filters in the address. */
  names: readonly string[];
  /** The name of the list, followed by the values of its filters. */
  title: string;
  values?: readonly string[];
  filter: ChangeFilter;
  /** An explanation of the changes that count as news of the list. */
  hint: string;
}

/** The button of a list with filters. Each combination of filters is a separate watch. */
export function WatchList({ path, names, title, values = [], filter, hint }: ListProps) {
  const [parameters] = useParameters();
  const kept = new URLSearchParams([...names, 'heldBy'].flatMap((name) => parameters.getAll(name).map((value) => [name, value])));
  const to = kept.size > 0 ? `${path}?${kept}` : path;
  return (
    <p className="toolbar no-print">
      <WatchButton key={to} to={to} title={texts.watch.filtered(title, values.join(', '))} filter={filter} hint={hint} />
    </p>
  );
}
