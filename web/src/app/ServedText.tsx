import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { servedText, subscribeToServedText } from './servedText';

/** Shows the text that the server sent, until the app has loaded the page. Meanwhile, the content below is hidden (served.css). */
export function ServedText() {
  const text = useSyncExternalStore(subscribeToServedText, servedText);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (text) place.current?.append(...text.childNodes);
  }, [text]);
  return text && <div ref={place} className="served" />;
}
