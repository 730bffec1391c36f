/** A text in at most so many lines of at most so many letters; `…` stands for what is cut off. */
export function lines(text: string, letters: number, most: number): string[] {
  const found: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (longer.length <= letters || !line) {
      line = longer;
      continue;
    }
    found.push(line);
    line = word;
  }
  if (line) found.push(line);
  const cut = (it: string) => (it.length > letters ? `${it.slice(0, letters - 1)}…` : it);
  if (found.length <= most) return found.map(cut);
  return [...found.slice(0, most - 1).map(cut), cut(`${found[most - 1]}…`)];
}
