import { pipe, subscribe } from 'wonka';
import { onSignedOut, tellSignedOut } from '../browser/signedOut';
import { ViewerDocument } from './auth.gen';
import { client } from './client';
import { useQuery } from './query';
import type { Role } from './schema.gen';
import type { ViewerQuery } from './types.gen';

// Signing in and out is not GraphQL: `/session` sets a cookie that no script can read.

export type Viewer = ViewerQuery['viewer'];

/** Who uses this page; undefined while it is not known, or where reading itself takes a sign-in. */
export function useViewer(): Viewer | undefined {
  const [{ data }] = useQuery({ query: ViewerDocument });
  return data?.viewer;
}

const RANKS: readonly Role[] = ['ANONYMOUS', 'READER', 'EDITOR', 'ADMIN'];

/** Whether somebody may do what takes this role. */
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

/** The name of who is signed in, as far as it is known. */
export const viewerName = () => currentViewer?.name;

/** Where one signs in without a token, to go on at `to`, if this server knows such a way. */
export async function singleSignOn(to: string): Promise<string | undefined> {
  try {
    const session = (await (await fetch('/session')).json()) as { singleSignOn: string | null };
    if (session.singleSignOn === null) return undefined;
    return to === '/' ? session.singleSignOn : `${session.singleSignOn}?${new URLSearchParams({ to })}`;
  } catch {
    return undefined;
  }
}

export type SignInOutcome =
  | { name: string; role: Role }
  /** The server says why not; or it was not reached, and there is no message. */
  | { message: string | undefined };

/** Shows the server an access token. Then the page is to begin anew, as another role may see other things. */
export async function signIn(token: string): Promise<SignInOutcome> {
  try {
    const response = await fetch('/session', {
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

/** Whether somebody signed out, and this page is about to be left: nothing of it may stay. */
export const isSignedOut = () => hasSignedOut;

/** Ends the session, in every tab. The page begins anew, so that nothing stays of what only that role may see. */
export async function signOut(): Promise<boolean> {
  try {
    const response = await fetch('/session', { method: 'DELETE', credentials: 'same-origin' });
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
  // What was begun by who signs out is not for who signs in next.
  sessionStorage.clear();
  window.location.assign('/');
}

onSignedOut(leave);
