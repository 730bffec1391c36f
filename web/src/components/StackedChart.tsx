import { AxisBottom, AxisLeft } from '@visx/axis';
import { scaleLinear, scaleUtc } from '@visx/scale';
import { AreaStack } from '@visx/shape';
import { curveStepAfter } from 'd3-shape';
import { useId, useRef } from 'react';
import type { ClauseStatus } from '../api/schema.gen';
import { wrapText } from '../format/lines';
import { texts } from '../texts';
import { placeMarks } from './areaMarks';
import type { ChartProps, Point } from './Chart';
import { type ChartMark, placeChartMarks } from './chartMarks';
import { SavePicture } from './SavePicture';
import { GLYPHS } from './StatusBadge';
import { countOf, statusColour } from './status';
import { useWidth } from './useWidth';

const PLOT_HEIGHT = 260;
const MARGIN = { top: 14, right: 14, bottom: 28, left: 50 };
/** Width of the last point in pixels. Without it the point would be invisible, because no period follows it. */
const LAST_WIDTH = 10;
/** Height of a row of labels above the chart. */
const MARK_HEIGHT = 22;
/** Narrower charts have numbers instead of labels. The list below the chart has both. */
const MIN_WIDTH_WITH_LABELS = 720;
const LETTER_WIDTH = 6.3;
const MAX_LABEL_LENGTH = 60;

const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);
const totalOf = ({ counts }: Point) => counts.reduce((sum, { count }) => sum + count, 0);

interface Props extends ChartProps {
  /** The statuses that occur, from the top of the stack. */
  statuses: readonly ClauseStatus[];
}

/** The chart itself. This module contains the chart library, and is loaded when the browser is idle. */
export default function StackedChart({ caption, source, points, file, statuses, isShare = false, marks = [] }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const id = useId();
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const [start, end] = [dateOf(first.day).getTime(), dateOf(last.day).getTime()];
  const plotWidth = width - MARGIN.left - MARGIN.right;
  // The axis ends where the last point ends.
  const x = scaleUtc({
    domain: [new Date(start), new Date(end + ((end - start) * LAST_WIDTH) / (plotWidth - LAST_WIDTH))],
    range: [MARGIN.left, width - MARGIN.right],
  });
  const placed = placeLabels(marks, (day) => x(dateOf(day)), width);
  const top = MARGIN.top + (Math.max(-1, ...placed.map(({ row }) => row)) + 1) * MARK_HEIGHT;
  const height = top + PLOT_HEIGHT + MARGIN.bottom;
  const highest = isShare ? 1 : Math.max(1, ...points.map(totalOf));
  const y = scaleLinear({ domain: [0, highest], range: [top + PLOT_HEIGHT, top] });
  const startOf = (index: number) => (index === points.length ? width - MARGIN.right : x(dateOf((points[index] ?? last).day)));
  const symbolOf = (status: ClauseStatus) => `${id}-${status}`;
  const legend = statuses.map((status) => ({
    label: texts.clauseStatus[status].label,
    colour: statusColour(status),
    mark: symbolOf(status),
  }));
  return (
    <div ref={box}>
      <svg ref={picture} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={caption}>
        <defs>
          {statuses.map((status) => (
            <symbol key={status} id={symbolOf(status)} viewBox="-2 -2 20 20">
              {/* Text colour on page colour: no single colour contrasts with all areas. */}
              <circle cx="8" cy="8" r="10" style={{ fill: 'var(--surface)' }} />
              {GLYPHS[status]}
            </symbol>
          ))}
        </defs>
        <AreaStack<Point, ClauseStatus>
          data={[...points, last]}
          keys={[...statuses].reverse()}
          value={(point, status) => countOf(point.counts, status) / (isShare ? Math.max(1, totalOf(point)) : 1)}
          x={(_, index) => startOf(index)}
          y0={(range) => y(range[0])}
          y1={(range) => y(range[1])}
          // A point has the counts at the end of its day. It is drawn from there to the next point, so a status may
          // appear late by up to one interval, but never early.
          curve={curveStepAfter}
        >
          {({ stacks, path }) =>
            stacks.map((stack) => (
              <g key={stack.key}>
                <title>{texts.clauseStatus[stack.key].label}</title>
                <path
                  d={path(stack) ?? ''}
                  style={{ fill: statusColour(stack.key), stroke: 'var(--surface)', strokeWidth: 1 }}
                />
                {placeMarks(
                  points.map((_, index) => ({
                    from: startOf(index),
                    to: startOf(index + 1),
                    top: y(stack[index]?.[1] ?? 0),
                    bottom: y(stack[index]?.[0] ?? 0),
                  })),
                ).map((mark) => (
                  <use
                    key={mark.x}
                    href={`#${symbolOf(stack.key)}`}
                    x={mark.x - mark.size / 2}
                    y={mark.y - mark.size / 2}
                    width={mark.size}
                    height={mark.size}
                  />
                ))}
              </g>
            ))
          }
        </AreaStack>
        {placed.map(({ mark, x, row, isLeft }) => (
          <Label key={mark.number} {...mark} x={x} y={top - 10 - row * MARK_HEIGHT} bottom={top + PLOT_HEIGHT} isLeft={isLeft} />
        ))}
        <AxisLeft
          scale={y}
          left={MARGIN.left}
          numTicks={isShare ? 4 : Math.min(5, totalOf(first))}
          tickFormat={isShare ? (share) => texts.chart.percent(Math.round(Number(share) * 100)) : undefined}
          hideAxisLine
          tickStroke="none"
        />
        <AxisBottom
          scale={x}
          top={top + PLOT_HEIGHT}
          numTicks={Math.max(2, Math.floor(width / 110))}
          stroke="currentColor"
          tickStroke="currentColor"
        />
      </svg>
      <SavePicture picture={picture} title={caption} legend={legend} source={source} file={file} />
    </div>
  );
}

interface NumberedMark {
  number: number;
  /** Empty if the chart is too narrow. */
  text: string;
}

function placeLabels(marks: readonly ChartMark[], xOf: (day: string) => number, width: number) {
  const hasLabels = width >= MIN_WIDTH_WITH_LABELS;
  const numbered = marks.map(({ day, label }, index) => {
    const text = hasLabels ? (wrapText(label, MAX_LABEL_LENGTH, 1)[0] ?? '') : '';
    return { mark: { number: index + 1, text }, x: xOf(day), labelWidth: text.length * LETTER_WIDTH };
  });
  return placeChartMarks<NumberedMark>(numbered, width);
}

/** A line at a day, with its number and label above the chart. */
function Label({ number, text, x, y, bottom, isLeft }: NumberedMark & { x: number; y: number; bottom: number; isLeft: boolean }) {
  return (
    <g aria-hidden="true">
      <path d={`M${x} ${y}V${bottom}`} style={{ stroke: 'var(--surface)', strokeWidth: 4 }} />
      <path d={`M${x} ${y}V${bottom}`} style={{ stroke: 'var(--text)', strokeWidth: 1.5 }} />
      <circle cx={x} cy={y} r={9} style={{ fill: 'var(--text)' }} />
      <text x={x} y={y + 4} style={{ fill: 'var(--surface)', fontWeight: 600, textAnchor: 'middle' }}>
        {number}
      </text>
      <text
        x={isLeft ? x - 13 : x + 13}
        y={y + 4}
        style={{
          fill: 'var(--text)',
          textAnchor: isLeft ? 'end' : 'start',
          paintOrder: 'stroke',
          stroke: 'var(--surface)',
          strokeWidth: 4,
        }}
      >
        {text}
      </text>
    </g>
  );
}
