import { useState } from 'react';
import { useView, withView } from '../app/view';
import { longDay, today } from '../format/days';
import { texts } from '../texts';

interface Props {
  /** What the page is about. */
  subject: string;
  /** In whose view, in words. */
  viewpoint: string;
}

/** How to cite what is shown: a line, and a link that holds the day even where the page shows the latest. */
export function Citation({ subject, viewpoint }: Props) {
  const view = useView();
  const [isCopied, setCopied] = useState(false);
  const day = view.asOf ?? today();
  const path = withView(window.location.pathname + window.location.search, { ...view, asOf: day });
  const url = new URL(path, window.location.origin).href;
  const line = texts.citation.line(subject, longDay(day), viewpoint, url, longDay(today()));
  return (
    <section aria-labelledby="cite">
      <h2 id="cite">{texts.citation.title}</h2>
      <p className="wrap-anywhere">{line}</p>
      <p className="actions no-print">
        <button
          type="button"
          onClick={() => void navigator.clipboard.writeText(line).then(() => setCopied(true), () => {})}
        >
          <span role="status">{isCopied ? texts.citation.copied : texts.citation.copy}</span>
        </button>
        <a href={path}>{texts.citation.permalink}</a>
      </p>
    </section>
  );
}
