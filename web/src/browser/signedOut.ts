// The session belongs to the whole browser. After a sign-out, no tab may show data of that account or keep its drafts.

const SIGNED_OUT = 'signed-out';
const channel = new BroadcastChannel('clausewatch-session');

export const tellSignedOut = () => channel.postMessage(SIGNED_OUT);

/** Calls `leave` when the user signs out in another tab. */
export function onSignedOut(leave: () => void) {
  channel.addEventListener('message', ({ data }) => {
    if (data === SIGNED_OUT) leave();
  });
}
