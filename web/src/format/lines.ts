/** Wraps a text. Words longer than a line, and text after the last line, are cut off with `…`. */
export function wrapText(text: string, maxLength: number, maxLines: number): string[] {
  const wrapped: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const extended = line ? `${line} ${word}` : word;
    if (extended.length <= maxLength || !line) {
      line = extended;
      continue;
    }
    wrapped.push(line);
    line = word;
  }
  if (line) wrapped.push(line);
  const truncate = (line: string) => (line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line);
  if (wrapped.length <= maxLines) return wrapped.map(truncate);
  return [...wrapped.slice(0, maxLines - 1).map(truncate), truncate(`${wrapped[maxLines - 1]}…`)];
}
