import { BOX, type Layout } from './layout';

/** Drawn smaller than this, the words in the boxes cannot be read. */
const LEAST_SCALE = 0.75;

export const isLegibleIn = (room: number, { width }: Layout) => room >= width * LEAST_SCALE;

/** How far to scroll for the first deadlock to be seen, or else the first that is not done. */
export function scrollFor({ boxes }: Layout, room: number): number {
  const inOrder = boxes.toSorted((one, other) => one.x - other.x);
  const box =
    inOrder.find(({ turn }) => turn === 'DEADLOCKED') ??
    inOrder.find(({ turn }) => turn === 'READY' || turn === 'BLOCKED');
  if (!box || box.x + BOX.width <= room) return 0;
  return box.x + BOX.width / 2 - room / 2;
}

type Scrolled = Pick<Element, 'scrollLeft' | 'clientWidth' | 'scrollWidth'>;

/** On which sides there is more than is seen. */
export function moreBeside({ scrollLeft, clientWidth, scrollWidth }: Scrolled) {
  // Places between two pixels are rounded.
  return { isBefore: scrollLeft > 1, isAfter: scrollLeft + clientWidth < scrollWidth - 1 };
}
