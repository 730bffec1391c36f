import { useEffect, useSyncExternalStore } from 'react';

// The router tells of its own navigations by events of these names.
const EVENTS = ['popstate', 'pushState', 'replaceState', 'hashchange'];

function subscribe(onChange: () => void) {
  for (const name of EVENTS) window.addEventListener(name, onChange);
  return () => {
    for (const name of EVENTS) window.removeEventListener(name, onChange);
  };
}

/** What stands behind the `#` of the address: the place within the page. */
export function useAnchor(): string {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}

/** Brings the element of this id into view when the address names it, once it is there. */
export function useScrollToAnchor(id: string): boolean {
  const isTarget = useAnchor() === id;
  useEffect(() => {
    if (!isTarget) return;
    // After the page itself has put its beginning into view.
    const frame = requestAnimationFrame(() => {
      const element = document.getElementById(id);
      element?.scrollIntoView({ block: 'start' });
      element?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [isTarget, id]);
  return isTarget;
}
