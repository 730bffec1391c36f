import { useRef } from 'react';
import { useView } from '../app/view';
import { CITATION_FORMATS, type CitationFormat } from '../format/citation';
import { shortDay, today } from '../format/days';
import { download, fileName } from '../format/download';
import { texts } from '../texts';
import { CopyButton } from './CopyButton';
import { type Cited, citedPath } from './citedPath';
import { Link } from './Link';

const FORMATS = Object.keys(CITATION_FORMATS) as CitationFormat[];

interface Props extends Cited {
  subject: string;
}

/** A citation of the page, with a link that includes the day even if the page shows the latest one. */
export function Citation({ subject, viewpoint, period }: Props) {
  const view = useView();
  const text = useRef<HTMLParagraphElement>(null);
  const day = view.asOf ?? today();
  const path = citedPath(view, { viewpoint, period });
  const url = new URL(path, window.location.origin).href;
  const when = period
    ? texts.citation.between(period.from && shortDay(period.from), shortDay(period.to))
    : texts.citation.asOf(shortDay(day));
  const context = viewpoint && texts.citation.context(when, viewpoint);
  const save = (format: CitationFormat) => {
    const { extension, type, write } = CITATION_FORMATS[format];
    const shown = viewpoint === undefined ? undefined : (period?.to ?? day);
    const page = { title: subject, url, publisher: texts.product, day: shown, accessed: today(), note: context };
    download(fileName([subject, shown ?? ''], extension), write(page), type);
  };
  const line = texts.citation.line(subject, context, url, shortDay(today()));
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
        {texts.citation.as}
        {FORMATS.map((format) => (
          <button key={format} type="button" className="quiet" onClick={() => save(format)}>
            {texts.citation.formats[format]}
          </button>
        ))}
      </p>
    </section>
  );
}

function linkName(viewpoint: Props['viewpoint'], period: Props['period']): string {
  if (viewpoint === undefined) return texts.citation.permalinkPlain;
  return period ? texts.citation.permalinkPeriod : texts.citation.permalink;
}
