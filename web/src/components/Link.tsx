import type { ReactNode } from 'react';
import { Link as RouterLink, useLocation, useSearch } from 'wouter';
import { latestOf, useView, withView } from '../app/view';
import { texts } from '../texts';

interface Props {
  to: string;
  /** To the latest day: what is to be seen there is new, and not there on an earlier one. */
  isLatest?: boolean;
  children: ReactNode;
  className?: string;
  title?: string;
  'aria-current'?: 'page';
}

/** A link to another page of the app, which keeps the day and the viewpoint. */
export function Link({ to, isLatest = false, children, ...rest }: Props) {
  const view = useView();
  const [path] = useLocation();
  const search = useSearch();
  // The router puts its base in front, which a place within the page would be lost by.
  const target = to.startsWith('#') ? (search ? `${path}?${search}` : path) + to : to;
  return (
    <RouterLink href={withView(target, isLatest ? latestOf(view) : view)} {...rest}>
      {children}
    </RouterLink>
  );
}

/** A link to another site, which says so before it is followed: to the eye by a sign, to the ear in words. */
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
