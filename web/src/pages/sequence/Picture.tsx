import {
  type KeyboardEvent,
  type Ref,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { statusName } from '../../components/status';
import { texts } from '../../texts';
import { type Edge, type Graph, type GraphStep, shortName, stepName, type StepState } from './graph';
import { BOX, layoutOf } from './layout';
import { wrapText } from './lines';
import styles from './Sequence.module.css';
import { headingOf } from './Steps';
import { isLegibleIn, overflowOf, scrollFor } from './viewport';

/** The CSS colours of states. Each box also has the state in words. */
export const STATE_COLOURS: Record<StepState, string> = {
  DONE: 'var(--status-complete)',
  ASSUMED: 'var(--status-suspended)',
  READY: 'var(--status-partial)',
  BLOCKED: 'var(--line-strong)',
  DEADLOCKED: 'var(--warning)',
};

interface Props {
  ref: Ref<SVGSVGElement>;
  graph: Graph;
  slug: string;
  onToggle: (name: string) => void;
}

/** The steps in columns by stage, with a line from each step to those that wait for it. */
export function Picture({ ref, graph, slug, onToggle }: Props) {
  const layout = useMemo(() => layoutOf(graph), [graph]);
  const [focusedStep, setFocusedStep] = useState<string>();
  const frame = useRef<HTMLDivElement>(null);
  const { room, isMoreBefore, isMoreAfter, measure } = useViewport(frame);
  const [choice, setChoice] = useState<boolean>();
  const fitsToWidth = choice ?? isLegibleIn(room, layout);
  // Only initially and when the scale changes, to keep the user's scroll position.
  useLayoutEffect(() => {
    if (frame.current && !fitsToWidth) frame.current.scrollLeft = scrollFor(layout, frame.current.clientWidth);
  }, [fitsToWidth]);
  // Deadlocks are never faint.
  const isFaint = ({ from, to, isInDeadlock }: Edge) =>
    focusedStep !== undefined && from !== focusedStep && to !== focusedStep && !isInDeadlock;
  const firstUnranked = layout.columns.findIndex(({ rank }) => rank === undefined);
  return (
    <>
      {room < layout.width && (
        <p className="actions no-print">
          <button type="button" className="quiet" onClick={() => setChoice(!fitsToWidth)}>
            {fitsToWidth ? texts.sequence.actualSize : texts.sequence.fitToWidth}
          </button>
        </p>
      )}
      <div className={`${styles.frame} ${isMoreBefore ? styles.before : ''} ${isMoreAfter ? styles.after : ''}`}>
        {/* Focusable, so that it can be scrolled by keyboard. */}
        <div
          ref={frame}
          className={fitsToWidth ? `${styles.picture} ${styles.whole}` : styles.picture}
          tabIndex={0}
          role="region"
          aria-label={texts.sequence.pictureLabel}
          onScroll={measure}
        >
          <svg
            ref={ref}
            viewBox={`0 0 ${layout.width} ${layout.height}`}
            width={layout.width}
            height={layout.height}
            role="group"
            aria-label={texts.sequence.picture}
          >
            {layout.columns.map(({ x, rank }, index) => (
              <text key={x} x={x} y={14} className={styles.columnHead}>
                {rank !== undefined
                  ? texts.sequence.stage(rank)
                  : texts.sequence.withoutStage[index - firstUnranked]}
              </text>
            ))}
            <g aria-hidden="true">
              {layout.lines.map(({ edge, path, end }) => (
                <g
                  key={`${edge.from} ${edge.to}`}
                  className={edge.isInDeadlock ? styles.circular : styles.edge}
                  opacity={isFaint(edge) ? 0.35 : 1}
                >
                  <path
                    d={path}
                    fill="none"
                    strokeDasharray={edge.preconditions.some((precondition) => precondition.heldBy === null) ? undefined : '5 4'}
                  />
                  <path
                    className={styles.arrow}
                    d={end.isFromRight ? `M${end.x} ${end.y}l9 -5v10z` : `M${end.x} ${end.y}l-9 -5v10z`}
                  />
                </g>
              ))}
            </g>
            {layout.boxes.map((box) => (
              <Box key={box.step.id} box={box} slug={slug} onToggle={onToggle} onShow={setFocusedStep} />
            ))}
          </svg>
        </div>
      </div>
    </>
  );
}

/** The width of the frame, and on which sides the picture extends beyond it. */
function useViewport(frame: RefObject<HTMLElement | null>) {
  const [width, setWidth] = useState(0);
  const [isMoreBefore, setMoreBefore] = useState(false);
  const [isMoreAfter, setMoreAfter] = useState(false);
  const measure = useCallback(() => {
    if (!frame.current) return;
    const more = overflowOf(frame.current);
    setWidth(frame.current.clientWidth);
    setMoreBefore(more.isBefore);
    setMoreAfter(more.isAfter);
  }, [frame]);
  useLayoutEffect(() => {
    if (!frame.current) return;
    measure();
    const observer = new ResizeObserver(measure);
    for (const element of [frame.current, ...frame.current.children]) observer.observe(element);
    return () => observer.disconnect();
  }, [frame, measure]);
  return { room: width, isMoreBefore, isMoreAfter, measure };
}

interface BoxProps {
  box: GraphStep & { x: number; y: number };
  slug: string;
  onToggle: (name: string) => void;
  onShow: (id: string | undefined) => void;
}

function Box({ box: { step, state, x, y }, slug, onToggle, onShow }: BoxProps) {
  const isDone = state === 'DONE';
  const toggle = () => onToggle(stepName(step));
  const status = statusName(step);
  const name = wrapText(shortName(step, slug), 24, 1);
  const heading = wrapText(headingOf(step), 25, 2);
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
      // The label of a button is its content.
      aria-label={isDone ? [...name, ...heading, stateAndStatus].join(' ') : undefined}
      className={isDone ? styles.box : `${styles.box} ${styles.choice}`}
      transform={`translate(${x} ${y})`}
      onPointerEnter={() => onShow(step.id)}
      onPointerLeave={() => onShow(undefined)}
      onFocus={() => onShow(step.id)}
      onBlur={() => onShow(undefined)}
    >
      <rect
        width={BOX.width}
        height={BOX.height}
        rx={4}
        style={{ stroke: STATE_COLOURS[state] }}
        strokeWidth={state === 'BLOCKED' ? 1 : 2}
        strokeDasharray={state === 'ASSUMED' ? '4 3' : undefined}
      />
      <rect width={5} height={BOX.height} style={{ fill: STATE_COLOURS[state] }} stroke="none" />
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
