import { type ComponentType, useEffect, useEffectEvent, useState } from 'react';
import { texts } from '../texts';
import { Loading } from './Loaded';
import styles from './Loaded.module.css';

const RETRY_MS = 3_000;
/** If the server responds, loading is retried at most this number of times. A newer server may no longer have the code. */
const MAX_ATTEMPTS = 5;

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/**
 * A component whose code is loaded when it is first shown. `Waiting` is shown in the meantime. If loading fails, shows the
 * reason and retries. React's `lazy` does not retry.
 */
export function lazy<Props extends object>(load: Load<Props>, Waiting: ComponentType<Props> = Loading) {
  let Loaded: ComponentType<Props> | undefined;

  return function Lazy(props: Props) {
    const [isLoaded, setLoaded] = useState(Loaded !== undefined);
    const [failure, setFailure] = useState<'OFFLINE' | 'GONE'>();
    const [attempt, setAttempt] = useState(0);
    useEffect(() => {
      if (Loaded) return setLoaded(true);
      let isUnmounted = false;
      if (attempt > 0) reloadFailedStyles();
      load().then(
        (module) => {
          Loaded = module.default;
          if (!isUnmounted) setLoaded(true);
        },
        async () => {
          const isReached = await reachesServer();
          if (!isUnmounted) setFailure(isReached ? 'GONE' : 'OFFLINE');
        },
      );
      return () => {
        isUnmounted = true;
      };
    }, [attempt]);
    const canRetry = failure === 'OFFLINE' || (failure === 'GONE' && attempt < MAX_ATTEMPTS);
    useRetry(canRetry && !isLoaded, () => setAttempt(attempt + 1));
    if (isLoaded && Loaded) return <Loaded {...props} />;
    return (
      <>
        {failure && <NotLoaded isGone={failure === 'GONE'} retry={() => setAttempt(attempt + 1)} />}
        {(!failure || Waiting !== Loading) && <Waiting {...props} />}
      </>
    );
  };
}

function NotLoaded({ isGone, retry }: { isGone: boolean; retry: () => void }) {
  return (
    <div className={styles.failure} role="alert">
      <p>
        <strong>{texts.states.errorTitle}</strong>
      </p>
      <p>{isGone ? texts.states.outdated : texts.states.offline}</p>
      <button type="button" onClick={isGone ? () => window.location.reload() : retry}>
        {isGone ? texts.states.reload : texts.states.retry}
      </button>
    </div>
  );
}

function useRetry(isOn: boolean, retry: () => void) {
  const onRetry = useEffectEvent(retry);
  useEffect(() => {
    if (!isOn) return;
    const runRetry = () => onRetry();
    const timer = setInterval(runRetry, RETRY_MS);
    window.addEventListener('online', runRetry);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', runRetry);
    };
  }, [isOn]);
}

/** Whether the server responds, with any status below 500. If so, missing code means that this app is outdated. */
async function reachesServer(): Promise<boolean> {
  try {
    return (await fetch(window.location.href, { method: 'HEAD', cache: 'no-store' })).status < 500;
  } catch {
    return false;
  }
}

/** Browsers do not load a failed style sheet again unless its link is replaced. */
function reloadFailedStyles() {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')) {
    if (!link.sheet) link.replaceWith(link.cloneNode());
  }
}
