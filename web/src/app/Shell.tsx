import { type FormEvent, type ReactNode, useEffect } from 'react';
import { useLocation } from 'wouter';
import { followChangeLog } from '../api/live';
import { onHost } from '../browser/base';
import { Link } from '../components/Link';
import { texts } from '../texts';
import { Account } from './Account';
import { LiveNews, LiveState } from './LiveNews';
import { routes } from './routes';
import styles from './Shell.module.css';
import { Shortcuts } from './Shortcuts';
import { useView, withView } from './view';

/** The header and footer around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  useEffect(followChangeLog, []);
  return (
    <>
      <a className={styles.skip} href="#content">
        {texts.shell.skip}
      </a>
      <header className={styles.header}>
        <Link to="/" className={styles.brand}>
          {texts.product}
        </Link>
        <nav aria-label={texts.shell.mainNavigation}>
          <ul>
            {routes.map(
              ({ path: to, nav }) =>
                nav && (
                  <li key={to}>
                    <Link to={to} aria-current={path === to ? 'page' : undefined}>
                      {nav}
                    </Link>
                  </li>
                ),
            )}
            <li>
              <a href={onHost('/graphiql')} title={texts.shell.playgroundTitle}>
                {texts.shell.playground}
              </a>
            </li>
          </ul>
        </nav>
        {path !== '/search' && <SearchBox />}
        <Account />
      </header>
      <main id="content" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <LiveNews />
      <footer className={styles.footer}>
        <p>{texts.shell.footer}</p>
        <div>
          <Link to="/sources">{texts.shell.sources}</Link> · <Link to="/parties">{texts.shell.parties}</Link> · <Shortcuts /> · <LiveState /> · <a href={onHost('/assets/licenses.md')}>{texts.shell.licence}</a>
        </div>
      </footer>
    </>
  );
}

function SearchBox() {
  const [, navigate] = useLocation();
  const view = useView();
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get('q') ?? '').trim();
    if (words) navigate(withView(`/search?${new URLSearchParams({ q: words })}`, view));
  };
  return (
    <search className={styles.search}>
      <form action={onHost('/search')} onSubmit={search}>
        <input type="search" name="q" aria-label={texts.shell.searchHint} placeholder={texts.shell.search} />
        <button type="submit" aria-label={texts.shell.search}>
          <svg width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2">
            <circle cx="7" cy="7" r="5" />
            <path d="m11 11 4 4" />
          </svg>
        </button>
      </form>
    </search>
  );
}
