import type { ReactNode } from 'react';
import { hasRole, useViewer } from '../api/auth';

/** Links and buttons that only editors see. */
export function Editors({ children }: { children: ReactNode }) {
  return hasRole(useViewer(), 'EDITOR') && <p className="actions no-print">{children}</p>;
}
