import { type KeyboardEvent, type Ref, useMemo, useRef, useState } from 'react';
import { statusName } from '../../components/status';
import { useWidth } from '../../components/useWidth';
import { texts } from '../../texts';
import { type Edge, type Graph, shortName, stepName, type StepState } from './graph';
import { BOX_HEIGHT, type Box, layoutOf } from './layout';
import { wrapText } from '../../format/lines';
import styles from './Sequence.module.css';
import { headingOf } from './Steps';

/** The CSS colours of states. Each box also has the state in words. */
export const STATE_COLOURS: Record<StepState, string> = {
  DONE: 'var(--status-complete)',
  ASSUMED: 'var(--status-suspended)',
  READY: 'var(--status-partial)',
  BLOCKED: 'var(--line-strong)',
  DEADLOCKED: 'var(--warning)',
  ENDED: 'var(--status-overtaken)',
};

/** The mean width of a letter in pixels. */
const LETTER_WIDTH = 6.6;

interface Props {
  ref: Ref<SVGSVGElement>;
  graph: Graph;
  slug: string;
  onToggle: (name: string) => void;
}

/** The steps in rows by stage, with a line from each step to those that wait for it. */
export function Picture({ ref, graph, slug, onToggle }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const layout = useMemo(() => layoutOf(graph, width), [graph, width]);
  const [focusedStep, setFocusedStep] = useState<string>();
  // The lines of deadlocks are never faint.
  const isFaint = ({ from, to, isInDeadlock }: Edge) => {
    if (isInDeadlock || from === focusedStep || to === focusedStep) return false;
    return focusedStep !== undefined || layout.isCrowded;
  };
  const firstUnranked = layout.stages.findIndex(({ rank }) => rank === undefined);
  return (
    <div ref={frame} className={styles.picture}>
      <svg
        ref={ref}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        width={layout.width}
        height={layout.height}
        role="group"
        aria-label={texts.sequence.pictureLabel}
      >
        {layout.stages.map(({ y, rank }, index) => (
          <text key={y} x={0} y={y + 12} className={styles.stageHead}>
            {rank !== undefined ? texts.sequence.stage(rank) : texts.sequence.withoutStage[index - firstUnranked]}
          </text>
        ))}
        <g aria-hidden="true">
          {layout.lines.map(({ edge, path, end }) => (
            <g
              key={`${edge.from} ${edge.to}`}
              className={edge.isInDeadlock ? styles.circular : styles.edge}
              opacity={isFaint(edge) ? 0.3 : 1}
            >
              <path
                d={path}
                fill="none"
                strokeDasharray={edge.preconditions.some((precondition) => precondition.heldBy === null) ? undefined : '5 4'}
              />
              <path className={styles.arrow} d={`M${end.x} ${end.y}l-5 ${end.isUpwards ? 9 : -9}h10z`} />
            </g>
          ))}
        </g>
        {layout.boxes.map((box) => (
          <StepBox key={box.step.id} box={box} width={layout.boxWidth} slug={slug} onToggle={onToggle} onShow={setFocusedStep} />
        ))}
      </svg>
    </div>
  );
}

interface BoxProps {
  box: Box;
  width: number;
  slug: string;
  onToggle: (name: string) => void;
  onShow: (id: string | undefined) => void;
}

function StepBox({ box: { step, state, x, y }, width, slug, onToggle, onShow }: BoxProps) {
  const isDone = state === 'DONE';
  const toggle = () => onToggle(stepName(step));
  const status = statusName(step);
  const letters = Math.floor((width - 20) / LETTER_WIDTH);
  const name = wrapText(shortName(step, slug), letters, 1);
  const heading = wrapText(headingOf(step), letters, 2);
  const stateAndStatus = `${texts.sequence.states[state]} · ${status}`;
  const button = {
    role: 'button',
    tabIndex: 0,
    'aria-pressed': state === 'ASSUMED',
    onClick: toggle,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      toggle();
    },
  };
  return (
    <g
      {...(isDone ? { role: 'img' } : button)}
      // A button needs no label, because its content is its name.
      aria-label={isDone ? [...name, ...heading, stateAndStatus].join(' ') : undefined}
      className={isDone ? styles.box : `${styles.box} ${styles.choice}`}
      transform={`translate(${x} ${y})`}
      onPointerEnter={() => onShow(step.id)}
      onPointerLeave={() => onShow(undefined)}
      onFocus={() => onShow(step.id)}
      onBlur={() => onShow(undefined)}
    >
      <rect
        width={width}
        height={BOX_HEIGHT}
        rx={4}
        style={{ stroke: STATE_COLOURS[state] }}
        strokeWidth={state === 'BLOCKED' ? 1 : 2}
        strokeDasharray={state === 'ASSUMED' ? '4 3' : undefined}
      />
      <rect width={5} height={BOX_HEIGHT} style={{ fill: STATE_COLOURS[state] }} stroke="none" />
      <text x={14} y={18} className={styles.name}>
        {name}{' '}
      </text>
      {heading.map((line, index) => (
        <text key={line} x={14} y={35 + index * 15}>
          {line}{' '}
        </text>
      ))}
      <text x={14} y={70} className={styles.state}>
        {stateAndStatus}
      </text>
    </g>
  );
}
