// Citations of a page in the formats of programs that manage references.

/** A page as a source. Days have the form YYYY-MM-DD. */
export interface CitedPage {
  title: string;
  url: string;
  publisher: string;
  /** The day that the page shows. Undefined if the page does not depend on a day. */
  day?: string;
  accessed: string;
  /** Further information about the page, such as the viewpoint. */
  note?: string;
}

export type CitationFormat = keyof typeof CITATION_FORMATS;

export const CITATION_FORMATS = {
  bibtex: { extension: 'bib', type: 'application/x-bibtex;charset=utf-8', write: bibtex },
  ris: { extension: 'ris', type: 'application/x-research-info-systems;charset=utf-8', write: ris },
  csl: { extension: 'csl.json', type: 'application/vnd.citationstyles.csl+json', write: cslJson },
};

const TEX: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

const texText = (text: string) => text.replaceAll(/[\\~^{}$&#%_]/g, (character) => TEX[character] ?? `\\${character}`);

/** Addresses are verbatim, except that characters that would end the value are encoded. */
const texAddress = (url: string) => url.replaceAll(/[\\{}]/g, encodeURIComponent);

/** An entry for BibTeX and BibLaTeX. Its key is derived from the title and the day. */
export function bibtex({ title, url, publisher, day, accessed, note }: CitedPage): string {
  const key = `${publisher} ${title} ${day ?? accessed}`.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const fields = [
    // The second pair of braces keeps the capital letters.
    ['title', `{${texText(title)}}`],
    ['author', `{${texText(publisher)}}`],
    ['publisher', texText(publisher)],
    ['date', day],
    ['year', day?.slice(0, 4)],
    ['url', texAddress(url)],
    ['urldate', accessed],
    ['note', note && texText(note)],
  ].flatMap(([name, value]) => (value ? [`  ${name} = {${value}},`] : []));
  return `@misc{${key},\n${fields.join('\n')}\n}\n`;
}

/** A reference in the format RIS, in which each value is on one line. */
export function ris({ title, url, publisher, day, accessed, note }: CitedPage): string {
  const date = (text: string) => `${text.replaceAll('-', '/')}/`;
  const tags = [
    ['TY', 'ELEC'],
    ['TI', title],
    ['PB', publisher],
    ['PY', day?.slice(0, 4)],
    ['DA', day && date(day)],
    ['Y2', date(accessed)],
    ['UR', url],
    ['N1', note],
  ].flatMap(([tag, value]) => (value ? [`${tag}  - ${value.replaceAll(/\s+/g, ' ')}`] : []));
  return [...tags, 'ER  - ', ''].join('\r\n');
}

/** A list with one item of CSL, for Zotero, pandoc and others. */
export function cslJson({ title, url, publisher, day, accessed, note }: CitedPage): string {
  const date = (text: string) => ({ 'date-parts': [text.split('-').map(Number)] });
  const item = { id: url, type: 'webpage', title, publisher, issued: day && date(day), accessed: date(accessed), URL: url, note };
  return `${JSON.stringify([item], undefined, 2)}\n`;
}
