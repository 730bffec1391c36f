import { useMemo, useRef } from 'react';
import { SavePicture } from '../../components/SavePicture';
import { StatusBadge } from '../../components/StatusBadge';
import { statusName } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { TrackableLink } from '../../components/TrackableLink';
import { joinNames } from '../../format/names';
import { texts } from '../../texts';
import { holderName, requiredOf } from './Deadlocks';
import { type Edge, type Graph, type GraphStep, shortName, type Step, stepName } from './graph';
import { useSequenceOptions } from './options';
import { Picture, STATE_COLOURS } from './Picture';
import styles from './Sequence.module.css';

interface Props {
  graph: Graph;
  slug: string;
  caption: string;
  /** A text that names the steps assumed done and says what this changes. Undefined if no step is assumed done. */
  assumption: string | undefined;
  source: string;
  file: readonly string[];
}

/** The steps as a picture and as a table. Steps can be selected in both. */
export function Steps({ graph, slug, caption, assumption, source, file }: Props) {
  const picture = useRef<SVGSVGElement>(null);
  const { assumed, toggle } = useSequenceOptions();
  const columns = useMemo(() => columnsOf(graph.edges, slug, assumed, toggle), [graph, slug, assumed, toggle]);
  const connected = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  const unconnected = graph.steps.filter(({ step }) => !connected.has(step.id));
  const occurringStates = new Set(graph.steps.map((step) => step.state));
  const legend = Object.entries(STATE_COLOURS).flatMap(([state, colour]) =>
    occurringStates.has(state as GraphStep['state']) ? [{ label: texts.sequence.states[state as GraphStep['state']], colour }] : [],
  );
  return (
    <section aria-labelledby="picture" className={styles.stages}>
      <h2 id="picture">{texts.sequence.stages}</h2>
      <figure className={styles.figure}>
        <figcaption>
          {/* One element for hint and effect, so that nothing moves and screen readers read the effect. */}
          <p role="status" className={assumption ? undefined : 'no-print'}>
            {assumption ?? (connected.size > 0 && texts.sequence.pictureHint)}
          </p>
          <p className="muted">{connected.size > 0 ? texts.sequence.lines : texts.sequence.noConnections}</p>
        </figcaption>
        {connected.size > 0 && (
          <>
            <Picture key={slug} ref={picture} graph={graph} slug={slug} onToggle={toggle} />
            <SavePicture picture={picture} title={caption} legend={legend} source={source} file={file} />
          </>
        )}
        {unconnected.length > 0 && (
          <p className={styles.untied}>
            <span className="muted">{texts.sequence.unconnected}</span>
            {unconnected.map(({ step }) => (
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
        <p className="hint wrap-anywhere">{source}</p>
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
  const waits = ({ step }: GraphStep) => edges.filter((edge) => edge.to === step.id).map((edge) => waitLine(edge, slug));
  return [
    {
      title: texts.sequence.step,
      isRowHeader: true,
      isWide: true,
      cell: ({ step }) => <TrackableLink item={step} />,
      csv: ({ step }) => `${step.reference} ${headingOf(step)}`,
    },
    { title: texts.sequence.stageColumn, isNumber: true, cell: (graphStep) => graphStep.rank ?? texts.states.none, csv: (graphStep) => graphStep.rank },
    {
      title: texts.sequence.stateColumn,
      cell: (graphStep) => <span className="nowrap">{texts.sequence.states[graphStep.state]}</span>,
      csv: (graphStep) => texts.sequence.states[graphStep.state],
    },
    { title: texts.sequence.status, cell: ({ step }) => <StepStatus step={step} />, csv: ({ step }) => statusName(step) },
    {
      title: texts.sequence.waitsFor,
      cell: (graphStep) => (
        <ul className={styles.waits}>
          {waits(graphStep).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ),
      csv: (graphStep) => waits(graphStep).join('; '),
    },
    {
      title: texts.sequence.whatIf,
      cell: ({ step, state }) =>
        state !== 'DONE' && (
          <button
            type="button"
            className="quiet nowrap no-print"
            aria-pressed={assumed.includes(stepName(step))}
            aria-label={`${texts.sequence.assume}: ${step.reference}`}
            onClick={() => toggle(stepName(step))}
          >
            {state === 'ASSUMED' ? texts.sequence.unassume : texts.sequence.assume}
          </button>
        ),
    },
  ];
}

function waitLine({ preconditions }: Edge, slug: string): string {
  const holders = [...new Set(preconditions.map((precondition) => precondition.heldBy?.shortName ?? null))].map(holderName);
  // A wait for the end of a step includes the wait for its start.
  const precondition = preconditions.find(({ needs }) => needs === 'DONE') ?? preconditions[0];
  if (!precondition) return '';
  return `${requiredOf(precondition, shortName(precondition.requires, slug))} ${texts.sequence.by(joinNames(holders))}`;
}

export function headingOf(step: Step): string {
  return step.__typename === 'Proposal' ? step.title : step.heading;
}

function StepStatus({ step }: { step: Step }) {
  return step.__typename === 'Clause' ? <StatusBadge status={step.clauseStatus} /> : statusName(step);
}
