import { useMemo, useRef } from 'react';
import { SavePicture } from '../../components/SavePicture';
import { StatusBadge } from '../../components/StatusBadge';
import { statusName } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { TrackableLink } from '../../components/TrackableLink';
import { listed } from '../../format/words';
import { texts } from '../../texts';
import { useChoice } from './choice';
import { holderName } from './Deadlocks';
import { type Edge, type Graph, type GraphStep, shortName, type Step, stepName } from './graph';
import { Picture, TURN_COLOURS } from './Picture';
import styles from './Sequence.module.css';

interface Props {
  graph: Graph;
  slug: string;
  caption: string;
  /** What is taken as done and what follows from it, in words. */
  assumption: string | undefined;
  source: string;
  file: readonly string[];
}

/** The steps as a picture, and the same as a table; a step is chosen in either. */
export function Steps({ graph, slug, caption, assumption, source, file }: Props) {
  const picture = useRef<SVGSVGElement>(null);
  const { assumed, toggle } = useChoice();
  const columns = useMemo(() => columnsOf(graph.edges, slug, assumed, toggle), [graph, slug, assumed, toggle]);
  const tied = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  const untied = graph.steps.filter(({ step }) => !tied.has(step.id));
  const turns = new Set(graph.steps.map((it) => it.turn));
  const legend = Object.entries(TURN_COLOURS).flatMap(([turn, colour]) =>
    turns.has(turn as GraphStep['turn']) ? [{ label: texts.sequence.states[turn as GraphStep['turn']], colour }] : [],
  );
  return (
    <section aria-labelledby="picture" className={styles.stages}>
      <h2 id="picture">{texts.sequence.picture}</h2>
      <figure className={styles.figure}>
        <figcaption>
          {/* One place for both: what is chosen moves nothing, and what follows is read out. */}
          <p role="status" className={assumption ? undefined : 'no-print'}>
            {assumption ?? (tied.size > 0 && texts.sequence.pictureHint)}
          </p>
          <p className="muted">{tied.size > 0 ? texts.sequence.lines : texts.sequence.noConnections}</p>
        </figcaption>
        {tied.size > 0 && (
          <>
            <Picture key={slug} ref={picture} graph={graph} slug={slug} onToggle={toggle} />
            <SavePicture picture={picture} title={caption} legend={legend} source={source} file={file} />
          </>
        )}
        {untied.length > 0 && (
          <p className={styles.untied}>
            <span className="muted">{texts.sequence.unconnected}</span>
            {untied.map(({ step }) => (
              <TrackableLink key={step.id} item={step} isShort />
            ))}
          </p>
        )}
        <details className={styles.table}>
          <summary>{texts.export.asTable}</summary>
          <Table
            caption={caption}
            columns={columns}
            rows={graph.steps}
            rowKey={({ step }) => step.id}
            file={file}
          />
        </details>
        <p className="hint">{source}</p>
      </figure>
    </section>
  );
}

function columnsOf(
  edges: readonly Edge[],
  slug: string,
  assumed: readonly string[],
  toggle: (name: string) => void,
): Column<GraphStep>[] {
  const waits = ({ step }: GraphStep) => edges.filter((it) => it.to === step.id).map((it) => waitLine(it, slug));
  return [
    {
      title: texts.sequence.step,
      isRowHeader: true,
      isWide: true,
      cell: ({ step }) => <TrackableLink item={step} />,
      csv: ({ step }) => `${step.reference} ${headingOf(step)}`,
    },
    { title: texts.sequence.stageColumn, isNumber: true, cell: (it) => it.rank ?? texts.states.none, csv: (it) => it.rank },
    {
      title: texts.sequence.stateColumn,
      cell: (it) => <span className="nowrap">{texts.sequence.states[it.turn]}</span>,
      csv: (it) => texts.sequence.states[it.turn],
    },
    { title: texts.sequence.status, cell: ({ step }) => <StepStatus step={step} />, csv: ({ step }) => statusName(step) },
    {
      title: texts.sequence.waitsFor,
      cell: (it) => (
        <ul className={styles.waits}>
          {waits(it).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ),
      csv: (it) => waits(it).join('; '),
    },
    {
      title: texts.sequence.whatIf,
      cell: ({ step, turn }) =>
        turn !== 'DONE' && (
          <button
            type="button"
            className="quiet nowrap no-print"
            aria-pressed={assumed.includes(stepName(step))}
            aria-label={`${texts.sequence.assume}: ${step.reference}`}
            onClick={() => toggle(stepName(step))}
          >
            {turn === 'ASSUMED' ? texts.sequence.unassume : texts.sequence.assume}
          </button>
        ),
    },
  ];
}

function waitLine({ preconditions }: Edge, slug: string): string {
  const holders = [...new Set(preconditions.map((it) => it.heldBy?.shortName ?? null))].map(holderName);
  const requires = preconditions[0]?.requires;
  return requires ? `${shortName(requires, slug)} ${texts.sequence.by(listed(holders))}` : '';
}

export function headingOf(step: Step): string {
  return step.__typename === 'Proposal' ? step.title : step.heading;
}

function StepStatus({ step }: { step: Step }) {
  return step.__typename === 'Clause' ? <StatusBadge status={step.clauseStatus} /> : statusName(step);
}
