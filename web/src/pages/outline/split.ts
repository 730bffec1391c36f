import { ARTICLE_RANK, type Marker, markersOf, SECTION_RANK } from './markers';

/** A clause of an outline. It is a part of the nearest clause before it with a smaller depth. */
export interface OutlineItem {
  /** Identifies the clause in the form. */
  key: string;
  number: string;
  heading: string;
  text: string;
  /** 0 for clauses that are not part of another. */
  depth: number;
}

/** A list that a line can continue. */
interface Level {
  marker: Marker;
  number: string;
}

interface Draft {
  number: string;
  depth: number;
  lines: string[];
}

/** The maximum step from one number of a list to the next. A list may skip numbers, such as those of repealed articles. */
const MAX_GAP = 5;
const MAX_HEADING = 80;

/** Splits the text of an agreement into its numbered clauses. The text before the first number becomes a clause without a number. */
export function split(text: string): OutlineItem[] {
  const drafts: Draft[] = [];
  const used = new Set<string>();
  let levels: Level[] = [];
  const seen = { articles: false, sections: false, areSectionsParts: false };
  // Sections contain articles, unless the first section appears inside an article.
  const ranked = (marker: Marker): Marker => {
    if (marker.rank === ARTICLE_RANK) seen.articles = true;
    if (marker.rank !== SECTION_RANK) return marker;
    if (!seen.sections) seen.areSectionsParts = seen.articles && !levels.some((level) => level.marker.rank === 0);
    seen.sections = true;
    return seen.areSectionsParts ? { ...marker, rank: ARTICLE_RANK + 1 } : marker;
  };
  for (const line of text.split(/\r\n?|\n|\u2028|\u2029/)) {
    const trimmed = line.replace(/[\u00a0\u202f]/g, ' ').trim();
    const fit = bestFit(markersOf(trimmed).map(ranked), levels);
    if (fit) {
      levels = levels.slice(0, fit.depth);
      const number = numberOf(fit.marker, levels.at(-1)?.number, used);
      used.add(number);
      levels.push({ marker: fit.marker, number });
      drafts.push({ number, depth: fit.depth, lines: [fit.marker.rest] });
      continue;
    }
    if (drafts.length === 0) {
      if (trimmed === '') continue;
      drafts.push({ number: '', depth: 0, lines: [] });
    }
    drafts.at(-1)?.lines.push(trimmed);
  }
  return drafts.map(({ number, depth, lines }, index) => ({ key: String(index), number, depth, ...contentOf(lines) }));
}

/**
 * The marker that continues one of the lists or begins a new one, and its depth. Undefined if the line does not start a clause.
 */
function bestFit(markers: readonly Marker[], levels: readonly Level[]) {
  const fits = markers.flatMap((marker) => fitsOf(marker, levels).map((fit) => ({ marker, ...fit })));
  return fits.toSorted((first, second) => second.score - first.score || second.depth - first.depth)[0];
}

function fitsOf(marker: Marker, levels: readonly Level[]): { depth: number; score: number }[] {
  const { rank, style, value } = marker;
  if (rank !== undefined) {
    // A heading contains headings of a higher rank, and all lists.
    const depth = levels.findIndex((level) => (level.marker.rank ?? Number.POSITIVE_INFINITY) >= rank);
    return [{ depth: depth < 0 ? levels.length : depth, score: 5 }];
  }
  if (marker.isWhole) {
    const parent = marker.label.slice(0, marker.label.lastIndexOf('.'));
    const own = levels.findLastIndex((level) => level.number === parent);
    // The clause `2` of annex 1 has the number `Annex-1.2`. It contains the clause with the marker `2.1`.
    const outer = own < 0 ? levels.findIndex((level) => level.number.endsWith(`.${parent}`)) : own;
    if (outer >= 0) return [{ depth: outer + 1, score: 4 }];
  }
  const fits = levels.flatMap((level, depth) => {
    const step = value - level.marker.value;
    return level.marker.style === style && step > 0 && step <= MAX_GAP ? [{ depth, score: step === 1 ? 4 : 1 }] : [];
  });
  const isNested = levels.some((level) => level.marker.style === style);
  if (value === 1) fits.push({ depth: levels.length, score: isNested ? 2 : 3 });
  else if (value < 1000 && (levels.length === 0 || (value === 0 && !isNested))) fits.push({ depth: levels.length, score: 0 });
  return fits;
}

function numberOf({ label, value, rank, isWhole }: Marker, parent: string | undefined, used: ReadonlySet<string>): string {
  const own = label || letterOf(value);
  const nested = parent ? `${parent}.${own}` : own;
  if (rank === undefined && !isWhole) return nested;
  // If article numbers restart in each chapter, the second `Article 1` gets the chapter as prefix.
  return used.has(own) ? nested : own;
}

/** The ASCII letter for a value, because numbers of clauses contain no other letters. */
const letterOf = (value: number) => String.fromCharCode(96 + Math.min(26, Math.max(1, value)));

/** The heading and the text of a clause. The first line is the heading if it is short, is not a sentence, and more text follows. */
export function contentOf(lines: readonly string[]): { heading: string; text: string } {
  const start = lines.findIndex((line) => line !== '');
  if (start < 0) return { heading: '', text: '' };
  const [first = '', ...rest] = lines.slice(start);
  const following = paragraphs(rest);
  const isHeading = first.length <= MAX_HEADING && !/^\p{Ll}/u.test(first) && !/[.;:,،。；]$/u.test(first) && following !== '' && !/^\p{Ll}/u.test(following);
  if (isHeading) return { heading: first, text: following };
  const text = paragraphs(lines.slice(start));
  return { heading: shortened(text), text };
}

/** Joins the lines of each paragraph. Blank lines separate paragraphs. */
function paragraphs(lines: readonly string[]): string {
  return lines
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll('\n', ' ').trim())
    .filter(Boolean)
    .join('\n\n');
}

/** The first words of a text. */
export function shortened(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? '';
  const short = line.replace(/[.;:,،。；]+$/u, '');
  if (short.length <= MAX_HEADING) return short;
  const cut = line.slice(0, MAX_HEADING - 1);
  const end = cut.lastIndexOf(' ');
  return `${(end > MAX_HEADING / 2 ? cut.slice(0, end) : cut).replace(/[\s.;:,]+$/u, '')}…`;
}
