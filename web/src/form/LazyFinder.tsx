import { lazy } from '../components/lazy';
import { texts } from '../texts';
import styles from './Finder.module.css';
import type { FinderProps } from './finder';

/** The list is a large part of a form's code, so it is loaded on demand. */
export const Finder = lazy(() => import('./Finder'), LoadingFinder);

/** The search field while the list is loading. The list takes over the typed text. */
function LoadingFinder({ id, label, placeholder, finder, onFinder, onClose }: FinderProps) {
  return (
    <div className={styles.finder}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        autoFocus
        className={styles.input}
        placeholder={placeholder}
        value={finder.typed}
        onChange={(event) => onFinder({ typed: event.target.value, choosesFirst: false })}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && finder.typed === '') onClose();
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          // Enter chooses a record. It must not send the form.
          event.preventDefault();
          onFinder({ ...finder, choosesFirst: true });
        }}
      />
      <span role="status" className="muted">
        {texts.states.loading}
      </span>
    </div>
  );
}
