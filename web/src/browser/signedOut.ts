// Signing out ends the session of the whole browser, so it ends every tab: none goes on showing what only that account may
// see, or keeps what it had begun to write.

const SIGNED_OUT = 'signed-out';
const channel = new BroadcastChannel('clausewatch-session');

/** Tells the other tabs of this browser. */
export const tellSignedOut = () => channel.postMessage(SIGNED_OUT);

/** Calls this when somebody signs out in another tab. */
export function onSignedOut(leave: () => void) {
  channel.addEventListener('message', ({ data }) => {
    if (data === SIGNED_OUT) leave();
  });
}
