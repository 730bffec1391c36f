/** One step of an area: what it covers of the picture. */
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

/** Where an area is marked: once in each stretch of it, where it has most room. What is thinner than a mark has none. */
export function placeMarks(steps: readonly AreaStep[]): Mark[] {
  return stretchesOf(steps).flatMap((stretch) => {
    const candidates = stretch.filter((step) => heightOf(step) >= MIN_SIZE);
    const [best] = candidates.sort((a, b) => sizeIn(b) - sizeIn(a) || areaOf(b) - areaOf(a));
    return best ? [{ x: (best.from + best.to) / 2, y: (best.top + best.bottom) / 2, size: sizeIn(best) }] : [];
  });
}

/** What hangs together to the eye; steps that go on as the one before are one with it. */
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
/** As large as there is room; what was so for a short time only may still be marked, a little beyond its sides. */
const sizeIn = (step: AreaStep) => Math.min(MAX_SIZE, heightOf(step), Math.max(MIN_SIZE, widthOf(step)));
