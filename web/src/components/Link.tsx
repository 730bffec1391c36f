import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { latestOf, useView, withView } from '../app/view';

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
  return (
    <RouterLink href={withView(to, isLatest ? latestOf(view) : view)} {...rest}>
      {children}
    </RouterLink>
  );
}
