import type { Edge, Graph, GraphStep } from './graph';

export const BOX = { width: 186, height: 80 };
const GAP = { x: 46, y: 14 };
/** The height of a line that passes through a column. */
const LANE_HEIGHT = 12;
const HEADER_HEIGHT = 26;
const SWEEP_COUNT = 6;

export interface Layout {
  width: number;
  height: number;
  columns: readonly { x: number; rank: number | undefined }[];
  boxes: readonly (GraphStep & { x: number; y: number })[];
  lines: readonly { edge: Edge; path: string; end: Point }[];
}

interface Point {
  x: number;
  y: number;
  isFromRight: boolean;
}

/** A slot in a column: the box of a step, or a line that passes through. */
interface Slot {
  id: string;
  isBox: boolean;
}

/** Arranges steps in columns by stage, so that few lines cross. Steps without connections are left out. */
export function layoutOf(graph: Graph): Layout {
  const connected = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  const steps = graph.steps.filter(({ step }) => connected.has(step.id));
  const { columnOf, ranks } = columnsOf(steps, graph.edges);
  const slots: Slot[][] = ranks.map(() => []);
  for (const { step } of steps) slots[columnOf(step.id)]?.push({ id: step.id, isBox: true });
  const chains = graph.edges.map((edge) => {
    const chain = [edge.from];
    for (let column = columnOf(edge.from) + 1; column < columnOf(edge.to); column += 1) {
      const id = `${edge.from} ${edge.to} ${column}`;
      slots[column]?.push({ id, isBox: false });
      chain.push(id);
    }
    return { edge, chain: [...chain, edge.to] };
  });
  arrange(slots, chains.map(({ chain }) => chain));

  const heights = slots.map((column) => column.reduce((sum, slot) => sum + heightOf(slot) + GAP.y, 0));
  const height = Math.max(0, ...heights) + HEADER_HEIGHT;
  const centres = new Map<string, { x: number; y: number }>();
  slots.forEach((column, index) => {
    let y = HEADER_HEIGHT + (height - HEADER_HEIGHT - (heights[index] ?? 0)) / 2 + GAP.y / 2;
    for (const slot of column) {
      centres.set(slot.id, { x: xOf(index), y: y + heightOf(slot) / 2 });
      y += heightOf(slot) + GAP.y;
    }
  });
  const centreOf = (id: string) => centres.get(id) ?? { x: 0, y: 0 };
  return {
    width: xOf(ranks.length) - GAP.x + GAP.x / 2,
    height,
    columns: ranks.map((rank, index) => ({ x: xOf(index), rank })),
    boxes: steps.map((graphStep) => ({ ...graphStep, x: centreOf(graphStep.step.id).x, y: centreOf(graphStep.step.id).y - BOX.height / 2 })),
    lines: chains.map(({ edge, chain }) =>
      columnOf(edge.to) > columnOf(edge.from)
        ? { edge, path: forwardPath(chain.map(centreOf)), end: { ...centreOf(edge.to), isFromRight: false } }
        : { edge, ...sidewaysPath(centreOf(edge.from), centreOf(edge.to)) },
    ),
  };
}

const xOf = (column: number) => GAP.x / 2 + column * (BOX.width + GAP.x);
const heightOf = (slot: Slot) => (slot.isBox ? BOX.height : LANE_HEIGHT);

/** Assigns columns: first the stages, then deadlocked steps, then steps that wait for those, one column for each level. */
function columnsOf(steps: readonly GraphStep[], edges: readonly Edge[]) {
  const stages = [...new Set(steps.flatMap(({ rank }) => rank ?? []))].sort((first, second) => first - second);
  const unranked = new Map(steps.filter(({ rank }) => rank === undefined).map((graphStep) => [graphStep.step.id, graphStep]));
  const deadlocked = new Set(edges.filter((edge) => edge.isInDeadlock).flatMap(({ from, to }) => [from, to]));
  const depths = new Map<string, number>();
  const depthOf = (id: string, path: readonly string[] = []): number => {
    if (deadlocked.has(id) || path.includes(id)) return 0;
    const storedDepth = depths.get(id);
    if (storedDepth !== undefined) return storedDepth;
    const before = edges.filter(({ from, to }) => to === id && unranked.has(from));
    const depth = Math.max(0, ...before.map(({ from }) => 1 + depthOf(from, [...path, id])));
    depths.set(id, depth);
    return depth;
  };
  const columns = new Map(
    steps.map(({ step, rank }) => [
      step.id,
      rank === undefined ? stages.length + depthOf(step.id) : stages.indexOf(rank),
    ]),
  );
  const count = Math.max(0, ...[...columns.values()].map((column) => column + 1));
  return {
    columnOf: (id: string) => columns.get(id) ?? 0,
    ranks: Array.from({ length: count }, (_, index) => stages[index]),
  };
}

/** Sorts the slots of each column by the mean position of their neighbours, forwards and backwards in turn. */
function arrange(columns: Slot[][], chains: readonly (readonly string[])[]) {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const chain of chains) {
    chain.forEach((id, index) => {
      const next = chain[index + 1];
      if (next === undefined) return;
      after.set(id, [...(after.get(id) ?? []), next]);
      before.set(next, [...(before.get(next) ?? []), id]);
    });
  }
  const positions = new Map<string, number>();
  const storePositions = (column: readonly Slot[]) =>
    column.forEach((slot, index) => positions.set(slot.id, (index + 0.5) / column.length));
  columns.forEach(storePositions);
  for (let sweep = 0; sweep < SWEEP_COUNT; sweep += 1) {
    const isForth = sweep % 2 === 0;
    for (const column of isForth ? columns : columns.toReversed()) {
      const neighbours = isForth ? before : after;
      const targets = new Map(column.map(({ id }) => [id, mean(neighbours.get(id), positions) ?? positions.get(id) ?? 0]));
      column.sort((first, second) => (targets.get(first.id) ?? 0) - (targets.get(second.id) ?? 0));
      storePositions(column);
    }
  }
}

function mean(ids: readonly string[] | undefined, places: ReadonlyMap<string, number>): number | undefined {
  if (!ids?.length) return undefined;
  return ids.reduce((sum, id) => sum + (places.get(id) ?? 0), 0) / ids.length;
}

/** A line from the right side of the first point to the left side of the last, straight across the columns between. */
function forwardPath(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const pieces = [`M${first.x + BOX.width} ${round(first.y)}`];
  rest.forEach(({ x, y }, index) => {
    const from = points[index];
    if (!from) return;
    const middle = x - GAP.x / 2;
    pieces.push(`C${middle} ${round(from.y)} ${middle} ${round(y)} ${x} ${round(y)}`);
    if (index < rest.length - 1) pieces.push(`H${x + BOX.width}`);
  });
  return pieces.join('');
}

/** A line within a column, or to an earlier one: downwards on the right side, upwards on the left. */
function sidewaysPath(from: { x: number; y: number }, to: { x: number; y: number }) {
  const isDown = to.y > from.y;
  const out = isDown ? BOX.width : 0;
  const bend = isDown ? GAP.x * 0.6 : -GAP.x * 0.6;
  const [y0, y1] = [from.y + (isDown ? 12 : -12), to.y + (isDown ? -12 : 12)];
  const path = `M${from.x + out} ${round(y0)}C${from.x + out + bend} ${round(y0)} ${to.x + out + bend} ${round(y1)} ${to.x + out} ${round(y1)}`;
  return { path, end: { x: to.x + out, y: y1, isFromRight: isDown } };
}

const round = (value: number) => Math.round(value * 10) / 10;
