import { useQuery } from '../../api/query';
import type { SequenceReadersQuery } from '../../api/types.gen';
import { joinNames } from '../../format/names';
import { texts } from '../../texts';
import { referenceOf, type Sequence } from './graph';
import { useSequenceOptions } from './options';
import { SequenceReadersDocument } from './Sequence.gen';
import styles from './Sequence.module.css';

/** The parties that have a reading of the agreement. */
export const useReaders = (slug: string) => useQuery({ query: SequenceReadersDocument, variables: { slug } });

type Reader = NonNullable<SequenceReadersQuery['agreement']>['sequence']['readings'][number];

/** The selected readings, in words. */
export function nameOf(readings: readonly string[] | undefined, readers: readonly Reader[]): string {
  if (readings?.length === 0 || readers.length === 0) return texts.sequence.textInWords;
  if (readings === undefined) return texts.sequence.readingsOf(texts.sequence.everyoneInWords);
  return texts.sequence.readingsOf(
    joinNames(readings.map((reader) => readers.find(({ slug }) => slug === reader)?.shortName ?? reader)),
  );
}

export function Readings({ readers }: { readers: readonly Reader[] }) {
  const { readings, setReadings } = useSequenceOptions();
  if (readers.length === 0) return null;
  const all = readers.map((reader) => reader.slug);
  const chosen = readings ?? all;
  const toggle = (reader: string) => {
    const next = all.filter((slug) => (slug === reader) !== chosen.includes(slug));
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

/** The steps that are assumed done, with buttons that undo the assumption. Shown even if the server rejects a step. */
export function Assumed({ sequence }: { sequence: Sequence | undefined }) {
  const { assumed, toggle, clear } = useSequenceOptions();
  return (
    <p className={styles.assumed}>
      {assumed.length > 0 && (
        <>
          <strong>{texts.sequence.assumed}</strong>{' '}
          {assumed.map((name) => {
            const step = referenceOf(name, sequence);
            return (
              <button
                key={name}
                type="button"
                aria-label={texts.sequence.clearOne(step)}
                onClick={() => toggle(name)}
              >
                {step}{' '}
                <span aria-hidden="true" className="no-print">
                  ×
                </span>
              </button>
            );
          })}
          <button type="button" className="quiet no-print" onClick={clear}>
            {texts.sequence.clearAll}
          </button>
        </>
      )}
    </p>
  );
}
