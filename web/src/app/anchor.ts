import { useEffect, useSyncExternalStore } from 'react';

// The router dispatches events of these names when it navigates.
const EVENTS = ['popstate', 'pushState', 'replaceState', 'hashchange'];

function subscribe(onChange: () => void) {
  for (const name of EVENTS) window.addEventListener(name, onChange);
  return () => {
    for (const name of EVENTS) window.removeEventListener(name, onChange);
  };
}

const RETRACTION = 'retract-';

/** The id of the button that opens the form of a retraction. A fragment with this id opens the form. */
export const retractionAnchor = (assessmentId: string) => RETRACTION + assessmentId;

/** The address that opens a page with the form of a retraction. Replaces the fragment of the path. */
export const withRetraction = (path: string, assessmentId: string) => `${path.replace(/#.*/, '')}#${retractionAnchor(assessmentId)}`;

/** Whether the fragment of the address opens the form of a retraction. If so, a history must show all rows, because the form is in one of them. */
export const useOpensRetraction = (): boolean => useAnchor().startsWith(RETRACTION);

/** The fragment of the address, after its `#`. */
export function useAnchor(): string {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}

/** Scrolls to the element and focuses it if the fragment of the address is its id. Returns whether it is. */
export function useScrollToAnchor(id: string): boolean {
  const isTarget = useAnchor() === id;
  useEffect(() => {
    if (!isTarget) return;
    // Waits until the page has scrolled to its top.
    const frame = requestAnimationFrame(() => {
      const element = document.getElementById(id);
      element?.scrollIntoView({ block: 'start' });
      element?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [isTarget, id]);
  return isTarget;
}
