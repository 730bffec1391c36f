import { useEffect, useSyncExternalStore } from 'react';

// The router dispatches events of these names when it navigates.
const EVENTS = ['popstate', 'pushState', 'replaceState', 'hashchange'];

function subscribe(onChange: () => void) {
  for (const name of EVENTS) window.addEventListener(name, onChange);
  return () => {
    for (const name of EVENTS) window.removeEventListener(name, onChange);
  };
}

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
