import type { ReactNode } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { signInAddress } from '../../api/redirect';
import { currentPath } from '../../browser/base';
import { Link } from '../../components/Link';
import { Loading } from '../../components/Loaded';
import { texts } from '../../texts';

/** Shows its content to editors, and a link to the sign-in page to other users. */
export function EditorOnly({ children }: { children: ReactNode }) {
  const viewer = useViewer();
  if (!viewer) return <Loading />;
  if (hasRole(viewer, 'EDITOR')) return children;
  const here = currentPath() + window.location.search;
  return (
    <p>
      {texts.record.roleMissing} <Link to={signInAddress(here)}>{texts.states.signIn}</Link>
    </p>
  );
}
