import { useTyped } from '../components/debounce';
import { dayNumber, dayOf, shortDay } from '../format/days';
import { texts } from '../texts';
import { type DayMark, labelledYears } from './dayMarks';
import styles from './DaySlider.module.css';

const DEBOUNCE_MS = 250;
const MAX_LABELS = 7;
/** Heights of marks above the line of the slider, in pixels. */
const EVENT_HEIGHT = 9;
const CHANGE_HEIGHT = 5;

interface Props {
  from: string;
  to: string;
  day: string;
  marks: readonly DayMark[];
  onDay: (day: string) => void;
}

/** Shows the day while the thumb is dragged. The page follows after a pause, because each day requires a query. */
export function DaySlider({ from, to, day, marks, onDay }: Props) {
  const [dragged, setDragged] = useTyped(day, DEBOUNCE_MS, onDay);
  const [first, last] = [dayNumber(from), dayNumber(to)];
  const percent = (number: number) => (100 * (number - first)) / Math.max(1, last - first);
  const path = (height: number, shown: readonly DayMark[]) =>
    shown
      .filter((mark) => mark.day >= from && mark.day <= to)
      .map((mark) => `M${percent(dayNumber(mark.day)).toFixed(2)} ${EVENT_HEIGHT - height}v${height}`)
      .join('');
  return (
    <div className={styles.slider}>
      <svg className={styles.marks} viewBox={`0 0 100 ${EVENT_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path className={styles.change} d={path(CHANGE_HEIGHT, marks.filter((mark) => !mark.hasEvent))} />
        <path className={styles.event} d={path(EVENT_HEIGHT, marks.filter((mark) => mark.hasEvent))} />
      </svg>
      <input
        type="range"
        aria-label={texts.view.slider}
        aria-valuetext={shortDay(dragged)}
        title={texts.view.sliderHint}
        min={first}
        max={last}
        value={dayNumber(dragged)}
        onChange={(event) => setDragged(dayOf(event.target.valueAsNumber))}
      />
      <div className={styles.axis} aria-hidden="true">
        {dragged === day ? (
          labelledYears(from, to, MAX_LABELS).map((year) => (
            <span key={year} style={{ insetInlineStart: `${percent(dayNumber(`${year}-01-01`))}%` }}>
              {year}
            </span>
          ))
        ) : (
          <strong style={{ insetInlineStart: `${percent(dayNumber(dragged))}%` }}>{shortDay(dragged)}</strong>
        )}
      </div>
    </div>
  );
}
