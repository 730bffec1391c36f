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

/** Places one mark in each stretch of an area, where the stretch is largest. Stretches thinner than a mark get none. */
export function placeMarks(steps: readonly AreaStep[]): Mark[] {
  return stretchesOf(steps).flatMap((stretch) => {
    const candidates = stretch.filter((step) => heightOf(step) >= MIN_SIZE);
    const [best] = candidates.sort((a, b) => sizeIn(b) - sizeIn(a) || areaOf(b) - areaOf(a));
    return best ? [{ x: (best.from + best.to) / 2, y: (best.top + best.bottom) / 2, size: sizeIn(best) }] : [];
  });
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
/** The largest size that fits. The mark of a narrow step may extend beyond its sides. */
const sizeIn = (step: AreaStep) => Math.min(MAX_SIZE, heightOf(step), Math.max(MIN_SIZE, widthOf(step)));
