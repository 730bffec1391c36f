import type { ReactNode } from 'react';
import { Link as RouterLink, useLocation, useSearch } from 'wouter';
import { latestOf, useView, withView } from '../app/view';
import { texts } from '../texts';

interface Props {
  to: string;
  /** Whether the link opens the latest day, for records that may not exist on the selected day. */
  isLatest?: boolean;
  children: ReactNode;
  className?: string;
  title?: string;
  'aria-current'?: 'page' | 'true';
}

/** A link to a page of the app. Keeps the day and the viewpoint. */
export function Link({ to, isLatest = false, children, ...rest }: Props) {
  const view = useView();
  const [path] = useLocation();
  const search = useSearch();
  // The router adds its base, so a fragment alone would lose the path of the page.
  const target = to.startsWith('#') ? (search ? `${path}?${search}` : path) + to : to;
  return (
    <RouterLink href={withView(target, isLatest ? latestOf(view) : view)} {...rest}>
      {children}
    </RouterLink>
  );
}

/** A link to another site, marked by an arrow, and in words for screen readers. */
export function OutsideLink({ to, children }: Pick<Props, 'to' | 'children'>) {
  return (
    <a href={to} rel="noreferrer">
      {children}
      <span aria-hidden="true" title={texts.source.outside}>
        {'\u00a0↗'}
      </span>
      <span className="visually-hidden"> ({texts.source.outside})</span>
    </a>
  );
}
