import { timeTicks } from './timeTicks';

/** Half of the width of the longest label, in pixels. */
const HALF_LABEL = { year: 16, longer: 40 };
const TICK = 5;

interface Props {
  first: string;
  last: string;
  x: (day: string) => number;
  /** The positions of the left and the right end of the line. */
  from: number;
  to: number;
  /** The position of the line, below the chart. */
  y: number;
  /** The position of the upper ends of the lines that mark days. Undefined if these lines do not extend into the chart. */
  top?: number;
  /** The width of the picture. Labels that would extend beyond it are omitted. */
  width: number;
}

/** The axis of time below a chart: a line, with marked days. */
export function TimeAxis({ first, last, x, from, to, y, top, width }: Props) {
  return (
    <g className="time-axis">
      {timeTicks(first, last, to - from).map(({ day, label }) => {
        const half = label.length > 4 ? HALF_LABEL.longer : HALF_LABEL.year;
        const isCut = x(day) < half || x(day) + half > width;
        return (
          <g key={day}>
            {top !== undefined && <path d={`M${x(day)} ${top}V${y}`} style={{ stroke: 'var(--line)' }} />}
            <path d={`M${x(day)} ${y}v${TICK}`} style={{ stroke: 'var(--text)' }} />
            {!isCut && (
              <text x={x(day)} y={y + 18} style={{ fill: 'var(--muted)', textAnchor: 'middle' }}>
                {label}
              </text>
            )}
          </g>
        );
      })}
      <path className="time-axis-line" d={`M${from} ${y}H${to}`} style={{ stroke: 'var(--text)' }} />
    </g>
  );
}
