export interface Piece {
  text: string;
  isMatch: boolean;
}

/** Splits a text into matches and the parts between them. Matches must be in order. */
export function piecesOf(text: string, matches: readonly { start: number; end: number }[]): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  for (const { start, end } of matches) {
    if (start > position) pieces.push({ text: text.slice(position, start), isMatch: false });
    pieces.push({ text: text.slice(start, end), isMatch: true });
    position = end;
  }
  if (position < text.length) pieces.push({ text: text.slice(position), isMatch: false });
  return pieces;
}
