/** The rectangle that an area of the chart covers in one interval. */
export interface AreaStep {
  from: number;
  to: number;
  top: number;
  bottom: number;
}

export interface Mark {
  x: number;
  y: number;
  size: number;
}

const MIN_SIZE = 8;
const MAX_SIZE = 16;

/** Places one mark in each connected part of an area, where the mark can be largest. A part that is lower than a mark gets none. */
export function placeMarks(steps: readonly AreaStep[]): Mark[] {
  return stretchesOf(steps).flatMap((stretch) => {
    const candidates = stretch.filter((step) => heightOf(step) >= MIN_SIZE);
    const [best] = candidates.sort((a, b) => sizeIn(b) - sizeIn(a) || areaOf(b) - areaOf(a));
    return best ? [{ x: (best.from + best.to) / 2, y: (best.top + best.bottom) / 2, size: sizeIn(best) }] : [];
  });
}

/** The middle of the place in an area where a name of this size has the most space above and below. Undefined if it fits nowhere. */
export function placeName(steps: readonly AreaStep[], width: number, height: number): { x: number; y: number } | undefined {
  const windows = steps
    .flatMap(({ from, to }) => [from, to - width])
    .map((from) => {
      const covered = steps.filter((step) => step.to > from && step.from < from + width);
      const isInside = covered.length > 0 && from >= (steps[0]?.from ?? 0) && from + width <= (steps.at(-1)?.to ?? 0);
      const top = Math.max(...covered.map((step) => step.top));
      const bottom = Math.min(...covered.map((step) => step.bottom));
      return { x: from + width / 2, y: (top + bottom) / 2, space: isInside ? bottom - top : 0 };
    });
  const best = windows.sort((first, second) => second.space - first.space)[0];
  return best && best.space >= height ? { x: best.x, y: best.y } : undefined;
}

/** The y positions of the names of areas: as near as possible to the middles of the areas, in the same order, without overlaps. */
export function placeNames(middles: readonly number[], top: number, bottom: number, lineHeight: number): number[] {
  // Names that would overlap form a block. The middle of the block is the mean of the middles of its areas.
  const blocks: { sum: number; size: number }[] = [];
  const startOf = ({ sum, size }: { sum: number; size: number }) => {
    const length = (size - 1) * lineHeight;
    return Math.max(top, Math.min(bottom - length, sum / size - length / 2));
  };
  for (const middle of middles) {
    let block = { sum: middle, size: 1 };
    for (let above = blocks.at(-1); above && startOf(above) + above.size * lineHeight > startOf(block); above = blocks.at(-1)) {
      block = { sum: above.sum + block.sum, size: above.size + block.size };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap((block) => Array.from({ length: block.size }, (_, index) => startOf(block) + index * lineHeight));
}

/** The visually connected parts of an area. Joins consecutive steps of the same height and position. */
function stretchesOf(steps: readonly AreaStep[]): AreaStep[][] {
  const stretches: AreaStep[][] = [];
  let previous: AreaStep | undefined;
  for (const step of steps) {
    if (heightOf(step) <= 0) {
      previous = undefined;
    } else if (previous && previous.top === step.top && previous.bottom === step.bottom) {
      previous.to = step.to;
    } else {
      const startsStretch = !previous || step.bottom <= previous.top || step.top >= previous.bottom;
      previous = { ...step };
      if (startsStretch) stretches.push([previous]);
      else stretches.at(-1)?.push(previous);
    }
  }
  return stretches;
}

const heightOf = ({ top, bottom }: AreaStep) => bottom - top;
const widthOf = ({ from, to }: AreaStep) => to - from;
const areaOf = (step: AreaStep) => heightOf(step) * widthOf(step);
/** The largest size that fits. The mark of a narrow step may be wider than the step. */
const sizeIn = (step: AreaStep) => Math.min(MAX_SIZE, heightOf(step), Math.max(MIN_SIZE, widthOf(step)));
