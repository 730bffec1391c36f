import { wrapText } from '../format/lines';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const COPIED_PROPERTIES = ['fill', 'paint-order', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'overflow'];
const LINE_HEIGHT = 24;
const LEGEND_WIDTH = 135;
const SOURCE_LINE_HEIGHT = 16;
/** The width of a letter as a fraction of the font size. */
const LETTER_WIDTH = 0.56;

export interface LegendEntry {
  label: string;
  /** A CSS colour, such as `var(--status-complete)`. */
  colour: string;
  /** The id of the symbol in the picture that has the same meaning. */
  mark?: string;
}

/** The chart as a standalone SVG file, with the colours of the page, its title and legend above, and its source below. */
export function svgOf(original: SVGSVGElement, title: string, legend: readonly LegendEntry[], source: string): string {
  const { width, height } = original.viewBox.baseVal;
  const copy = original.cloneNode(true) as SVGSVGElement;
  const sourceElements = original.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, index) => {
    const sourceElement = sourceElements[index];
    if (!sourceElement) return;
    const style = getComputedStyle(sourceElement);
    element.removeAttribute('style');
    element.removeAttribute('class');
    for (const name of COPIED_PROPERTIES) {
      const value = style.getPropertyValue(name);
      if (value) element.setAttribute(name, value);
    }
  });
  const page = getComputedStyle(document.body);
  const perRow = Math.max(1, Math.floor((width - 16) / LEGEND_WIDTH));
  const linesOf = (text: string, size: number) => wrapText(text, Math.floor((width - 16) / (size * LETTER_WIDTH)), 9);
  const titleLines = linesOf(title, 15);
  const sourceLines = linesOf(source, 11);
  const top = LINE_HEIGHT * (titleLines.length + Math.ceil(legend.length / perRow));
  const frame = { x: 0, y: -top, width, height: height + top + SOURCE_LINE_HEIGHT * sourceLines.length + 10 };
  copy.prepend(svgElement('rect', { ...frame, fill: page.backgroundColor }));
  copy.append(
    ...titleLines.map((line, index) => textElement(line, 8, LINE_HEIGHT * (index + 1) - 8 - top, 15, page.color)),
    ...sourceLines.map((line, index) => textElement(line, 8, height + SOURCE_LINE_HEIGHT * (index + 1), 11, page.color)),
  );
  legend.forEach(({ label, colour, mark }, index) => {
    const x = 8 + (index % perRow) * LEGEND_WIDTH;
    const y = LINE_HEIGHT * (titleLines.length + 1 + Math.floor(index / perRow)) - 8 - top;
    const size = { y: y - 10, width: 12, height: 12 };
    copy.append(svgElement('rect', { x, ...size, fill: colourOf(colour, original) }));
    if (mark !== undefined) copy.append(svgElement('use', { href: `#${mark}`, x: x + 16, ...size }));
    copy.append(textElement(label, x + (mark === undefined ? 18 : 33), y, 12, page.color));
  });
  copy.setAttribute('xmlns', NAMESPACE);
  copy.setAttribute('viewBox', `0 ${-top} ${width} ${frame.height}`);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(frame.height));
  return new XMLSerializer().serializeToString(copy);
}

function textElement(text: string, x: number, y: number, size: number, colour: string): SVGElement {
  const element = svgElement('text', { x, y, fill: colour, 'font-size': size, 'font-family': 'sans-serif' });
  element.textContent = text;
  return element;
}

function svgElement(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(NAMESPACE, name) as SVGElement;
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  return element;
}

/** Resolves a CSS colour in the current colour scheme. */
function colourOf(colour: string, shown: SVGSVGElement): string {
  const probe = document.createElementNS(NAMESPACE, 'g');
  probe.style.fill = colour;
  shown.append(probe);
  const { fill } = getComputedStyle(probe);
  probe.remove();
  return fill;
}

/** The picture as PNG, at twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png');
  });
}
