import type { SourceNameFragment } from '../api/types.gen';
import { shortDay } from '../format/days';
import { texts } from '../texts';
import { OutsideLink } from './Link';
import styles from './SourceLink.module.css';

/** A source by its title, which leads to it, with who published it when, and what kind of source it is. */
export function SourceLink({ source }: { source: SourceNameFragment }) {
  const url = sourceAddress(source);
  return (
    <span className="wrap-anywhere">
      {url ? (
        <OutsideLink to={url}>{source.title}</OutsideLink>
      ) : (
        source.title
      )}{' '}
      <span className="muted">{sourceFacts(source)}</span>
    </span>
  );
}

/** Where it can be read: at its own address, or else as a copy. */
export function sourceAddress({ url, archivedUrl }: SourceNameFragment): string | undefined {
  return url ?? archivedUrl ?? undefined;
}

/** Such as `OSCE, 12 Feb 2015, official text`. */
export function sourceFacts({ publisher, publishedOn, kind }: SourceNameFragment): string {
  return [publisher, publishedOn && shortDay(publishedOn).replaceAll(' ', '\u00a0'), texts.sourceKind[kind].label.toLowerCase()]
    .filter(Boolean)
    .join(', ');
}

/** What something rests on; a word where that is nothing. */
export function Evidence({ sources }: { sources: readonly SourceNameFragment[] }) {
  if (sources.length === 0) return <p className="muted">{texts.source.none}</p>;
  return (
    <ul className={styles.list} aria-label={texts.source.evidence}>
      {sources.map((source) => (
        <li key={source.id}>
          <SourceLink source={source} />
        </li>
      ))}
    </ul>
  );
}
