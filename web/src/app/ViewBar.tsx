import { useEffect, useState } from 'react';
import { Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { useQuery } from 'urql';
import { dayNumber, dayOf, isDay, longDay, today } from '../format/days';
import { texts } from '../texts';
import { ViewpointsDocument } from './view.gen';
import { useParameters, useView } from './view';
import styles from './ViewBar.module.css';

/** The day and the viewpoint of all that the page shows. */
export function ViewBar({ from }: { from: string }) {
  const { asOf, heldBy } = useView();
  const [, set] = useParameters();
  const last = today();
  return (
    <section className={styles.bar} aria-label={texts.view.label}>
      <label className={styles.day}>
        {texts.view.asOf}{' '}
        <input
          type="date"
          min={from}
          max={last}
          value={asOf ?? last}
          onChange={(event) => {
            const day = event.target.value;
            if (isDay(day)) set({ asOf: day === last ? undefined : day });
          }}
        />
      </label>
      <p className={styles.line}>
        <strong>{longDay(asOf ?? last)}</strong>
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
        day={asOf ?? last}
        onDay={(day) => set({ asOf: day === last ? undefined : day }, { replace: true })}
      />
      <Viewpoint slug={heldBy} onChange={(slug) => set({ heldBy: slug || undefined })} />
    </section>
  );
}

interface SliderProps {
  from: string;
  to: string;
  day: string;
  onDay: (day: string) => void;
}

function DaySlider({ from, to, day, onDay }: SliderProps) {
  const [number, setNumber] = useState(dayNumber(day));
  useEffect(() => setNumber(dayNumber(day)), [day]);
  return (
    <Slider
      className={styles.slider}
      minValue={dayNumber(from)}
      maxValue={dayNumber(to)}
      value={number}
      onChange={setNumber}
      onChangeEnd={(end) => onDay(dayOf(end))}
    >
      <Label className="visually-hidden">{texts.view.slider}</Label>
      <SliderTrack className={styles.track}>
        {({ state }) => (
          <>
            <span className={styles.fill} style={{ inlineSize: `${state.getThumbPercent(0) * 100}%` }} />
            <SliderThumb className={styles.thumb} aria-valuetext={longDay(dayOf(number))} />
          </>
        )}
      </SliderTrack>
      <span className={styles.ends} aria-hidden="true">
        <span>{from.slice(0, 4)}</span>
        <span>{number === dayNumber(day) ? '' : longDay(dayOf(number))}</span>
        <span>{to.slice(0, 4)}</span>
      </span>
    </Slider>
  );
}

function Viewpoint({ slug, onChange }: { slug: string | undefined; onChange: (slug: string) => void }) {
  const parties = useViewpoints();
  const option = ({ slug, shortName }: (typeof parties)[number]) => (
    <option key={slug} value={slug}>
      {shortName}
    </option>
  );
  return (
    <label className={styles.viewpoint}>
      {texts.view.heldBy}{' '}
      <select value={slug ?? ''} onChange={(event) => onChange(event.target.value)}>
        <option value="">{texts.view.neutral}</option>
        <optgroup label={texts.view.partyGroup}>{parties.filter((it) => it.kind !== 'PERSON').map(option)}</optgroup>
        <optgroup label={texts.view.personGroup}>{parties.filter((it) => it.kind === 'PERSON').map(option)}</optgroup>
      </select>
    </label>
  );
}

function useViewpoints() {
  const [{ data }] = useQuery({ query: ViewpointsDocument });
  return data?.parties?.nodes ?? [];
}

/** The viewpoint in words, such as `Neutral record` or `View of Ukraine`. */
export function useViewpointName(): string {
  const { heldBy } = useView();
  const parties = useViewpoints();
  if (!heldBy) return texts.view.neutral;
  return texts.view.partyView(parties.find((it) => it.slug === heldBy)?.shortName ?? heldBy);
}
