import { useId, useRef } from 'react';
import { useQuery } from '../../api/query';
import { useView } from '../../app/view';
import { pictureSource } from '../../components/citedPath';
import { DayText } from '../../components/DayText';
import { Loaded } from '../../components/Loaded';
import { SavePicture } from '../../components/SavePicture';
import { StatusBadge } from '../../components/StatusBadge';
import { legendOf, StatusSymbols } from '../../components/StatusSymbols';
import { STATUS_ORDER, statusColour } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { TimeAxis } from '../../components/TimeAxis';
import { useWidth } from '../../components/useWidth';
import { dayNumber, dayOf, shortDay } from '../../format/days';
import { wrapText } from '../../format/lines';
import { texts } from '../../texts';
import { ClauseStepsDocument } from './Clause.gen';
import type { Clause, ClauseNames } from './Clause';
import styles from './Clause.module.css';
import { type Row, type Step, stepsOf } from './steps';

/** The name of the holder is to the left of its row, or above it in a narrow chart. */
const LAYOUTS = {
  wide: { rowHeight: 34, barTop: 4, nameWidth: 130, nameBaseline: 17 },
  narrow: { rowHeight: 46, barTop: 19, nameWidth: 0, nameBaseline: 13 },
};
const MIN_WIDE_WIDTH = 560;
const BAR_HEIGHT = 18;
/** Height of the solid line below the tint of a bar. */
const LINE_HEIGHT = 3;
const AXIS_HEIGHT = 24;
const EDGE = 8;
const LETTER_WIDTH = 6.6;
const MAX_NAME_LENGTH = 19;

interface Props {
  clause: Clause;
  names: ClauseNames;
  asOf: string;
  viewpoint: string;
}

/** The statuses over time in the neutral record and in the view of each party, as a picture and as a table. */
export function StepChart({ clause, names, asOf, viewpoint }: Props) {
  const view = useView();
  const [result, refetch] = useQuery({ query: ClauseStepsDocument, variables: names });
  return (
    <section aria-labelledby="over-time">
      <h2 id="over-time">{texts.clause.overTime}</h2>
      <Loaded result={result} retry={refetch}>
        {({ clause: loaded }) => {
          const rows = stepsOf(loaded?.assessments.nodes ?? [], asOf);
          if (rows.length === 0) return <p className="muted">{texts.clause.viewpointsEmpty}</p>;
          const caption = texts.clause.overTimeCaption(clause.reference);
          const file = [clause.agreement.slug, clause.number, 'views-over-time', asOf];
          const source = pictureSource(view, viewpoint);
          const [first] = rows[0]?.steps ?? [];
          const isSame = rows.every(({ steps }) => steps.every(({ status }) => status === first?.status));
          const figure = (
            <figure className={styles.steps}>
              <Picture rows={rows} from={clause.agreement.agreedOn} asOf={asOf} caption={caption} source={source} file={file} />
              <details>
                <summary>{texts.export.asTable}</summary>
                <Table
                  caption={caption}
                  columns={COLUMNS}
                  rows={rows.flatMap(({ holder, steps }) => steps.map((step) => ({ ...step, holder })))}
                  rowKey={(step) => `${step.holder?.slug} ${step.from}`}
                  file={file}
                />
              </details>
              <p className="hint wrap-anywhere">{source}</p>
            </figure>
          );
          return isSame && first ? (
            <details>
              <summary>{texts.clause.unchanged(texts.clauseStatus[first.status].label)}</summary>
              {figure}
            </details>
          ) : (
            figure
          );
        }}
      </Loaded>
    </section>
  );
}

interface PictureProps {
  rows: readonly Row[];
  from: string;
  asOf: string;
  caption: string;
  source: string;
  file: readonly string[];
}

function Picture({ rows, from, asOf, caption, source, file }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<SVGSVGElement>(null);
  const id = useId();
  const width = useWidth(box);
  const first = Math.min(dayNumber(from), ...rows.map(({ steps }) => dayNumber(steps[0]?.from ?? asOf)));
  const days = Math.max(1, dayNumber(asOf) - first);
  const { rowHeight, barTop, nameWidth, nameBaseline } = LAYOUTS[width < MIN_WIDE_WIDTH ? 'narrow' : 'wide'];
  const left = EDGE + nameWidth;
  const x = (day: string) => left + ((dayNumber(day) - first) / days) * (width - left - EDGE);
  const axis = rows.length * rowHeight;
  const height = axis + AXIS_HEIGHT;
  const statuses = STATUS_ORDER.filter((status) => rows.some(({ steps }) => steps.some((step) => step.status === status)));
  const symbolOf = (status: Step['status']) => `${id}-${status}`;
  return (
    <div ref={box} className={styles.stepPicture}>
      <svg ref={picture} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={caption}>
        <StatusSymbols statuses={statuses} symbolOf={symbolOf} />
        <TimeAxis first={dayOf(first)} last={asOf} x={x} from={left} to={width - EDGE} y={axis} top={0} width={width} />
        {rows.map(({ holder, steps }, index) => (
          <g key={holder?.slug ?? ''} transform={`translate(0 ${index * rowHeight})`}>
            <text x={nameWidth ? 0 : EDGE} y={nameBaseline} className={styles.holder}>
              {wrapText(holder?.shortName ?? texts.view.neutral, nameWidth ? MAX_NAME_LENGTH : 60, 1)}
            </text>
            {steps.map((step) => (
              <Segment key={step.from} step={step} x={x} y={barTop} symbol={symbolOf(step.status)} />
            ))}
          </g>
        ))}
      </svg>
      <SavePicture picture={picture} title={caption} legend={legendOf({ statuses, symbolOf })} source={source} file={file} />
    </div>
  );
}

/** A bar for a status, with its symbol and name if they fit, and a dot for each assessment. The dot of an assessment with evidence is filled. */
function Segment({ step, x, y, symbol }: { step: Step; x: (day: string) => number; y: number; symbol: string }) {
  const { status, from, to, points } = step;
  const start = x(from);
  const width = Math.max(3, x(to) - start);
  const { label } = texts.clauseStatus[status];
  const letters = Math.floor((width - 24) / LETTER_WIDTH);
  return (
    <g>
      <title>{texts.clause.stepTitle(label, shortDay(from), points.reduce((sum, { sources }) => sum + sources, 0))}</title>
      {/* A tint, so that the name on it is readable in every colour. The line has the colour itself. */}
      <rect x={start} y={y} width={width} height={BAR_HEIGHT} style={{ fill: `color-mix(in srgb, ${statusColour(status)} 22%, var(--surface))` }} />
      <rect x={start} y={y + BAR_HEIGHT - LINE_HEIGHT} width={width} height={LINE_HEIGHT} style={{ fill: statusColour(status) }} />
      <path d={`M${start} ${y}v${BAR_HEIGHT}`} style={{ stroke: 'var(--surface)' }} />
      {width > 20 && <use href={`#${symbol}`} x={start + 3} y={y + 1} width={13} height={13} />}
      {letters >= label.length && (
        <text x={start + 21} y={y + 12}>
          {wrapText(label, letters, 1)}
        </text>
      )}
      {points.map(({ day, sources }) => (
        <circle
          key={day}
          cx={x(day)}
          cy={y + BAR_HEIGHT + 5}
          r={2.5}
          style={{ fill: sources > 0 ? 'var(--text)' : 'var(--surface)', stroke: 'var(--text)' }}
        />
      ))}
    </g>
  );
}

const COLUMNS: readonly Column<Step & { holder: Row['holder'] }>[] = [
  {
    title: texts.clause.view,
    isLead: true,
    cell: ({ holder }) => holder?.shortName ?? texts.view.neutral,
    csv: ({ holder }) => holder?.shortName ?? texts.view.neutral,
  },
  {
    title: texts.clause.status,
    isRowHeader: true,
    cell: ({ status }) => <StatusBadge status={status} />,
    csv: ({ status }) => texts.clauseStatus[status].label,
  },
  { title: texts.clause.sinceDay, cell: ({ from }) => <DayText day={from} />, csv: ({ from }) => from },
  { title: texts.clause.until, cell: ({ to }) => <DayText day={to} />, csv: ({ to }) => to },
  {
    title: texts.clause.assessments,
    isNumber: true,
    cell: ({ points }) => points.length,
    csv: ({ points }) => points.length,
  },
];
