import { type FormEvent, type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { followChangeLog } from '../api/live';
import { useSubmissionPolling } from '../api/submissions';
import { onHost } from '../browser/base';
import { Icon } from '../components/Icon';
import { Link } from '../components/Link';
import icon from '../icon.svg';
import { ReviewLink } from '../pages/review/ReviewLink';
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
  useSubmissionPolling();
  return (
    <>
      <a className={styles.skip} href="#content">
        {texts.shell.skip}
      </a>
      <header className={styles.header}>
        <Navigation path={path} />
        {path === '/search' ? <span className={styles.search} /> : <SearchBox />}
        <Account />
      </header>
      <main id="content" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <LiveNews />
      <footer className={styles.footer}>
        <p>{texts.shell.footer}</p>
        <div>
          <Link to="/sources">{texts.shell.sources}</Link>
          <Link to="/parties">{texts.shell.parties}</Link>
          <Link to="/releases">{texts.shell.releases}</Link>
          <Shortcuts />
          <LiveState />
          <a href={onHost('/assets/licenses.md')}>{texts.shell.licence}</a>
        </div>
      </footer>
    </>
  );
}

/** The name of the product and the main navigation. On a narrow screen a button opens the navigation. */
function Navigation({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useId();
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      className={styles.start}
      onKeyDown={onKey}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
      onClick={(event: MouseEvent) => event.target instanceof HTMLAnchorElement && setOpen(false)}
    >
      <button
        ref={button}
        type="button"
        className={styles.opener}
        aria-label={texts.shell.menu}
        aria-expanded={isOpen}
        aria-controls={list}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="menu" />
      </button>
      <Link to="/" className={styles.brand}>
        <img src={icon} alt="" width="22" height="22" />
        {texts.product}
      </Link>
      <nav aria-label={texts.shell.mainNavigation} className={isOpen ? styles.open : undefined}>
        <ul id={list}>
          {routes.map(
            ({ path: to, nav }) =>
              nav && (
                <li key={to}>
                  <Link to={to} aria-current={currentMark(to, path)}>
                    {nav}
                  </Link>
                </li>
              ),
          )}
          <ReviewLink path={path} className={styles.review} />
          <li>
            <a href={onHost('/graphiql')} title={texts.shell.playgroundTitle}>
              {texts.shell.playground}
            </a>
          </li>
        </ul>
      </nav>
    </div>
  );
}

/** The value of `aria-current` for a navigation entry: `page` on the page itself, `true` on pages below it. */
function currentMark(to: string, path: string): 'page' | 'true' | undefined {
  if (path === to) return 'page';
  return to !== '/' && path.startsWith(`${to}/`) ? 'true' : undefined;
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
          <Icon name="search" />
        </button>
      </form>
      {/* On narrow screens this link replaces the field. The search page has a field, too. */}
      <Link to="/search" className={styles.searchLink} title={texts.shell.search}>
        <Icon name="search" />
        <span className="visually-hidden">{texts.shell.search}</span>
      </Link>
    </search>
  );
}
