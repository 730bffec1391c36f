import { type View, withView } from '../app/view';
import { shortDay, today } from '../format/days';
import { texts } from '../texts';

const NO_VIEW: View = { asOf: undefined, heldBy: undefined };

/** The parts of a page's citation besides its subject. */
export interface Cited {
  /** The viewpoint in words. Undefined if the page depends on neither day nor viewpoint. */
  viewpoint?: string;
  /** For pages about a period instead of a day. */
  period?: { from: string | undefined; to: string };
}

/** The address of the current page for a citation. Includes the day even if the page shows the latest one. */
export function citedPath(view: View, { viewpoint, period }: Cited): string {
  const day = view.asOf ?? today();
  const citedView = viewpoint === undefined ? NO_VIEW : { ...view, asOf: period ? undefined : day };
  return withView(window.location.pathname + searchOf(viewpoint, period), citedView);
}

/** The source line of a picture: product, viewpoint, day and address. */
export function pictureSource(view: View, viewpoint: string): string {
  const url = new URL(citedPath(view, { viewpoint }), window.location.origin).href;
  return [texts.product, viewpoint, shortDay(view.asOf ?? today()), url].join(' · ');
}

/** The parameters of the address for the citation: with both days of a period, and without days if the page does not depend on them. */
function searchOf(viewpoint: Cited['viewpoint'], period: Cited['period']): string {
  const parameters = new URLSearchParams(window.location.search);
  // The update form is not cited.
  parameters.delete('update');
  if (period || viewpoint === undefined) parameters.delete('asOf');
  if (viewpoint === undefined) parameters.delete('heldBy');
  if (period) {
    if (period.from) parameters.set('from', period.from);
    parameters.set('to', period.to);
  }
  return `?${parameters}`;
}
