import { useId, useState } from 'react';
import { DayInput } from '../components/DayInput';
import { useTyped } from '../components/debounce';
import { HolderOptions } from '../components/HolderOptions';
import { dayNumber, dayOf, longDay, shortDay, today } from '../format/days';
import { texts } from '../texts';
import { partyOf, useHolders, useViewpointName } from './holders';
import { useParameters, useView } from './view';
import styles from './ViewBar.module.css';

const DEBOUNCE_MS = 250;

/** The controls for the day and the viewpoint of the page. On a phone they are folded into one line. */
export function ViewBar({ from, isDayOnly = false }: { from: string; isDayOnly?: boolean }) {
  const { asOf, heldBy } = useView();
  const [, set] = useParameters();
  const viewpoint = useViewpointName();
  // Open if a day or a viewpoint is selected, so that it can be seen and reset.
  const [isOpen, setOpen] = useState(asOf !== undefined || heldBy !== undefined);
  const controls = useId();
  const last = today();
  const day = asOf ?? last;
  const label = (day: string) => (isDayOnly ? day : `${day} · ${viewpoint}`);
  return (
    <section className={styles.bar} aria-label={texts.view.label}>
      <p className={styles.printed}>{label(longDay(day))}</p>
      <button
        type="button"
        className={`${styles.opener} no-print`}
        aria-expanded={isOpen}
        aria-controls={controls}
        onClick={() => setOpen(!isOpen)}
      >
        <span>{label(shortDay(day))}</span>{' '}
        <span className={styles.change}>{isOpen ? texts.view.fold : texts.view.change}</span>
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

/** Shows the day while it is dragged. The page follows after a pause, because each day is a query. */
function DaySlider({ from, to, day, onDay }: SliderProps) {
  const [dragged, setDragged] = useTyped(day, DEBOUNCE_MS, onDay);
  return (
    <div className={styles.slider}>
      <input
        type="range"
        aria-label={texts.view.slider}
        aria-valuetext={longDay(dragged)}
        min={dayNumber(from)}
        max={dayNumber(to)}
        value={dayNumber(dragged)}
        onChange={(event) => setDragged(dayOf(event.target.valueAsNumber))}
      />
      <span className={styles.ends} aria-hidden="true">
        <span>{from.slice(0, 4)}</span>
        <span>{dragged === day ? '' : longDay(dragged)}</span>
        <span>{to.slice(0, 4)}</span>
      </span>
    </div>
  );
}

/** Selects the viewpoint: a party, or the neutral record. */
export function Viewpoint({ slug, onChange }: { slug: string | undefined; onChange: (slug: string) => void }) {
  const [{ data }] = useHolders();
  const parties = data?.parties?.nodes ?? [];
  return (
    <label className={styles.viewpoint}>
      {texts.view.heldBy}{' '}
      <select value={partyOf(parties, slug)?.slug ?? ''} onChange={(event) => onChange(event.target.value)}>
        <HolderOptions parties={parties} by="slug" />
      </select>
    </label>
  );
}
