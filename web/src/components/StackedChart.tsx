import { type ReactNode, useId, useRef } from 'react';
import type { ClauseStatus } from '../api/schema.gen';
import { dayNumber, shortDay } from '../format/days';
import { wrapText } from '../format/lines';
import { texts } from '../texts';
import { placeMarks, placeName, placeNames } from './areaMarks';
import { areaPath, axisValues, partsOf } from './areas';
import type { ChartProps } from './Chart';
import styles from './Chart.module.css';
import { type ChartMark, placeChartMarks } from './chartMarks';
import { DayText } from './DayText';
import { Link } from './Link';
import { SavePicture } from './SavePicture';
import { legendOf, StatusSymbols } from './StatusSymbols';
import { countOf, statusColour, totalOf } from './status';
import { TimeAxis } from './TimeAxis';
import { useWidth } from './useWidth';

const PLOT_HEIGHT = 300;
/** Maximum number of intervals of the vertical axis. */
const MAX_INTERVALS = 7;
const MARGIN = { top: 14, right: 14, bottom: 28, left: 38 };
/** Width of the last point in pixels. Without it the point would be invisible, because no period follows it. */
const LAST_WIDTH = 10;
/** Height of a row of labels above the chart: a line with the day, and one with the event. */
const MARK_HEIGHT = 40;
/** Height of a row of numbers, where there is no space for labels. */
const NUMBER_HEIGHT = 24;
/** Narrower charts have numbers instead of labels. A list below the chart has both. */
const MIN_WIDTH_WITH_LABELS = 720;
const LETTER_WIDTH = 5.8;
/** Distance between a line and its label in pixels. */
const GAP = 7;
const MAX_LABEL_LENGTH = 56;
/** Number of characters of a day such as `24 Feb 2022`. */
const DAY_LENGTH = 11;
/** Width of the names of statuses beside a wide chart, and the distance between their lines. */
const STATUS_WIDTH = 132;
const STATUS_HEIGHT = 18;
/** Width of the symbol before the name of a status, with its spaces. */
const SYMBOL_WIDTH = 22;
const STATUS_LETTER_WIDTH = 6.5;

interface Props extends ChartProps {
  /** The statuses that occur, from the bottom of the stack. */
  statuses: readonly ClauseStatus[];
  /** Shown beside the buttons below the chart. */
  children: ReactNode;
}

/**
 * The chart itself. A point contains the counts at the end of its day. The chart draws these counts up to the next point, so a status
 * can appear up to one interval late, but never early.
 */
export function StackedChart({ caption, source, points, file, statuses, marks = [], children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const id = useId();
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const hasLabels = width >= MIN_WIDTH_WITH_LABELS;
  const [left, right] = [MARGIN.left, width - (hasLabels ? STATUS_WIDTH : MARGIN.right)];
  const start = dayNumber(first.day);
  // The axis ends where the last point ends.
  const pixelsPerDay = (right - left - LAST_WIDTH) / Math.max(1, dayNumber(last.day) - start);
  const x = (day: string) => left + (dayNumber(day) - start) * pixelsPerDay;
  const placed = placeLabels(marks, x, width, hasLabels);
  const rowHeight = hasLabels ? MARK_HEIGHT : NUMBER_HEIGHT;
  const top = MARGIN.top + (Math.max(-1, ...placed.map(({ row }) => row)) + 1) * rowHeight;
  const rowAt = (row: number) => top - (row + 1) * rowHeight;
  const bottom = top + PLOT_HEIGHT;
  const height = bottom + MARGIN.bottom;
  const highest = Math.max(1, ...points.map(({ counts }) => totalOf(counts)));
  const y = (value: number) => bottom - (value / highest) * PLOT_HEIGHT;
  const columns = points.map(({ day, counts }, index) => {
    const next = points[index + 1];
    return { from: x(day), to: next ? x(next.day) : right, parts: partsOf(counts, statuses) };
  });
  const symbolOf = (status: ClauseStatus) => `${id}-${status}`;
  const areas = statuses.map((status, index) => {
    const steps = columns.map(({ from, to, parts }) => {
      const part = parts[index] ?? { from: 0, to: 0 };
      return { from, to, top: y(part.to), bottom: y(part.from) };
    });
    // If an area has less height on the last day than the name of its status, the name is also placed where the area has the most space.
    const end = steps.at(-1);
    const isInside = hasLabels && (!end || end.bottom - end.top < STATUS_HEIGHT);
    return { status, steps, name: isInside ? placeName(steps, nameWidth(status) + 2 * GAP, STATUS_HEIGHT) : undefined };
  });
  // From the top of the stack, as `placeNames` requires.
  const beside = hasLabels ? areas.filter(({ status, name }) => !name || countOf(last.counts, status) > 0).toReversed() : [];
  const middles = beside.map(({ steps }) => {
    const step = steps.at(-1);
    return step ? (step.top + step.bottom) / 2 : bottom;
  });
  return (
    <div ref={box} className={styles.chart}>
      <svg ref={picture} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={caption}>
        <StatusSymbols statuses={statuses} symbolOf={symbolOf} />
        {axisValues(highest, MAX_INTERVALS).map((value) => (
          <g key={value}>
            <path d={`M${left} ${y(value)}H${right}`} style={{ stroke: 'var(--line)' }} />
            <text x={left - 8} y={y(value) + 4} style={{ fill: 'var(--muted)', textAnchor: 'end' }}>
              {value}
            </text>
          </g>
        ))}
        {areas.map(({ status, steps }) => (
          <g key={status}>
            <title>{texts.clauseStatus[status].label}</title>
            <path d={areaPath(steps)} style={{ fill: statusColour(status), stroke: 'var(--surface)', strokeWidth: 1 }} />
            {!hasLabels && placeMarks(steps).map((mark) => (
              <use
                key={mark.x}
                href={`#${symbolOf(status)}`}
                x={mark.x - mark.size / 2}
                y={mark.y - mark.size / 2}
                width={mark.size}
                height={mark.size}
              />
            ))}
          </g>
        ))}
        {areas.map(({ status, name }) => name && (
          <g key={status}>
            <rect x={name.x - nameWidth(status) / 2} y={name.y - STATUS_HEIGHT / 2} width={nameWidth(status)} height={STATUS_HEIGHT} rx={STATUS_HEIGHT / 2} style={{ fill: 'var(--surface)' }} />
            <StatusName status={status} symbol={symbolOf(status)} x={name.x - nameWidth(status) / 2} y={name.y} />
          </g>
        ))}
        {placeNames(middles, top + STATUS_HEIGHT / 2, bottom - STATUS_HEIGHT / 2, STATUS_HEIGHT).map((place, index) => {
          const status = beside[index]?.status;
          return status && <StatusName key={status} status={status} symbol={symbolOf(status)} x={right + 6} y={place} count={countOf(last.counts, status)} />;
        })}
        {placed.map(({ mark, x, row, isLeft }) => (
          <Label key={mark.number} {...mark} x={x} y={rowAt(row)} bottom={bottom} isLeft={isLeft} />
        ))}
        <TimeAxis first={first.day} last={last.day} x={x} from={left} to={right} y={bottom} width={width} />
      </svg>
      {placed.length > 0 && (
        <ol className={hasLabels ? styles.labels : styles.marks}>
          {placed.map(({ mark: { number, day, label, to }, x, row, isLeft }) => (
            <li key={number} className={isLeft ? styles.leftLabel : undefined} style={hasLabels ? { top: rowAt(row), ...(isLeft ? { right: width - x + GAP } : { left: x + GAP }) } : undefined}>
              <DayText day={day} /> {to ? <Link to={to}>{label}</Link> : label}
            </li>
          ))}
        </ol>
      )}
      <div className={styles.foot}>
        <SavePicture picture={picture} title={caption} legend={legendOf({ statuses, symbolOf })} source={source} file={file} />
        {children}
      </div>
    </div>
  );
}

/** Width of the name of a status in its area. */
const nameWidth = (status: ClauseStatus) => SYMBOL_WIDTH + texts.clauseStatus[status].label.length * STATUS_LETTER_WIDTH + STATUS_HEIGHT / 2;

interface StatusNameProps {
  status: ClauseStatus;
  /** The id of the symbol. */
  symbol: string;
  x: number;
  /** The vertical middle of the name. */
  y: number;
  count?: number;
}

function StatusName({ status, symbol, x, y, count }: StatusNameProps) {
  return (
    <g style={{ color: `color-mix(in oklab, ${statusColour(status)}, var(--text) 25%)` }}>
      <use href={`#${symbol}`} x={x + 1} y={y - 8} width={16} height={16} />
      <text className={styles.name} x={x + SYMBOL_WIDTH} y={y + 4.5} style={{ fill: `color-mix(in oklab, ${statusColour(status)}, var(--text) 45%)` }}>
        {texts.clauseStatus[status].label} {count !== undefined && <tspan style={{ fontWeight: 600 }}>{count}</tspan>}
      </text>
    </g>
  );
}

interface NumberedMark extends ChartMark {
  number: number;
  /** Empty if the chart is too narrow. */
  text: string;
}

function placeLabels(marks: readonly ChartMark[], xOf: (day: string) => number, width: number, hasLabels: boolean) {
  const numbered = marks.map((mark, index) => {
    const text = hasLabels ? (wrapText(mark.label, MAX_LABEL_LENGTH, 1)[0] ?? '') : '';
    return { mark: { ...mark, number: index + 1, text }, x: xOf(mark.day), labelWidth: text ? Math.max(text.length, DAY_LENGTH) * LETTER_WIDTH : 0 };
  });
  return placeChartMarks<NumberedMark>(numbered, width);
}

/** A line at a day, with its label above the chart, or with its number. */
function Label({ number, day, text, x, y, bottom, isLeft }: NumberedMark & { x: number; y: number; bottom: number; isLeft: boolean }) {
  const label = { x: isLeft ? x - GAP : x + GAP, style: { fill: 'var(--text)', textAnchor: isLeft ? 'end' : 'start' } } as const;
  return (
    <g aria-hidden="true">
      {/* Dashes that alternate between two colours are visible on every area. */}
      <path d={`M${x} ${y}V${bottom}`} style={{ stroke: 'var(--surface)', strokeWidth: 1.5 }} />
      <path d={`M${x} ${y}V${bottom}`} style={{ stroke: 'var(--text)', strokeWidth: 1.5, strokeDasharray: '3 2' }} />
      {text ? (
        <g className={styles.savedOnly}>
          <text {...label} y={y + 13}>{shortDay(day)}</text>
          <text {...label} y={y + 28}>{text}</text>
        </g>
      ) : (
        <>
          <circle cx={x} cy={y + 9} r={9} style={{ fill: 'var(--text)' }} />
          <text x={x} y={y + 13} style={{ fill: 'var(--surface)', fontWeight: 600, textAnchor: 'middle' }}>
            {number}
          </text>
        </>
      )}
    </g>
  );
}
