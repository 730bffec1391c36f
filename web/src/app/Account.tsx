import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { hasRole, signOut, useViewer } from '../api/auth';
import { SIGN_IN, signInAddress } from '../api/redirect';
import { Link } from '../components/Link';
import { texts } from '../texts';
import { NewMenu } from './NewMenu';
import styles from './Shell.module.css';

/** The name and role of the viewer, or a link to the sign-in page. */
export function Account() {
  const [path] = useLocation();
  const search = useSearch();
  const viewer = useViewer();
  const [isFailed, setFailed] = useState(false);
  if (!hasRole(viewer, 'READER')) {
    return (
      <p className={styles.account}>
        {path !== SIGN_IN && <Link to={signInAddress(search ? `${path}?${search}` : path)}>{texts.account.signIn}</Link>}
      </p>
    );
  }
  return (
    <div className={styles.account}>
      {hasRole(viewer, 'EDITOR') && <NewMenu />}
      <span>
        <span className="visually-hidden">{texts.account.signedInAs}</span> <strong>{viewer?.name}</strong>{' '}
        <span className={`muted ${styles.role}`}>{viewer && texts.role[viewer.role].label}</span>
      </span>
      {hasRole(viewer, 'ADMIN') && <Link to="/tokens">{texts.nav.tokens}</Link>}
      <button type="button" className="quiet" onClick={() => void signOut().then((isDone) => setFailed(!isDone))}>
        {texts.account.signOut}
      </button>
      {isFailed && <span role="alert">{texts.account.signOutFailed}</span>}
    </div>
  );
}
