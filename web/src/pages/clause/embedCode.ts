import { type View, withView } from '../../app/view';

/** The size in pixels that the card needs for a heading of two lines. The card adapts to other widths from 240 pixels. */
const WIDTH = 480;
const HEIGHT = 190;

/**
 * The HTML that shows the card of a clause on another site. `path` is the path of the clause, `origin` the address of the
 * server without a slash at the end. The card shows the latest day unless the view has a day.
 */
export function embedCode(origin: string, path: string, title: string, view: View): string {
  const address = `${origin}/embed${withView(path, view)}`;
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="${WIDTH}" height="${HEIGHT}" loading="lazy" style="border: 0; max-width: 100%"></iframe>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
