/** One step of an area: what it covers of the picture. */
export interface Step {
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

const LEAST = 8;
const MOST = 16;

/** Where an area is marked: once in each stretch of it, where it has most room. What is thinner than a mark has none. */
export function marksOf(steps: readonly Step[]): Mark[] {
  return stretchesOf(steps).flatMap((stretch) => {
    const rooms = stretch.filter((it) => heightOf(it) >= LEAST);
    const [room] = rooms.sort((a, b) => sizeIn(b) - sizeIn(a) || areaOf(b) - areaOf(a));
    return room ? [{ x: (room.from + room.to) / 2, y: (room.top + room.bottom) / 2, size: sizeIn(room) }] : [];
  });
}

/** What hangs together to the eye; steps that go on as the one before are one with it. */
function stretchesOf(steps: readonly Step[]): Step[][] {
  const stretches: Step[][] = [];
  let before: Step | undefined;
  for (const step of steps) {
    if (heightOf(step) <= 0) {
      before = undefined;
    } else if (before && before.top === step.top && before.bottom === step.bottom) {
      before.to = step.to;
    } else {
      const isApart = !before || step.bottom <= before.top || step.top >= before.bottom;
      before = { ...step };
      if (isApart) stretches.push([before]);
      else stretches.at(-1)?.push(before);
    }
  }
  return stretches;
}

const heightOf = ({ top, bottom }: Step) => bottom - top;
const widthOf = ({ from, to }: Step) => to - from;
const areaOf = (step: Step) => heightOf(step) * widthOf(step);
/** As large as there is room; what was so for a short time only may still be marked, a little beyond its sides. */
const sizeIn = (step: Step) => Math.min(MOST, heightOf(step), Math.max(LEAST, widthOf(step)));
