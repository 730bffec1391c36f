/** Focuses a message, and scrolls so that its surroundings are visible, such as the button below it. */
export function focusMessage(message: HTMLElement | null) {
  if (!message) return;
  message.focus({ preventScroll: true });
  // Shows the beginning of a message that fills the window.
  message.scrollIntoView({ block: message.offsetHeight < window.innerHeight / 2 ? 'center' : 'start' });
}
