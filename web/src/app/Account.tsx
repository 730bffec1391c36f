import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { hasRole, signOut, useViewer } from '../api/auth';
import { SIGN_IN, signInAddress } from '../api/redirect';
import { Icon } from '../components/Icon';
import { Link } from '../components/Link';
import { texts } from '../texts';
import { MyWorkLink, NewsCount } from '../watch/MyWorkLink';
import { ReviewLink } from '../pages/review/ReviewLink';
import { Menu } from './Menu';
import { NewMenu } from './NewMenu';
import styles from './Shell.module.css';

/** The menu of the viewer, or a link to the sign-in page. Editors also get the menu of new records. */
export function Account() {
  const [path] = useLocation();
  const search = useSearch();
  const viewer = useViewer();
  const [isFailed, setFailed] = useState(false);
  if (!viewer || !hasRole(viewer, 'READER')) {
    return (
      <p className={styles.account}>
        <MyWorkLink />{' '}
        {path !== SIGN_IN && <Link to={signInAddress(search ? `${path}?${search}` : path)}>{texts.account.signIn}</Link>}
      </p>
    );
  }
  return (
    <div className={styles.account}>
      {hasRole(viewer, 'EDITOR') && <NewMenu />}
      <MyWorkLink />
      <Menu
        label={
          <>
            <span className="visually-hidden">{texts.account.signedInAs}</span>
            <Icon name="account" />
            <strong>{viewer.name}</strong>
          </>
        }
      >
        <li className={styles.role}>
          {viewer.name} · {texts.role[viewer.role].label}
        </li>
        <li>
          <Link to="/my-work" aria-current={path === '/my-work' ? 'page' : undefined}>
            {texts.nav.myWork} <NewsCount />
          </Link>
        </li>
        <ReviewLink path={path} />
        {hasRole(viewer, 'ADMIN') && (
          <li>
            <Link to="/tokens">{texts.nav.tokens}</Link>
          </li>
        )}
        <li>
          <button type="button" onClick={() => void signOut().then((isDone) => setFailed(!isDone))}>
            {texts.account.signOut}
          </button>
        </li>
      </Menu>
      {isFailed && <span role="alert">{texts.account.signOutFailed}</span>}
    </div>
  );
}
