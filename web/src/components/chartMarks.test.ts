import { describe, expect, test } from 'vitest';
import { placeChartMarks } from './chartMarks';

const rowsOf = (marks: readonly [x: number, labelWidth: number][], width = 1000) =>
  placeChartMarks(marks.map(([x, labelWidth], index) => ({ mark: index, x, labelWidth })), width);

describe('marks of a chart', () => {
  test('are in one row if they have room', () => {
    expect(rowsOf([[100, 80], [300, 80], [600, 80]]).map(({ row }) => row)).toEqual([0, 0, 0]);
  });

  test('are higher if a label to their right is in the way', () => {
    expect(rowsOf([[100, 200], [150, 200], [200, 80]]).map(({ row }) => row)).toEqual([2, 1, 0]);
  });

  test('have their label to the left at the right end, above the others', () => {
    const marks = rowsOf([[800, 100], [960, 200]]);
    expect(marks.map(({ isLeft, row }) => [isLeft, row])).toEqual([[false, 0], [true, 1]]);
  });

  test('never overlap, and no line crosses a label on the same side', () => {
    const disc = 9;
    for (let seed = 1; seed < 200; seed += 1) {
      const random = (index: number) => Math.abs(Math.sin(seed * 99 + index * 37));
      const input = Array.from({ length: 8 }, (_, index) => [random(index) * 900, random(index + 50) * 250] as [number, number]);
      const labels = rowsOf(input).map(({ mark, x, row, isLeft }) => {
        const width = input[mark]?.[1] ?? 0;
        return { x, row, isLeft, from: isLeft ? x - disc - width : x + disc, to: isLeft ? x - disc : x + disc + width };
      });
      for (const label of labels) {
        for (const other of labels) {
          if (label === other) continue;
          if (label.row === other.row) expect(label.from >= other.to || other.from >= label.to).toBe(true);
          if (label.row > other.row && label.isLeft === other.isLeft) {
            expect(label.x <= other.from || label.x >= other.to).toBe(true);
          }
        }
      }
    }
  });
});
