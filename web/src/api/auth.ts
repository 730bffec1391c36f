import { pipe, subscribe } from 'wonka';
import { onHost } from '../browser/base';
import { removeAllDrafts } from '../browser/drafts';
import { onSignedOut, tellSignedOut } from '../browser/signedOut';
import { ViewerDocument } from './auth.gen';
import { client } from './client';
import { useQuery } from './query';
import type { Role } from './schema.gen';
import type { ViewerQuery } from './types.gen';

// Sign-in and sign-out use `/session`, which sets a cookie that scripts cannot read.

export type Viewer = ViewerQuery['viewer'];

/** The current viewer. Undefined while loading, and on a private server before the sign-in. */
export function useViewer(): Viewer | undefined {
  const [{ data }] = useQuery({ query: ViewerDocument });
  return data?.viewer;
}

const RANKS: readonly Role[] = ['ANONYMOUS', 'READER', 'EDITOR', 'ADMIN'];

/** Whether the viewer has this role or a higher one. */
export function hasRole(viewer: Viewer | undefined, role: Role): boolean {
  return viewer !== undefined && RANKS.indexOf(viewer.role) >= RANKS.indexOf(role);
}

let currentViewer: Viewer | undefined;
pipe(
  client.query(ViewerDocument, {}),
  subscribe(({ data }) => {
    currentViewer = data?.viewer;
  }),
);

/** The name of the current viewer. Undefined while loading. */
export const viewerName = () => currentViewer?.name;

/** The address that starts single sign-on and then returns to `to`. Undefined if the server does not offer single sign-on. */
export async function singleSignOn(to: string): Promise<string | undefined> {
  try {
    const session = (await (await fetch(onHost('/session'))).json()) as { singleSignOn: string | null };
    if (session.singleSignOn === null) return undefined;
    return to === '/' ? session.singleSignOn : `${session.singleSignOn}?${new URLSearchParams({ to })}`;
  } catch {
    return undefined;
  }
}

export type SignInOutcome =
  | { name: string; role: Role }
  /** The reason why the server rejected the token. Undefined if the server could not be reached. */
  | { message: string | undefined };

/** Signs in with an access token. The caller must then reload the app, because another role may see other data. */
export async function signIn(token: string): Promise<SignInOutcome> {
  try {
    const response = await fetch(onHost('/session'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
      credentials: 'same-origin',
    });
    const answer = (await response.json()) as { name: string; role: Role; errors?: { message: string }[] };
    if (!response.ok) return { message: answer.errors?.[0]?.message };
    return { name: answer.name, role: answer.role };
  } catch {
    return { message: undefined };
  }
}

let hasSignedOut = false;

/** Whether the user signed out and the page is about to reload. If so, nothing may be stored any more. */
export const isSignedOut = () => hasSignedOut;

/** Ends the session in every tab and reloads the app, which removes data that only the old role may see. */
export async function signOut(): Promise<boolean> {
  try {
    const response = await fetch(onHost('/session'), { method: 'DELETE', credentials: 'same-origin' });
    if (!response.ok) return false;
    tellSignedOut();
    leave();
    return true;
  } catch {
    return false;
  }
}

function leave() {
  hasSignedOut = true;
  // Drafts must not be visible to the next user.
  removeAllDrafts();
  sessionStorage.clear();
  window.location.assign(onHost('/'));
}

onSignedOut(leave);
