import { type ReactNode, useEffect, useState } from 'react';

/**
 * A message that screen readers announce when it appears. Screen readers announce only changes in a live region, so the region is
 * rendered first, and the message one frame later.
 */
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
