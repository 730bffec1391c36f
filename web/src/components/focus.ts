/** Gives a message the focus, and brings it into view with what stands around it, such as the button below it. */
export function focusMessage(message: HTMLElement | null) {
  if (!message) return;
  message.focus({ preventScroll: true });
  // A message that fills the window is read from its beginning.
  message.scrollIntoView({ block: message.offsetHeight < window.innerHeight / 2 ? 'center' : 'start' });
}
