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
import { type Edge, type Graph, type GraphStep, shortName, stepName, type Turn } from './graph';
import { BOX, layoutOf } from './layout';
import { lines } from './lines';
import { isLegibleIn, moreBeside, scrollFor } from './room';
import styles from './Sequence.module.css';
import { headingOf } from './Steps';

/** The style sheets' colours of turns; the word stands in each box. */
export const TURN_COLOURS: Record<Turn, string> = {
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

/** The steps in columns by stage, with a line from each to what waits for it. */
export function Picture({ ref, graph, slug, onToggle }: Props) {
  const layout = useMemo(() => layoutOf(graph), [graph]);
  const [shown, setShown] = useState<string>();
  const frame = useRef<HTMLDivElement>(null);
  const { room, isMoreBefore, isMoreAfter, measure } = useRoom(frame);
  const [chosen, choose] = useState<boolean>();
  const isWhole = chosen ?? isLegibleIn(room, layout);
  // At first, and when the size becomes another; else what somebody scrolled to stays.
  useLayoutEffect(() => {
    if (frame.current && !isWhole) frame.current.scrollLeft = scrollFor(layout, frame.current.clientWidth);
  }, [isWhole]);
  // A deadlock is never to be overlooked.
  const isFaint = ({ from, to, isCircular }: Edge) =>
    shown !== undefined && from !== shown && to !== shown && !isCircular;
  const firstWithout = layout.columns.findIndex(({ rank }) => rank === undefined);
  return (
    <>
      {room < layout.width && (
        <p className="actions no-print">
          <button type="button" className="quiet" onClick={() => choose(!isWhole)}>
            {isWhole ? texts.sequence.actualSize : texts.sequence.fitToWidth}
          </button>
        </p>
      )}
      <div className={`${styles.frame} ${isMoreBefore ? styles.before : ''} ${isMoreAfter ? styles.after : ''}`}>
        {/* What scrolls has to be reached by keyboard. */}
        <div
          ref={frame}
          className={isWhole ? `${styles.picture} ${styles.whole}` : styles.picture}
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
                  : texts.sequence.withoutStage[index - firstWithout]}
              </text>
            ))}
            <g aria-hidden="true">
              {layout.lines.map(({ edge, path, end }) => (
                <g
                  key={`${edge.from} ${edge.to}`}
                  className={edge.isCircular ? styles.circular : styles.edge}
                  opacity={isFaint(edge) ? 0.35 : 1}
                >
                  <path
                    d={path}
                    fill="none"
                    strokeDasharray={edge.preconditions.some((it) => it.heldBy === null) ? undefined : '5 4'}
                  />
                  <path
                    className={styles.arrow}
                    d={end.isFromRight ? `M${end.x} ${end.y}l9 -5v10z` : `M${end.x} ${end.y}l-9 -5v10z`}
                  />
                </g>
              ))}
            </g>
            {layout.boxes.map((box) => (
              <Box key={box.step.id} box={box} slug={slug} onToggle={onToggle} onShow={setShown} />
            ))}
          </svg>
        </div>
      </div>
    </>
  );
}

/** How wide the picture's frame is, and on which sides of it there is more. */
function useRoom(frame: RefObject<HTMLElement | null>) {
  const [room, setRoom] = useState(0);
  const [isMoreBefore, setMoreBefore] = useState(false);
  const [isMoreAfter, setMoreAfter] = useState(false);
  const measure = useCallback(() => {
    if (!frame.current) return;
    const more = moreBeside(frame.current);
    setRoom(frame.current.clientWidth);
    setMoreBefore(more.isBefore);
    setMoreAfter(more.isAfter);
  }, [frame]);
  useLayoutEffect(() => {
    if (!frame.current) return;
    measure();
    const observer = new ResizeObserver(measure);
    for (const it of [frame.current, ...frame.current.children]) observer.observe(it);
    return () => observer.disconnect();
  }, [frame, measure]);
  return { room, isMoreBefore, isMoreAfter, measure };
}

interface BoxProps {
  box: GraphStep & { x: number; y: number };
  slug: string;
  onToggle: (name: string) => void;
  onShow: (id: string | undefined) => void;
}

function Box({ box: { step, turn, x, y }, slug, onToggle, onShow }: BoxProps) {
  const isDone = turn === 'DONE';
  const toggle = () => onToggle(stepName(step));
  const status = statusName(step);
  const name = lines(shortName(step, slug), 24, 1);
  const heading = lines(headingOf(step), 25, 2);
  const stand = `${texts.sequence.states[turn]} · ${status}`;
  const button = {
    role: 'button',
    tabIndex: 0,
    'aria-pressed': turn === 'ASSUMED',
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
      // A button is named by the words in it.
      aria-label={isDone ? [...name, ...heading, stand].join(' ') : undefined}
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
        style={{ stroke: TURN_COLOURS[turn] }}
        strokeWidth={turn === 'BLOCKED' ? 1 : 2}
        strokeDasharray={turn === 'ASSUMED' ? '4 3' : undefined}
      />
      <rect width={5} height={BOX.height} style={{ fill: TURN_COLOURS[turn] }} stroke="none" />
      <text x={14} y={18} className={styles.name}>
        {name}{' '}
      </text>
      {heading.map((line, index) => (
        <text key={line} x={14} y={35 + index * 15}>
          {line}{' '}
        </text>
      ))}
      <text x={14} y={70} className={styles.turn}>
        {stand}
      </text>
    </g>
  );
}
