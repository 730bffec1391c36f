import { type ReactNode, useEffect, useState } from 'react';

/** A message that screen readers announce although it is shown at once. They announce only changes in a live region. */
export function Announcement({ children }: { children: ReactNode }) {
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setReady(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <p role="status" className="hint">
      {isReady && children}
    </p>
  );
}
