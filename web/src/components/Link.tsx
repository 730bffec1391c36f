import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { useView, withView } from '../app/view';

interface Props {
  to: string;
  children: ReactNode;
  className?: string;
  title?: string;
  'aria-current'?: 'page';
}

/** A link to another page of the app, which keeps the day and the viewpoint. */
export function Link({ to, children, ...rest }: Props) {
  return (
    <RouterLink href={withView(to, useView())} {...rest}>
      {children}
    </RouterLink>
  );
}
