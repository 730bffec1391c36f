/** A day that a chart marks, such as the day of an event. */
export interface ChartMark {
  day: string;
  label: string;
  /** The page of the event. Undefined if there is none. */
  to?: string;
}

/** The place of a mark above the chart. `row` is the row of its label, counted from the chart upwards. */
export interface PlacedMark<Mark> {
  mark: Mark;
  x: number;
  row: number;
  /** Whether the label is to the left of its line. */
  isLeft: boolean;
}

/** Half of the width of a numbered disc, and the distance from a line to its label. */
const DISC = 9;

/**
 * Places labels in rows, so that no label overlaps another, and lines seldom cross labels. Labels are to the right of their
 * lines, or to the left if there is no space on the right.
 */
export function placeChartMarks<Mark>(
  marks: readonly { mark: Mark; x: number; labelWidth: number }[],
  chartWidth: number,
): PlacedMark<Mark>[] {
  const boxes = marks.map(({ mark, x, labelWidth }) => {
    const isLeft = x + DISC + labelWidth > chartWidth;
    return { mark, x, isLeft, from: isLeft ? x - DISC - labelWidth : x - DISC, to: isLeft ? x + DISC : x + DISC + labelWidth };
  });
  // Each line runs from its label down to the chart. Placing right labels from right to left, and left labels from left to
  // right, keeps lines from crossing labels on the same side.
  const order = [
    ...boxes.filter(({ isLeft }) => !isLeft).sort((first, second) => second.x - first.x),
    ...boxes.filter(({ isLeft }) => isLeft).sort((first, second) => first.x - second.x),
  ];
  const placed: (PlacedMark<Mark> & { from: number; to: number })[] = [];
  for (const box of order) {
    const below = placed.filter(({ from, to }) => from < box.to && box.from < to);
    placed.push({ ...box, row: Math.max(-1, ...below.map(({ row }) => row)) + 1 });
  }
  return placed.sort((first, second) => first.x - second.x).map(({ mark, x, row, isLeft }) => ({ mark, x, row, isLeft }));
}
