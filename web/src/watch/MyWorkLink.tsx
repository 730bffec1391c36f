import { useLocation } from 'wouter';
import { hasRole, useViewer } from '../api/auth';
import { Icon } from '../components/Icon';
import { Link } from '../components/Link';
import { texts } from '../texts';
import styles from './MyWorkLink.module.css';
import { MAX_COUNT, useNews, useNewsCount } from './news';

/** A link to the page “My work” in the header, with the number of unseen changes. Hidden from visitors who watch no page. */
export function MyWorkLink() {
  const isEditor = hasRole(useViewer(), 'EDITOR');
  const news = useNews();
  const [path] = useLocation();
  if (news.length === 0 && !isEditor) return null;
  return (
    <Link to="/my-work" aria-current={path === '/my-work' ? 'page' : undefined} className={isEditor ? `${styles.link} ${styles.repeated}` : styles.link} title={texts.nav.myWork}>
      <Icon name="work" />
      <span className={styles.label}>{texts.nav.myWork} </span>
      <NewsCount />
    </Link>
  );
}

/** The number of distinct unseen changes on all watched pages. Empty if there are none. */
export function NewsCount() {
  const count = useNewsCount();
  if (count === 0) return null;
  return (
    <>
      <span className={styles.badge} aria-hidden="true">
        {Math.min(count, MAX_COUNT)}
        {count >= MAX_COUNT && '+'}
      </span>
      <span className="visually-hidden">({texts.watch.news(count, MAX_COUNT)})</span>
    </>
  );
}
