import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { servedText, subscribeToServedText } from './servedText';

/** The text of the page that the server sent, until the app has loaded the page. The content below it is hidden meanwhile (base.css). */
export function ServedText() {
  const text = useSyncExternalStore(subscribeToServedText, servedText);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (text) place.current?.append(...text.childNodes);
  }, [text]);
  return text && <div ref={place} className="served" />;
}
