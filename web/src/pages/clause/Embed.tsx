import { useRef } from 'react';
import { useView } from '../../app/view';
import { BASE } from '../../browser/base';
import { CopyButton } from '../../components/CopyButton';
import { texts } from '../../texts';
import { embedCode } from './embedCode';

interface Props {
  /** The path of the clause. */
  path: string;
  title: string;
}

/** The HTML that shows the card of a clause on another site, with a link to the card. */
export function Embed({ path, title }: Props) {
  const view = useView();
  const code = useRef<HTMLElement>(null);
  const html = embedCode(window.location.origin + BASE, path, title, view);
  return (
    <section aria-labelledby="embed" className="no-print">
      <h2 id="embed">{texts.embed.title}</h2>
      <details>
        <summary>{texts.embed.about}</summary>
        <p className="wrap-anywhere">
          <code ref={code}>{html}</code>
        </p>
        <p className="actions">
          <CopyButton
            text={html}
            select={() => code.current && window.getSelection()?.selectAllChildren(code.current)}
          />
        </p>
      </details>
    </section>
  );
}
