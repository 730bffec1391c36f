import type { Edge, Graph, GraphStep } from './graph';

export const BOX_HEIGHT = 78;
const BOX_WIDTH = { min: 150, max: 200 };
const GAP = { x: 20, y: 46 };
/** The width reserved for a line that passes through a row. */
const LANE_WIDTH = 12;
const HEADER_HEIGHT = 20;
/** The distance between lines that start or end at the same side of a box. */
const PORT_DISTANCE = 14;
const SWEEP_COUNT = 6;

export interface Box extends GraphStep {
  x: number;
  y: number;
}

export interface Layout {
  /** The width of the picture. At most the available width. */
  width: number;
  height: number;
  boxWidth: number;
  /** One entry for each stage: its rank, and the top of its heading. */
  stages: readonly { y: number; rank: number | undefined }[];
  boxes: readonly Box[];
  lines: readonly { edge: Edge; path: string; end: End }[];
  /** Whether lines cross boxes, because the width leaves no room beside them. */
  isCrowded: boolean;
}

/** The tip of a line. */
interface End {
  x: number;
  y: number;
  isUpwards: boolean;
}

/** A slot in a row: the box of a step, or a line that passes through. */
interface Slot {
  id: string;
  isBox: boolean;
}

interface Point {
  x: number;
  y: number;
}

/**
 * Arranges steps in rows by stage, within a width, so that few lines cross. Steps without connections are omitted. If a
 * stage is too wide, it has several rows, and lines pass behind the boxes.
 */
export function layoutOf(graph: Graph, width: number): Layout {
  const connected = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  const steps = graph.steps.filter(({ step }) => connected.has(step.id));
  const { stageOf, ranks } = stagesOf(steps, graph.edges);
  const slots: Slot[][] = ranks.map(() => []);
  for (const { step } of steps) slots[stageOf(step.id)]?.push({ id: step.id, isBox: true });
  const chains = graph.edges.map((edge) => {
    const chain = [edge.from];
    for (let stage = stageOf(edge.from) + 1; stage < stageOf(edge.to); stage += 1) {
      const id = `${edge.from} ${edge.to} ${stage}`;
      slots[stage]?.push({ id, isBox: false });
      chain.push(id);
    }
    return { edge, chain: [...chain, edge.to] };
  });
  arrange(slots, chains.map(({ chain }) => chain));

  const roomIn = (row: readonly Slot[]) => {
    const boxes = row.filter(({ isBox }) => isBox).length;
    return (width - (row.length - boxes) * LANE_WIDTH - (boxes - 1) * GAP.x) / Math.max(1, boxes);
  };
  const room = Math.min(...slots.map(roomIn));
  const isCrowded = room < BOX_WIDTH.min;
  const perRow = Math.max(1, Math.floor((width + GAP.x) / (BOX_WIDTH.min + GAP.x)));
  const boxWidth = Math.min(width, BOX_WIDTH.max, isCrowded ? (width - (perRow - 1) * GAP.x) / perRow : room);
  const widthOf = (slot: Slot) => (slot.isBox ? boxWidth + GAP.x : LANE_WIDTH);

  const centres = new Map<string, Point>();
  const stages: Layout['stages'][number][] = [];
  let y = 0;
  slots.forEach((stage, index) => {
    stages.push({ y, rank: ranks[index] });
    y += HEADER_HEIGHT;
    const rows = isCrowded ? chunksOf(stage.filter(({ isBox }) => isBox), perRow) : [stage];
    for (const row of rows) {
      let x = (width - row.reduce((sum, slot) => sum + widthOf(slot), 0)) / 2;
      for (const slot of row) {
        centres.set(slot.id, { x: x + widthOf(slot) / 2, y: y + BOX_HEIGHT / 2 });
        x += widthOf(slot);
      }
      y += BOX_HEIGHT + GAP.y;
    }
  });
  return {
    width,
    height: Math.max(0, y - GAP.y / 2),
    boxWidth,
    stages,
    boxes: steps.map((graphStep) => {
      const centre = centres.get(graphStep.step.id) ?? { x: 0, y: 0 };
      return { ...graphStep, x: centre.x - boxWidth / 2, y: centre.y - BOX_HEIGHT / 2 };
    }),
    lines: linesOf(chains, centres, boxWidth),
    isCrowded,
  };
}

/**
 * Assigns a stage to each step. The stages of the sequence come first, then a stage with all deadlocked steps. A step that waits
 * for a deadlock comes one stage after the last of the deadlocked or blocked steps that it waits for.
 */
function stagesOf(steps: readonly GraphStep[], edges: readonly Edge[]) {
  const ranks = [...new Set(steps.flatMap(({ rank }) => rank ?? []))].sort((first, second) => first - second);
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
  const stages = new Map(
    steps.map(({ step, rank }) => [step.id, rank === undefined ? ranks.length + depthOf(step.id) : ranks.indexOf(rank)]),
  );
  const count = Math.max(0, ...[...stages.values()].map((stage) => stage + 1));
  return {
    stageOf: (id: string) => stages.get(id) ?? 0,
    ranks: Array.from({ length: count }, (_, index) => ranks[index]),
  };
}

/** Sorts the slots of each stage by the mean position of their neighbours, forwards and backwards in turn. */
function arrange(stages: Slot[][], chains: readonly (readonly string[])[]) {
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
  const storePositions = (stage: readonly Slot[]) =>
    stage.forEach((slot, index) => positions.set(slot.id, (index + 0.5) / stage.length));
  stages.forEach(storePositions);
  for (let sweep = 0; sweep < SWEEP_COUNT; sweep += 1) {
    const isForth = sweep % 2 === 0;
    for (const stage of isForth ? stages : stages.toReversed()) {
      const neighbours = isForth ? before : after;
      const targets = new Map(stage.map(({ id }) => [id, mean(neighbours.get(id), positions) ?? positions.get(id) ?? 0]));
      stage.sort((first, second) => (targets.get(first.id) ?? 0) - (targets.get(second.id) ?? 0));
      storePositions(stage);
    }
  }
}

function mean(ids: readonly string[] | undefined, places: ReadonlyMap<string, number>): number | undefined {
  if (!ids?.length) return undefined;
  return ids.reduce((sum, id) => sum + (places.get(id) ?? 0), 0) / ids.length;
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

interface Chain {
  edge: Edge;
  chain: readonly string[];
}

/** The lines from step to step. Lines at the same side of a box end beside each other. */
function linesOf(chains: readonly Chain[], centres: ReadonlyMap<string, Point>, boxWidth: number): Layout['lines'] {
  const centreOf = (id: string) => centres.get(id) ?? { x: 0, y: 0 };
  const routes = chains.map(({ edge, chain }) => {
    const [from, to] = [centreOf(edge.from), centreOf(edge.to)];
    // A line within a row runs above the boxes if it goes to the right, and below them if it goes to the left.
    const isLevel = from.y === to.y;
    const isDown = isLevel ? to.x < from.x : to.y > from.y;
    return { edge, from, to, isLevel, fromSide: isDown ? 1 : -1, toSide: isLevel === isDown ? 1 : -1, between: chain.slice(1, -1) };
  });
  const ends = routes.flatMap((route, index) => [
    { key: `${route.edge.from} ${route.fromSide}`, index, isStart: true, otherX: route.between.length ? centreOf(route.between[0] ?? '').x : route.to.x },
    { key: `${route.edge.to} ${route.toSide}`, index, isStart: false, otherX: route.between.length ? centreOf(route.between.at(-1) ?? '').x : route.from.x },
  ]);
  const sides = new Map<string, typeof ends>();
  for (const end of ends) sides.set(end.key, [...(sides.get(end.key) ?? []), end]);
  const offsets = new Map<string, number>();
  for (const side of sides.values()) {
    const distance = Math.min(PORT_DISTANCE, (boxWidth - 30) / side.length);
    side
      .toSorted((first, second) => first.otherX - second.otherX)
      .forEach(({ index, isStart }, place) => offsets.set(`${index} ${isStart}`, (place - (side.length - 1) / 2) * distance));
  }
  return routes.map(({ edge, from, to, isLevel, fromSide, toSide, between }, index) => {
    const start = { x: from.x + (offsets.get(`${index} true`) ?? 0), y: from.y + (fromSide * BOX_HEIGHT) / 2 };
    const end = { x: to.x + (offsets.get(`${index} false`) ?? 0), y: to.y + (toSide * BOX_HEIGHT) / 2 };
    const lanes = between.flatMap((id) => centres.get(id) ?? []);
    const path = isLevel
      ? `M${point(start)}C${point(start, fromSide)} ${point(end, toSide)} ${point(end)}`
      : downwards([start, ...lanes.flatMap(({ x, y }) => [{ x, y: y - BOX_HEIGHT / 2 }, { x, y: y + BOX_HEIGHT / 2 }]), end], fromSide);
    return { edge, path, end: { ...end, isUpwards: toSide > 0 } };
  });
}

/** The coordinates of a point in a path. With a side, the coordinates of its control point, which is below (1) or above (-1) the point. */
const point = ({ x, y }: Point, side = 0) => `${round(x)} ${round(y + side * GAP.y * 0.62)}`;

/** A line through points: curves between the rows, and straight across each row. */
function downwards(points: readonly Point[], side: number): string {
  const [first, ...rest] = points;
  if (!first) return '';
  return rest.reduce((path, next, index) => {
    const isStraight = index % 2 === 1;
    return path + (isStraight ? `V${round(next.y)}` : `C${point(points[index] ?? first, side)} ${point(next, -side)} ${point(next)}`);
  }, `M${point(first)}`);
}

const round = (value: number) => Math.round(value * 10) / 10;
