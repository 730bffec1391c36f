// The numbers with which lines of an agreement begin: `1.`, `1.1`, `(a)`, `iv)`, `Article 3`, `§ 2`, `Стаття 5`, `第三条`.

/** A number at the start of a line. */
export interface Marker {
  /** Numbers of one list have the same style. */
  style: string;
  /** The place in its list, from 1. */
  value: number;
  /** The number in ASCII letters and digits. */
  label: string;
  /** The rank of a heading such as `Chapter 2` or `Article 3`. Smaller for headings that contain others. Undefined for other numbers. */
  rank?: number;
  /** Whether the label is the complete number of the clause, such as `2.1`, and not only its last part. */
  isWhole?: boolean;
  /** The rest of the line. */
  rest: string;
}

export const SECTION_RANK = 4;
export const ARTICLE_RANK = 5;

/** Words before a number. A heading with a word of a lower rank contains headings with words of a higher rank. */
const WORDS: readonly { key: string; rank: number; words: string }[] = [
  { key: 'Annex', rank: 0, words: 'annex|appendix|schedule|додаток|приложение|anexo|annexe|anhang|allegato|ملحق' },
  { key: 'Part', rank: 1, words: 'part|strand|частина|часть|parte|partie|teil' },
  { key: 'Title', rank: 2, words: 'title|título|titre|titel|titolo' },
  { key: 'Chapter', rank: 3, words: 'chapter|розділ|раздел|глава|capítulo|chapitre|kapitel|capitolo|الفصل|الباب' },
  { key: 'Section', rank: SECTION_RANK, words: 'section|sección|abschnitt|sezione|القسم' },
  { key: '', rank: ARTICLE_RANK, words: 'article|art\\.|clause|point|paragraph|стаття|статья|член|чл\\.|пункт|artículo|artikel|articolo|artigo|член|المادة|מאמר|סעיף|§§?' },
];

const NUMERAL = '\\p{Nd}+[a-z]?|[IVXLC]+|[ivxlc]+|[A-Z](?!\\p{L})';
const WORD = new RegExp(`^(${WORDS.map(({ words }) => `(?:${words})`).join('|')})(?:\\s+|(?<=[§.])\\s*)(${NUMERAL})(?![\\p{L}\\p{Nd}])\\s*[.:)\\-–—]*\\s*(.*)$`, 'iu');
const CHINESE = /^第\s*([一二三四五六七八九十百\p{Nd}]+)\s*([条條章節节款項项])\s*(.*)$/u;
const DECIMAL = /^(\p{Nd}{1,3}(?:\.\p{Nd}{1,3})+)(?![\p{Nd}])[.)]?(?:\s+(.*)|)$/u;
const DATE = /^\p{Nd}{1,2}\.\s?\p{Nd}{1,2}\.\s?\p{Nd}{2,4}(?!\p{Nd})/u;
const NUMBER = /^(?:(\p{Nd}{1,4})\.(?:\s+(.*)|(?=\p{L})(.*)|)|(\p{Nd}{1,4})\)\s*(.*)|\((\p{Nd}{1,4})\)\s*(.*)|(\p{Nd}{1,3})(?:\t|\s{2,})(.+))$/u;
const LETTER = /^(?:\((\p{L}|[ivxlc]+|[IVXLC]+)\)\s*(.*)|(\p{L}|[ivxlc]+|[IVXLC]+)\)\s*(.*)|(\p{L}|[ivxlc]+|[IVXLC]+)\.\s+(.*))$/u;

/** The possible meanings of the number at the start of a line. For example, `i` can be a letter or a roman numeral. Empty if there is no number. */
export function markersOf(line: string): Marker[] {
  return [word(line), chinese(line), decimal(line), number(line), ...letters(line)].filter((marker) => marker !== undefined);
}

function word(line: string): Marker | undefined {
  const [, name, numeral, rest = ''] = WORD.exec(line) ?? [];
  if (name === undefined || numeral === undefined) return undefined;
  const found = WORDS.find(({ words }) => new RegExp(`^(?:${words})$`, 'iu').test(name));
  if (!found || isSentence(rest)) return undefined;
  const digits = asciiDigits(numeral);
  const value = Number.parseInt(digits, 10) || roman(numeral) || letterValue(numeral);
  const label = found.key ? `${found.key}-${digits}` : digits;
  return { style: `word ${found.rank}`, value, label, rank: found.rank, rest };
}

/** Whether the text after `Article 3` continues as a sentence, such as `Article 3 of the treaty`. */
const isSentence = (rest: string) => /^(?:\p{Ll}|,|;|\()/u.test(rest);

function chinese(line: string): Marker | undefined {
  const [, numeral, unit = '', rest = ''] = CHINESE.exec(line) ?? [];
  if (numeral === undefined) return undefined;
  const value = /^\p{Nd}+$/u.test(numeral) ? Number(asciiDigits(numeral)) : chineseNumber(numeral);
  const [key, rank] = unit === '章' ? ['Chapter-', 3] : unit === '节' || unit === '節' ? ['Section-', SECTION_RANK] : ['', ARTICLE_RANK];
  return { style: `word ${rank}`, value, label: `${key}${value}`, rank, rest };
}

function decimal(line: string): Marker | undefined {
  const [, printed, rest = ''] = DECIMAL.exec(line) ?? [];
  if (printed === undefined || DATE.test(line)) return undefined;
  const label = asciiDigits(printed);
  return { style: `decimal ${label.split('.').length}`, value: Number(label.split('.').at(-1)), label, isWhole: true, rest };
}

function number(line: string): Marker | undefined {
  if (DATE.test(line)) return undefined;
  const match = NUMBER.exec(line);
  if (!match) return undefined;
  const forms: [string, string | undefined, string | undefined][] = [
    ['1.', match[1], match[2] ?? match[3]],
    ['1)', match[4], match[5]],
    ['(1)', match[6], match[7]],
    ['1 ', match[8], match[9]],
  ];
  const [style, digits, rest = ''] = forms.find(([, digits]) => digits !== undefined) ?? [];
  if (style === undefined || digits === undefined) return undefined;
  const label = String(Number(asciiDigits(digits)));
  return { style, value: Number(label), label, rest };
}

function letters(line: string): Marker[] {
  const match = LETTER.exec(line);
  if (!match) return [];
  const forms: [string, string | undefined, string | undefined][] = [
    ['(a)', match[1], match[2]],
    ['a)', match[3], match[4]],
    ['a.', match[5], match[6]],
  ];
  const [form, text, rest = ''] = forms.find(([, text]) => text !== undefined) ?? [];
  if (form === undefined || text === undefined) return [];
  const isUpper = text !== text.toLowerCase();
  const style = isUpper ? form.toUpperCase() : form;
  const markers: Marker[] = [];
  if ([...text].length === 1) {
    const value = letterValue(text);
    markers.push({ style, value, label: /^[a-z]$/i.test(text) ? text.toLowerCase() : '', rest });
  }
  const value = roman(text);
  if (value > 0) markers.push({ style: `roman ${style}`, value, label: isUpper ? text : text.toLowerCase(), rest });
  return markers;
}

/** Replaces the digits of any script with ASCII digits. */
export const asciiDigits = (text: string) => text.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));

/** The value of a digit of any script. Unicode orders the ten digits of a script from zero. */
function digitValue(digit: string): number {
  let value = 0;
  const code = digit.codePointAt(0) ?? 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}

const ALPHABETS = ['abcdefghijklmnopqrstuvwxyz', 'абвгдеєжзиіїйклмнопрстуфхцчшщьюя', 'абвгдежзиклмнопрстуфхцчшщэюя', 'αβγδεζηθικλμνξοπρστυφχψω', 'אבגדהוזחטיכלמנסעפצקרשת', 'أبجدهوزحطيكلمنسعفصقرشتثخذضظغ'];

/** The position of a letter in its alphabet, from 1. 0 if no alphabet above contains it. */
function letterValue(letter: string): number {
  const lower = letter.toLowerCase();
  return Math.max(0, ...ALPHABETS.map((alphabet) => [...alphabet].indexOf(lower) + 1));
}

const ROMAN_VALUES: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100 };
const ROMAN = /^(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})$/;

/** The value of a roman numeral up to 99. 0 if the text is not a roman numeral. */
export function roman(text: string): number {
  const lower = text.toLowerCase();
  if (lower === '' || !ROMAN.test(lower)) return 0;
  const values = [...lower].map((letter) => ROMAN_VALUES[letter] ?? 0);
  return values.reduce((total, value, index) => total + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}

const CHINESE_DIGITS = '一二三四五六七八九';

/** The value of a Chinese numeral up to 999. */
export function chineseNumber(text: string): number {
  let [total, digit] = [0, 0];
  for (const sign of text) {
    if (sign === '百' || sign === '十') {
      total += Math.max(1, digit) * (sign === '百' ? 100 : 10);
      digit = 0;
    } else digit = CHINESE_DIGITS.indexOf(sign) + 1;
  }
  return total + digit;
}
