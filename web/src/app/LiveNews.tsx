import { useEffect, useState } from 'react';
import { dismissNews, pollNow, useLive } from '../api/live';
import { texts } from '../texts';
import { ChangeLine } from './ChangeLine';
import styles from './LiveNews.module.css';

const MAX_SHOWN = 3;

/** The latest changes by other accounts, and a message while the connection is lost. */
export function LiveNews() {
  const { state, news, retryAt } = useLive();
  return (
    <aside className={styles.news} aria-label={texts.live.label} aria-live="polite">
      {state === 'lost' && (
        <div className={styles.item}>
          <p>
            {texts.live.lost} <Countdown until={retryAt} />
          </p>
          <button type="button" onClick={pollNow}>
            {texts.live.retryNow}
          </button>
        </div>
      )}
      {news.length > 0 && (
        <div className={styles.item}>
          <ul>
            {news.slice(0, MAX_SHOWN).map((change) => (
              <li key={change.position}>
                <ChangeLine change={change} />
              </li>
            ))}
            {news.length > MAX_SHOWN && <li className="muted">{texts.live.more(news.length - MAX_SHOWN)}</li>}
          </ul>
          <button type="button" onClick={dismissNews}>
            {texts.live.dismiss}
          </button>
        </div>
      )}
    </aside>
  );
}

function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  // Hidden from screen readers, which would read out every second.
  return <span aria-hidden="true">{texts.live.retryIn(Math.max(0, Math.ceil((until - now) / 1000)))}</span>;
}

/** The state of the connection, in one word. */
export function LiveState() {
  const { state } = useLive();
  if (state !== 'following') return <span>{texts.live[state]}</span>;
  return (
    <span title={texts.live.followingTitle}>
      <span aria-hidden="true">●</span> {texts.live.following}
    </span>
  );
}
