import { useEffect, useId, useState } from 'react';
import { useQuery } from '../api/query';
import { DayInput } from '../components/DayInput';
import { dayNumber, dayOf, longDay, shortDay, today } from '../format/days';
import { texts } from '../texts';
import { ViewpointsDocument } from './view.gen';
import { useParameters, useView } from './view';
import styles from './ViewBar.module.css';

const REST_MS = 250;

/** The day and the viewpoint of all that the page shows. On a phone they are one line, until one changes them. */
export function ViewBar({ from, isDayOnly = false }: { from: string; isDayOnly?: boolean }) {
  const { asOf, heldBy } = useView();
  const [, set] = useParameters();
  const viewpoint = useViewpointName();
  // What is not as usual is seen to be so, and how to take it back.
  const [isOpen, setOpen] = useState(asOf !== undefined || heldBy !== undefined);
  const controls = useId();
  const last = today();
  const day = asOf ?? last;
  return (
    <section className={styles.bar} aria-label={texts.view.label}>
      <button
        type="button"
        className={`${styles.opener} no-print`}
        aria-expanded={isOpen}
        aria-controls={controls}
        onClick={() => setOpen(!isOpen)}
      >
        <span>{isDayOnly ? shortDay(day) : `${shortDay(day)} · ${viewpoint}`}</span>{' '}
        <span className={styles.change}>{texts.view.change}</span>
      </button>
      <div id={controls} className={isOpen ? styles.controls : `${styles.controls} ${styles.folded}`}>
        <label className={styles.day}>
          {texts.view.asOf}{' '}
          <DayInput
            min={from}
            max={last}
            value={day}
            onDay={(day) => set({ asOf: day === last ? undefined : day })}
          />
        </label>
        <p className={styles.line}>
          <strong>{longDay(day)}</strong>
          {asOf === undefined && <span className="muted">{texts.view.latest}</span>}
          {asOf && (
            <button type="button" className="quiet" onClick={() => set({ asOf: undefined })}>
              {texts.view.toLatest}
            </button>
          )}
        </p>
        <DaySlider
          from={from}
          to={last}
          day={day}
          onDay={(day) => set({ asOf: day === last ? undefined : day }, { replace: true })}
        />
        {!isDayOnly && <Viewpoint slug={heldBy} onChange={(slug) => set({ heldBy: slug || undefined })} />}
      </div>
    </section>
  );
}

interface SliderProps {
  from: string;
  to: string;
  day: string;
  onDay: (day: string) => void;
}

/** Says the day while it is dragged; the page follows when it rests, as each day is a question to the server. */
function DaySlider({ from, to, day, onDay }: SliderProps) {
  const [number, setNumber] = useState(dayNumber(day));
  useEffect(() => setNumber(dayNumber(day)), [day]);
  const dragged = dayOf(number);
  useEffect(() => {
    if (dragged === day) return;
    const timer = setTimeout(() => onDay(dragged), REST_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div className={styles.slider}>
      <input
        type="range"
        aria-label={texts.view.slider}
        aria-valuetext={longDay(dragged)}
        min={dayNumber(from)}
        max={dayNumber(to)}
        value={number}
        onChange={(event) => setNumber(event.target.valueAsNumber)}
      />
      <span className={styles.ends} aria-hidden="true">
        <span>{from.slice(0, 4)}</span>
        <span>{dragged === day ? '' : longDay(dragged)}</span>
        <span>{to.slice(0, 4)}</span>
      </span>
    </div>
  );
}

/** In whose view: a party's, or the neutral record. */
export function Viewpoint({ slug, onChange }: { slug: string | undefined; onChange: (slug: string) => void }) {
  const parties = useViewpoints();
  const holder = partyOf(parties, slug);
  const option = ({ slug, shortName }: (typeof parties)[number]) => (
    <option key={slug} value={slug}>
      {shortName}
    </option>
  );
  return (
    <label className={styles.viewpoint}>
      {texts.view.heldBy}{' '}
      <select value={holder?.slug ?? ''} onChange={(event) => onChange(event.target.value)}>
        <option value="">{texts.view.neutral}</option>
        <optgroup label={texts.view.partyGroup}>{parties.filter((it) => it.kind !== 'PERSON').map(option)}</optgroup>
        <optgroup label={texts.view.personGroup}>{parties.filter((it) => it.kind === 'PERSON').map(option)}</optgroup>
      </select>
    </label>
  );
}

/** Who may hold a view. */
export const useHolders = () => useQuery({ query: ViewpointsDocument });

function useViewpoints() {
  const [{ data }] = useHolders();
  return data?.parties?.nodes ?? [];
}

/** The party that an address names, by its slug or its id. */
export function partyOf<Party extends { id: string; slug: string }>(parties: readonly Party[], name: string | undefined) {
  return parties.find(({ id, slug }) => slug === name || id === name);
}

/** The viewpoint in words, such as `Neutral record` or `View of Ukraine`. */
export function useViewpointName(): string {
  const { heldBy } = useView();
  const parties = useViewpoints();
  if (!heldBy) return texts.view.neutral;
  return texts.view.partyView(partyOf(parties, heldBy)?.shortName ?? heldBy);
}
