import type { CitationLineFragment, SourceNameFragment } from '../api/types.gen';
import { shortDay } from '../format/days';
import { languageName } from '../format/names';
import { texts } from '../texts';
import { OutsideLink } from './Link';
import styles from './SourceLink.module.css';

interface Props {
  source: SourceNameFragment;
  /** The place in the source. */
  locator?: string | null;
}

/** The title of a source, with a link to it, the cited place, and its publisher, date, kind and language. */
export function SourceLink({ source, locator }: Props) {
  const url = sourceAddress(source);
  return (
    <span className="wrap-anywhere">
      {url ? (
        <OutsideLink to={url}>{source.title}</OutsideLink>
      ) : (
        source.title
      )}
      {locator && `, ${locator}`} <span className="muted">{sourceFacts(source)}</span>
    </span>
  );
}

/** The URL of the source, or else of its archived copy. */
function sourceAddress({ url, archivedUrl }: SourceNameFragment): string | undefined {
  return url ?? archivedUrl ?? undefined;
}

/** Such as `OSCE, 12 Feb 2015, official text, Ukrainian`. */
export function sourceFacts({ publisher, publishedOn, kind, language }: SourceNameFragment): string {
  const day = publishedOn && shortDay(publishedOn).replaceAll(' ', '\u00a0');
  return [publisher, day, texts.sourceKind[kind].label.toLowerCase(), language && languageName(language)]
    .filter(Boolean)
    .join(', ');
}

/** A list of cited sources, each with the cited place, or a text if there are no sources. */
export function Evidence({ citations }: { citations: readonly CitationLineFragment[] }) {
  if (citations.length === 0) return <p className="muted">{texts.source.none}</p>;
  return (
    <ul className={styles.list} aria-label={texts.source.evidence}>
      {citations.map((citation) => (
        <li key={citation.source.id}>
          <CitedSource citation={citation} />
        </li>
      ))}
    </ul>
  );
}

/** A source with the cited place, the quotation, and the day on which it was read. */
export function CitedSource({ citation: { source, locator, quotation, accessedOn } }: { citation: CitationLineFragment }) {
  return (
    <>
      <SourceLink source={source} locator={locator} />
      {quotation && (
        <>
          {': '}
          <q className="wrap-anywhere">{quotation}</q>
        </>
      )}
      {accessedOn && <span className="muted"> {texts.source.accessed(shortDay(accessedOn))}</span>}
    </>
  );
}
