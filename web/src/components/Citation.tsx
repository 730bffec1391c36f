import { useRef } from 'react';
import { useView, type View, withView } from '../app/view';
import { shortDay, today } from '../format/days';
import { texts } from '../texts';
import { CopyButton } from './CopyButton';
import { Link } from './Link';

const NO_VIEW: View = { asOf: undefined, heldBy: undefined };

interface Props {
  subject: string;
  /** The viewpoint in words. Undefined if the page depends on neither day nor viewpoint. */
  viewpoint?: string;
  /** For pages about a period instead of a day. */
  period?: { from: string | undefined; to: string };
}

/** A citation of the page, with a link that includes the day even if the page shows the latest one. */
export function Citation({ subject, viewpoint, period }: Props) {
  const view = useView();
  const text = useRef<HTMLParagraphElement>(null);
  const day = view.asOf ?? today();
  const citedView = viewpoint === undefined ? NO_VIEW : { ...view, asOf: period ? undefined : day };
  const path = withView(window.location.pathname + searchOf(viewpoint, period), citedView);
  const url = new URL(path, window.location.origin).href;
  const when = period
    ? texts.citation.between(period.from && shortDay(period.from), shortDay(period.to))
    : texts.citation.asOf(shortDay(day));
  const line = texts.citation.line(subject, viewpoint && texts.citation.context(when, viewpoint), url, shortDay(today()));
  return (
    <section aria-labelledby="cite">
      <h2 id="cite">{texts.citation.title}</h2>
      <p ref={text} className="wrap-anywhere">
        {line}
      </p>
      <p className="actions no-print">
        <CopyButton
          text={line}
          select={() => text.current && window.getSelection()?.selectAllChildren(text.current)}
        />
        <Link to={path}>{linkName(viewpoint, period)}</Link>
      </p>
    </section>
  );
}

function linkName(viewpoint: Props['viewpoint'], period: Props['period']): string {
  if (viewpoint === undefined) return texts.citation.permalinkPlain;
  return period ? texts.citation.permalinkPeriod : texts.citation.permalink;
}

/** The parameters of the address for the citation: with both days of a period, and without days if the page does not depend on them. */
function searchOf(viewpoint: Props['viewpoint'], period: Props['period']): string {
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
