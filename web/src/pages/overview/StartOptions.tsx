import { useRef } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { signInAddress } from '../../api/redirect';
import { CopyButton } from '../../components/CopyButton';
import { Link } from '../../components/Link';
import { texts } from '../../texts';
import styles from './StartOptions.module.css';

const GUIDED = '/new/agreement/guided';

/** Three ways to begin, for a database without agreements. */
export function StartOptions() {
  const mayEdit = hasRole(useViewer(), 'EDITOR');
  const { start, dossier, sample } = texts.overview.startOptions;
  return (
    <section aria-labelledby="start-options">
      <p id="start-options">{texts.overview.startOptions.title}</p>
      <ul className={styles.startOptions}>
        <li>
          <h3>{start.title}</h3>
          <p>{start.text}</p>
          <p>{mayEdit ? <Link to={GUIDED}>{start.link}</Link> : <Link to={signInAddress(GUIDED)}>{start.signIn}</Link>}</p>
        </li>
        <li>
          <h3>{dossier.title}</h3>
          <p>{dossier.text}</p>
          <Command text={dossier.command} />
        </li>
        <li>
          <h3>{sample.title}</h3>
          <p>{sample.text}</p>
          <Command text={sample.command} />
        </li>
      </ul>
    </section>
  );
}

function Command({ text }: { text: string }) {
  const code = useRef<HTMLElement>(null);
  return (
    <>
      <pre className={styles.command}>
        <code ref={code}>{text}</code>
      </pre>
      <p>
        <CopyButton text={text} select={() => code.current && window.getSelection()?.selectAllChildren(code.current)} />
      </p>
    </>
  );
}
