import { useEffect, useId, useRef } from 'react';
import { Link } from '../components/Link';
import { texts } from '../texts';
import styles from './Status.module.css';

interface Props {
  reference: string;
  onDone: () => void;
}

/** States that a status was submitted for review, and the next step. */
export function SubmittedNotice({ reference, onDone }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const title = useId();
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} className={styles.recorded} role="status" tabIndex={-1} aria-labelledby={title}>
      <h2 id={title}>{texts.review.submitted(reference)}</h2>
      <p>{texts.review.afterSubmit}</p>
      <p className="actions">
        <Link to="/review?show=MINE">{texts.review.open}</Link>
        <button type="button" className="quiet" onClick={onDone}>
          {texts.live.dismiss}
        </button>
      </p>
    </div>
  );
}
