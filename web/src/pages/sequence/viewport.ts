import { BOX, type Layout } from './layout';

/** Drawn smaller than this, the words in the boxes cannot be read. */
const MIN_SCALE = 0.75;

export const isLegibleIn = (viewportWidth: number, { width }: Layout) => viewportWidth >= width * MIN_SCALE;

/** How far to scroll for the first deadlock to be seen, or else the first that is not done. */
export function scrollFor({ boxes }: Layout, viewportWidth: number): number {
  const inOrder = boxes.toSorted((first, second) => first.x - second.x);
  const box =
    inOrder.find(({ state }) => state === 'DEADLOCKED') ??
    inOrder.find(({ state }) => state === 'READY' || state === 'BLOCKED');
  if (!box || box.x + BOX.width <= viewportWidth) return 0;
  return box.x + BOX.width / 2 - viewportWidth / 2;
}

type ScrollPosition = Pick<Element, 'scrollLeft' | 'clientWidth' | 'scrollWidth'>;

/** On which sides there is more than is seen. */
export function overflowOf({ scrollLeft, clientWidth, scrollWidth }: ScrollPosition) {
  // Places between two pixels are rounded.
  return { isBefore: scrollLeft > 1, isAfter: scrollLeft + clientWidth < scrollWidth - 1 };
}
