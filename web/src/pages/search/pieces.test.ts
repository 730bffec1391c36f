import { expect, test } from 'vitest';
import { piecesOf } from './pieces';

test('matches are highlighted, and no text is lost', () => {
  const text = 'Control of the border, and the borders 𝄞 beyond';
  const pieces = piecesOf(text, [
    { start: 15, end: 21 },
    { start: 31, end: 38 },
  ]);
  expect(pieces.filter((piece) => piece.isMatch).map((piece) => piece.text)).toEqual(['border', 'borders']);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(piecesOf('border', [{ start: 0, end: 6 }])).toEqual([{ text: 'border', isMatch: true }]);
  expect(piecesOf('none', [])).toEqual([{ text: 'none', isMatch: false }]);
});
