import { BOX, type Layout } from './layout';

/** Below this scale the text in the boxes is illegible. */
const MIN_SCALE = 0.75;

export const isLegibleIn = (viewportWidth: number, { width }: Layout) => viewportWidth >= width * MIN_SCALE;

/** The scroll position that shows the first deadlock, or else the first step that is not done. */
export function scrollFor({ boxes }: Layout, viewportWidth: number): number {
  const inOrder = boxes.toSorted((first, second) => first.x - second.x);
  const box =
    inOrder.find(({ state }) => state === 'DEADLOCKED') ??
    inOrder.find(({ state }) => state === 'READY' || state === 'BLOCKED');
  if (!box || box.x + BOX.width <= viewportWidth) return 0;
  return box.x + BOX.width / 2 - viewportWidth / 2;
}

type ScrollPosition = Pick<Element, 'scrollLeft' | 'clientWidth' | 'scrollWidth'>;

/** On which sides the content extends beyond the visible part. */
export function overflowOf({ scrollLeft, clientWidth, scrollWidth }: ScrollPosition) {
  // Browsers round scroll positions, so the end may be one pixel off.
  return { isBefore: scrollLeft > 1, isAfter: scrollLeft + clientWidth < scrollWidth - 1 };
}
