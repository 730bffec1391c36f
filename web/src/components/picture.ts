const NAMESPACE = 'http://www.w3.org/2000/svg';
const KEPT = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-family', 'font-size', 'text-anchor'];
const BAND = 24;

/** A chart as a file of its own: with the colours of the page, its title above, its source below. */
export function svgOf(shown: SVGSVGElement, title: string, source: string): string {
  const { width, height } = shown.viewBox.baseVal;
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const originals = shown.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, index) => {
    const original = originals[index];
    if (!original) return;
    const style = getComputedStyle(original);
    element.removeAttribute('style');
    element.removeAttribute('class');
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value) element.setAttribute(name, value);
    }
  });
  const page = getComputedStyle(document.body);
  const background = document.createElementNS(NAMESPACE, 'rect');
  const frame = { x: 0, y: -BAND, width, height: height + 2 * BAND };
  for (const [name, value] of Object.entries({ ...frame, fill: page.backgroundColor })) {
    background.setAttribute(name, String(value));
  }
  copy.prepend(background);
  copy.append(line(title, -8, 15, page.color), line(source, height + BAND - 8, 11, page.color));
  copy.setAttribute('xmlns', NAMESPACE);
  copy.setAttribute('viewBox', `0 ${-BAND} ${width} ${height + 2 * BAND}`);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height + 2 * BAND));
  return new XMLSerializer().serializeToString(copy);
}

function line(text: string, y: number, size: number, colour: string): SVGTextElement {
  const element = document.createElementNS(NAMESPACE, 'text');
  const attributes = { x: 8, y, fill: colour, 'font-size': size, 'font-family': 'sans-serif' };
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}

/** The same as pixels, two for each of the screen's. */
export async function pictureOf(svg: string): Promise<Blob> {
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
