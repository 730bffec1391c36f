import { useQuery } from 'urql';
import { listed } from '../../format/words';
import { texts } from '../../texts';
import { useChoice } from './choice';
import { SequenceReadersDocument } from './Sequence.gen';
import styles from './Sequence.module.css';

function useReaders(slug: string) {
  const [{ data, fetching }] = useQuery({ query: SequenceReadersDocument, variables: { slug } });
  return { readers: data?.agreement?.sequence.readings ?? [], isKnown: data !== undefined || !fetching };
}

/** Whether it is known whose readings there are, so that what is below them has its place. */
export const useReadersKnown = (slug: string) => useReaders(slug).isKnown;

/** Whose readings count, in words. */
export function useReadingsName(slug: string): string {
  const { readings } = useChoice();
  const { readers } = useReaders(slug);
  if (readings?.length === 0 || readers.length === 0) return texts.sequence.textInWords;
  if (readings === undefined) return texts.sequence.readingsOf(texts.sequence.everyoneInWords);
  return texts.sequence.readingsOf(
    listed(readings.map((it) => readers.find(({ slug }) => slug === it)?.shortName ?? it)),
  );
}

export function Readings({ slug }: { slug: string }) {
  const { readings, setReadings } = useChoice();
  const { readers } = useReaders(slug);
  if (readers.length === 0) return null;
  const all = readers.map((it) => it.slug);
  const chosen = readings ?? all;
  const toggle = (reader: string) => {
    const next = all.filter((it) => (it === reader) !== chosen.includes(it));
    setReadings(next.length === all.length ? undefined : next);
  };
  return (
    <fieldset className={`${styles.readings} no-print`}>
      <legend>{texts.sequence.readings}</legend>
      {readers.map(({ slug, shortName, name }) => (
        <label key={slug} title={name}>
          <input type="checkbox" checked={chosen.includes(slug)} onChange={() => toggle(slug)} /> {shortName}
        </label>
      ))}
      <span>
        <button
          type="button"
          className="quiet"
          aria-pressed={readings === undefined}
          onClick={() => setReadings(undefined)}
        >
          {texts.sequence.everyone}
        </button>
        <button
          type="button"
          className="quiet"
          aria-pressed={readings?.length === 0}
          onClick={() => setReadings([])}
        >
          {texts.sequence.textAlone}
        </button>
      </span>
    </fieldset>
  );
}

/** What is taken as done, and what takes that back. Stands even where the server refuses it. */
export function Assumed() {
  const { assumed, toggle, clear } = useChoice();
  return (
    <p className={styles.assumed} role="status">
      {assumed.length > 0 && (
        <>
          <strong>{texts.sequence.assumed}</strong>{' '}
          {assumed.map((name) => (
            <button key={name} type="button" aria-label={texts.sequence.notAssumed(name)} onClick={() => toggle(name)}>
              {name} <span aria-hidden="true">×</span>
            </button>
          ))}
          <button type="button" className="quiet" onClick={clear}>
            {texts.sequence.clearAssumed}
          </button>
        </>
      )}
    </p>
  );
}
