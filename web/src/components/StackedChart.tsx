import { type ReactNode, useId, useRef } from 'react';
import type { ClauseStatus } from '../api/schema.gen';
import { dayNumber, shortDay } from '../format/days';
import { wrapText } from '../format/lines';
import { texts } from '../texts';
import { placeMarks } from './areaMarks';
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

const PLOT_HEIGHT = 260;
const MARGIN = { top: 14, right: 14, bottom: 28, left: 50 };
/** Width of the last point in pixels. Without it the point would be invisible, because no period follows it. */
const LAST_WIDTH = 10;
/** Height of a row of labels above the chart. */
const MARK_HEIGHT = 24;
/** Narrower charts have numbers instead of labels. A list below the chart has both. */
const MIN_WIDTH_WITH_LABELS = 720;
const LETTER_WIDTH = 6.3;
/** Between a line and its label. */
const GAP = 9;
const MAX_LABEL_LENGTH = 72;
/** Width of the names of statuses beside a wide chart, and the distance between their lines. */
const STATUS_WIDTH = 132;
const STATUS_HEIGHT = 17;

interface Props extends ChartProps {
  /** The statuses that occur, from the top of the stack. */
  statuses: readonly ClauseStatus[];
  /** Shown beside the buttons below the chart. */
  children: ReactNode;
}

/**
 * The chart itself. A point contains the counts at the end of its day. The chart draws these counts up to the next point, so a status
 * can appear up to one interval late, but never early.
 */
export function StackedChart({ caption, source, points, file, statuses, isShare = false, marks = [], children }: Props) {
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
  const top = MARGIN.top + (Math.max(-1, ...placed.map(({ row }) => row)) + 1) * MARK_HEIGHT;
  const rowAt = (row: number) => top - 12 - row * MARK_HEIGHT;
  const bottom = top + PLOT_HEIGHT;
  const height = bottom + MARGIN.bottom;
  const highest = isShare ? 1 : Math.max(1, ...points.map(({ counts }) => totalOf(counts)));
  const y = (value: number) => bottom - (value / highest) * PLOT_HEIGHT;
  const columns = points.map(({ day, counts }, index) => {
    const next = points[index + 1];
    return { from: x(day), to: next ? x(next.day) : right, parts: partsOf(counts, statuses, isShare) };
  });
  const symbolOf = (status: ClauseStatus) => `${id}-${status}`;
  return (
    <div ref={box} className={styles.chart}>
      <svg ref={picture} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={caption}>
        <StatusSymbols statuses={statuses} symbolOf={symbolOf} />
        {statuses.map((status, index) => {
          const steps = columns.map(({ from, to, parts }) => {
            const part = parts[index] ?? { from: 0, to: 0 };
            return { from, to, top: y(part.to), bottom: y(part.from) };
          });
          return (
            <g key={status}>
              <title>{texts.clauseStatus[status].label}</title>
              <path d={areaPath(steps)} style={{ fill: statusColour(status), stroke: 'var(--surface)', strokeWidth: 1 }} />
              {/* A status that no clause has on the last day has no area beside its name, so its areas have its symbol. */}
              {(!hasLabels || countOf(last.counts, status) === 0) && placeMarks(steps).map((mark) => (
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
          );
        })}
        {hasLabels &&
          placeNames(columns.at(-1)?.parts.map(({ from, to }) => y((from + to) / 2)) ?? [], top, bottom).map(({ from, to }, index) => {
            const status = statuses[index];
            return (
              status && (
                <g key={status}>
                  <path d={`M${right + 1} ${from}L${right + 12} ${to}`} style={{ fill: 'none', stroke: statusColour(status), strokeWidth: 1.5 }} />
                  <rect x={right + 12} y={to - 7} width={5} height={14} style={{ fill: statusColour(status) }} />
                  <use href={`#${symbolOf(status)}`} x={right + 20} y={to - 7} width={14} height={14} />
                  <text className={styles.name} x={right + 38} y={to + 4} style={{ fill: 'var(--text)' }}>
                    {texts.clauseStatus[status].label} <tspan style={{ fontWeight: 600 }}>{countOf(last.counts, status)}</tspan>
                  </text>
                </g>
              )
            );
          })}
        {placed.map(({ mark, x, row, isLeft }) => (
          <Label key={mark.number} {...mark} x={x} y={rowAt(row)} bottom={bottom} isLeft={isLeft} />
        ))}
        {axisValues(highest, isShare).map((value) => (
          <text key={value} x={left - 8} y={y(value) + 4} style={{ fill: 'var(--muted)', textAnchor: 'end' }}>
            {isShare ? texts.chart.percent(value * 100) : value}
          </text>
        ))}
        <TimeAxis first={first.day} last={last.day} x={x} from={left} to={right} y={bottom} width={width} />
      </svg>
      {placed.length > 0 && (
        <ol className={hasLabels ? styles.labels : styles.marks}>
          {placed.map(({ mark: { number, day, label, to }, x, row, isLeft }) => (
            <li key={number} style={hasLabels ? { top: rowAt(row) - MARK_HEIGHT / 2, ...(isLeft ? { right: width - x + GAP } : { left: x + GAP }) } : undefined}>
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

/** The heights of names in order, from the middles of their areas, without overlaps. */
function placeNames(middles: readonly number[], top: number, bottom: number): { from: number; to: number }[] {
  let above = top - STATUS_HEIGHT / 2;
  const down = middles.map((from) => ({ from, to: (above = Math.max(from, above + STATUS_HEIGHT)) }));
  let below = bottom + STATUS_HEIGHT / 2;
  return down.toReversed().map(({ from, to }) => ({ from, to: (below = Math.min(to, below - STATUS_HEIGHT)) })).toReversed();
}

interface NumberedMark extends ChartMark {
  number: number;
  /** Empty if the chart is too narrow. */
  text: string;
}

function placeLabels(marks: readonly ChartMark[], xOf: (day: string) => number, width: number, hasLabels: boolean) {
  const numbered = marks.map((mark, index) => {
    const text = hasLabels ? (wrapText(`${shortDay(mark.day)} ${mark.label}`, MAX_LABEL_LENGTH, 1)[0] ?? '') : '';
    return { mark: { ...mark, number: index + 1, text }, x: xOf(mark.day), labelWidth: text.length * LETTER_WIDTH };
  });
  return placeChartMarks<NumberedMark>(numbered, width);
}

/** A line at a day, with its label above the chart, or with its number. */
function Label({ number, text, x, y, bottom, isLeft }: NumberedMark & { x: number; y: number; bottom: number; isLeft: boolean }) {
  return (
    <g aria-hidden="true">
      {/* Dashes in both colours are visible on every area. */}
      <path d={`M${x} ${y}V${bottom}`} style={{ stroke: 'var(--surface)', strokeWidth: 1.5 }} />
      <path d={`M${x} ${y}V${bottom}`} style={{ stroke: 'var(--text)', strokeWidth: 1.5, strokeDasharray: '3 2' }} />
      <circle cx={x} cy={y} r={text ? 4 : 9} style={{ fill: 'var(--text)' }} />
      {text ? (
        <text className={styles.savedOnly} x={isLeft ? x - GAP : x + GAP} y={y + 4} style={{ fill: 'var(--text)', textAnchor: isLeft ? 'end' : 'start', paintOrder: 'stroke', stroke: 'var(--surface)', strokeWidth: 4 }}>
          {text}
        </text>
      ) : (
        <text x={x} y={y + 4} style={{ fill: 'var(--surface)', fontWeight: 600, textAnchor: 'middle' }}>
          {number}
        </text>
      )}
    </g>
  );
}
