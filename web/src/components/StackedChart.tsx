import { AxisBottom, AxisLeft } from '@visx/axis';
import { scaleLinear, scaleUtc } from '@visx/scale';
import { AreaStack } from '@visx/shape';
import { curveStepAfter } from 'd3-shape';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { ClauseStatus } from '../api/schema.gen';
import { texts } from '../texts';
import { placeMarks } from './areaMarks';
import type { ChartProps, Point } from './Chart';
import { SavePicture } from './SavePicture';
import { GLYPHS } from './StatusBadge';
import { countOf, statusColour } from './status';

const HEIGHT = 300;
const MARGIN = { top: 14, right: 14, bottom: 28, left: 36 };
/** Width of the last point in pixels. Without it the point would be invisible, because no period follows it. */
const LAST_WIDTH = 10;

const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);

interface Props extends ChartProps {
  /** The statuses that occur, from the top of the stack. */
  statuses: readonly ClauseStatus[];
}

/** The chart itself. This module contains the chart library, and is loaded when the browser is idle. */
export default function StackedChart({ caption, source, points, file, statuses }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const id = useId();
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const total = first.counts.reduce((sum, entry) => sum + entry.count, 0);
  const x = scaleUtc({ domain: [dateOf(first.day), dateOf(last.day)], range: [MARGIN.left, width - MARGIN.right] });
  const y = scaleLinear({
    domain: [0, Math.max(1, ...points.map((point) => point.counts.reduce((sum, { count }) => sum + count, 0)))],
    range: [HEIGHT - MARGIN.bottom, MARGIN.top],
  });
  const startOf = (index: number) => x(dateOf((points[index] ?? last).day)) + (index === points.length ? LAST_WIDTH : 0);
  const symbolOf = (status: ClauseStatus) => `${id}-${status}`;
  const legend = statuses.map((status) => ({
    label: texts.clauseStatus[status].label,
    colour: statusColour(status),
    mark: symbolOf(status),
  }));
  return (
    <div ref={box}>
      <svg
        ref={picture}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={caption}
      >
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
          value={({ counts }, status) => countOf(counts, status)}
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
        <AxisLeft scale={y} left={MARGIN.left} numTicks={Math.min(5, total)} hideAxisLine tickStroke="none" />
        <AxisBottom
          scale={x}
          top={HEIGHT - MARGIN.bottom}
          numTicks={Math.max(2, Math.floor(width / 110))}
          stroke="currentColor"
          tickStroke="currentColor"
        />
      </svg>
      <SavePicture picture={picture} title={caption} legend={legend} source={source} file={file} />
    </div>
  );
}

function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800);
  useLayoutEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => {
      // Hidden elements have no width.
      if (entry && entry.contentRect.width > 0) setWidth(Math.max(280, Math.round(entry.contentRect.width)));
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
