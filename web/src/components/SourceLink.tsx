import type { SourceNameFragment } from '../api/types.gen';
import { shortDay } from '../format/days';
import { texts } from '../texts';
import { OutsideLink } from './Link';
import styles from './SourceLink.module.css';

/** The title of a source, with a link to it, its publisher, date and kind. */
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

/** The URL of the source, or else of its archived copy. */
export function sourceAddress({ url, archivedUrl }: SourceNameFragment): string | undefined {
  return url ?? archivedUrl ?? undefined;
}

/** Such as `OSCE, 12 Feb 2015, official text`. */
export function sourceFacts({ publisher, publishedOn, kind }: SourceNameFragment): string {
  return [publisher, publishedOn && shortDay(publishedOn).replaceAll(' ', '\u00a0'), texts.sourceKind[kind].label.toLowerCase()]
    .filter(Boolean)
    .join(', ');
}

/** A list of sources, or a text if there are none. */
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
