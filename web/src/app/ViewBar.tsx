import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { DayInput } from '../components/DayInput';
import { HolderOptions } from '../components/HolderOptions';
import { Icon } from '../components/Icon';
import { Link } from '../components/Link';
import { shortDay, today } from '../format/days';
import { texts } from '../texts';
import { type DayMark, type DayMarksOf, neighbours, useDayMarks } from './dayMarks';
import { DaySlider } from './DaySlider';
import { partyOf, useHolders, useViewpointName } from './holders';
import { useShortcut } from './shortcuts';
import { useParameters, useView } from './view';
import styles from './ViewBar.module.css';

interface Props {
  /** The first day that the user can select. Undefined while loading. */
  from: string | undefined;
  /** The record whose changes are marked. */
  marksOf?: DayMarksOf;
  isDayOnly?: boolean;
}

/** Sets the CSS property `--view-bar` to the height of the bar. Elements that stay in view below the bar need it. */
function useHeightProperty(bar: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => {
    if (!bar.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const height = entry?.borderBoxSize[0]?.blockSize;
      if (height !== undefined) document.documentElement.style.setProperty('--view-bar', `${height}px`);
    });
    observer.observe(bar.current);
    return () => observer.disconnect();
  }, [bar]);
}

/** The controls for the day and the viewpoint of the page. On a phone they are collapsed into one line. */
export function ViewBar({ from, marksOf, isDayOnly = false }: Props) {
  const { asOf, heldBy } = useView();
  const [, set] = useParameters();
  const viewpoint = useViewpointName();
  const [{ data }] = useHolders();
  const holder = heldBy === undefined ? texts.view.neutral : (partyOf(data?.parties?.nodes ?? [], heldBy)?.shortName ?? heldBy);
  const [isOpen, setOpen] = useState(false);
  const last = today();
  const day = asOf ?? last;
  const first = from ?? day;
  const label = isDayOnly ? shortDay(day) : `${shortDay(day)} · ${viewpoint}`;
  // Load the marks after the page, which provides the first day.
  const marks = useDayMarks(from === undefined ? undefined : marksOf, isDayOnly ? undefined : heldBy);
  const { previous, next } = neighbours(marks.filter((mark) => mark.day >= first && mark.day <= last), day);
  const onDay = useCallback(
    (chosen: string, options?: { replace: boolean }) => set({ asOf: chosen === last ? undefined : chosen }, options),
    [set, last],
  );
  const onToday = useCallback(() => set({ asOf: undefined }), [set]);
  useShortcut('t', asOf === undefined ? undefined : onToday);
  // On a phone, the button to today leaves no space for the name of the neutral record.
  const showsDayOnly = isDayOnly || (asOf !== undefined && heldBy === undefined);
  const bar = useRef<HTMLElement>(null);
  useHeightProperty(bar);
  const classes = [styles.bar, asOf !== undefined && styles.past, isOpen && styles.open];
  return (
    <>
      <section ref={bar} className={classes.filter(Boolean).join(' ')} aria-label={texts.view.label}>
        <p className={styles.printed}>{label}</p>
        <button type="button" className={`${styles.opener} no-print`} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {showsDayOnly ? shortDay(day) : `${shortDay(day)} · ${holder}`}
        </button>
        <label className={styles.day}>
          <span>{texts.view.asOf}</span> <DayInput min={first} max={last} value={day} onDay={onDay} />
        </label>
        {marksOf && (
          <div className={styles.steps}>
            <Step shortcut="," label={texts.view.previous} icon="previous" mark={previous} onDay={onDay} />
            <Step shortcut="." label={texts.view.next} icon="next" mark={next} onDay={onDay} />
          </div>
        )}
        {asOf !== undefined && (
          <button type="button" className={styles.today} title={texts.view.toLatest} onClick={onToday}>
            {texts.view.today}
          </button>
        )}
        <DaySlider from={first} to={last} day={day} marks={marks} onDay={(chosen) => onDay(chosen, { replace: true })} />
        {!isDayOnly && <Viewpoint slug={heldBy} onChange={(slug) => set({ heldBy: slug || undefined })} />}
      </section>
      {asOf !== undefined && <DayNews day={day} mark={marks.find((mark) => mark.day === day)} agreement={marksOf?.agreement} />}
    </>
  );
}

interface StepProps {
  shortcut: ',' | '.';
  label: string;
  icon: 'previous' | 'next';
  mark: DayMark | undefined;
  onDay: (day: string) => void;
}

/** A button to the previous or next change of the record. */
function Step({ shortcut, label, icon, mark, onDay }: StepProps) {
  const day = mark?.day;
  const go = useCallback(() => day && onDay(day), [day, onDay]);
  useShortcut(shortcut, day === undefined ? undefined : go);
  return (
    <button
      type="button"
      aria-label={label}
      title={mark ? `${label}: ${shortDay(mark.day)}, ${summary(mark)} (${shortcut})` : texts.view.noStep}
      // Unlike `disabled`, this keeps the focus.
      aria-disabled={mark === undefined}
      onClick={go}
    >
      <Icon name={icon} />
    </button>
  );
}

/** The events and changes of a day other than today. Placed below the bar, so that the bar stays one row. */
function DayNews({ day, mark, agreement }: { day: string; mark: DayMark | undefined; agreement: string | undefined }) {
  if (!mark) return null;
  const more = mark.labels.length - MAX_LABELS;
  return (
    <p className={styles.note}>
      <span>{texts.view.onThisDay(firstLabels(mark), more <= 0)}</span>
      {more > 0 && (
        <Link to={`/timeline?from=${day}&to=${day}${agreement ? `&agreement=${agreement}` : ''}`}>{texts.view.moreOnDay(more)}</Link>
      )}
    </p>
  );
}

const MAX_LABELS = 2;

const firstLabels = ({ labels }: Pick<DayMark, 'labels'>) => labels.slice(0, MAX_LABELS).join('; ');

/** The first labels of a mark, and how many more there are. */
function summary({ labels }: DayMark): string {
  const more = labels.length - MAX_LABELS;
  return firstLabels({ labels }) + (more > 0 ? texts.view.moreLabels(more) : '');
}

/** Selects the viewpoint: a party, or the neutral record. */
export function Viewpoint({ slug, onChange }: { slug: string | undefined; onChange: (slug: string) => void }) {
  const [{ data }] = useHolders();
  const parties = data?.parties?.nodes ?? [];
  return (
    <label className={slug === undefined ? styles.viewpoint : `${styles.viewpoint} ${styles.chosen}`}>
      <span>{texts.view.heldBy}</span>{' '}
      <select value={partyOf(parties, slug)?.slug ?? ''} onChange={(event) => onChange(event.target.value)}>
        <HolderOptions parties={parties} by="slug" />
      </select>
    </label>
  );
}
