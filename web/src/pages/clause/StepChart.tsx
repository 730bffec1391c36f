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

const ROW_HEIGHT = 46;
const BAR = { top: 19, height: 18 };
const AXIS_HEIGHT = 24;
const EDGE = 8;
const LETTER_WIDTH = 6.6;

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
          return (
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
  const x = (day: string) => EDGE + ((dayNumber(day) - first) / days) * (width - 2 * EDGE);
  const height = rows.length * ROW_HEIGHT + AXIS_HEIGHT;
  const axis = rows.length * ROW_HEIGHT;
  const statuses = STATUS_ORDER.filter((status) => rows.some(({ steps }) => steps.some((step) => step.status === status)));
  const symbolOf = (status: Step['status']) => `${id}-${status}`;
  return (
    <div ref={box} className={styles.stepPicture}>
      <svg ref={picture} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={caption}>
        <StatusSymbols statuses={statuses} symbolOf={symbolOf} />
        <TimeAxis first={dayOf(first)} last={asOf} x={x} from={EDGE} to={width - EDGE} y={axis} top={0} width={width} />
        {rows.map(({ holder, steps }, index) => (
          <g key={holder?.slug ?? ''} transform={`translate(0 ${index * ROW_HEIGHT})`}>
            <text x={EDGE} y={13} className={styles.holder}>
              {holder?.shortName ?? texts.view.neutral}
            </text>
            {steps.map((step) => (
              <Segment key={step.from} step={step} x={x} symbol={symbolOf(step.status)} />
            ))}
          </g>
        ))}
      </svg>
      <SavePicture picture={picture} title={caption} legend={legendOf({ statuses, symbolOf })} source={source} file={file} />
    </div>
  );
}

/** A bar for a status, with its symbol and name if they fit, and a dot for each assessment. The dot of an assessment with evidence is filled. */
function Segment({ step, x, symbol }: { step: Step; x: (day: string) => number; symbol: string }) {
  const { status, from, to, points } = step;
  const start = x(from);
  const width = Math.max(3, x(to) - start);
  const { label } = texts.clauseStatus[status];
  const letters = Math.floor((width - 24) / LETTER_WIDTH);
  return (
    <g>
      <title>{texts.clause.stepTitle(label, shortDay(from), points.reduce((sum, { sources }) => sum + sources, 0))}</title>
      <rect
        x={start}
        y={BAR.top}
        width={width}
        height={BAR.height}
        style={{ fill: statusColour(status), stroke: 'var(--surface)' }}
      />
      {width > 20 && <use href={`#${symbol}`} x={start + 3} y={BAR.top + 2} width={14} height={14} />}
      {letters >= label.length && (
        <text x={start + 21} y={BAR.top + 13} className={styles.onBar}>
          {wrapText(label, letters, 1)}
        </text>
      )}
      {points.map(({ day, sources }) => (
        <circle
          key={day}
          cx={x(day)}
          cy={BAR.top + BAR.height + 4}
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
