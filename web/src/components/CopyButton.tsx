import { useState } from 'react';
import { texts } from '../texts';

interface Props {
  text: string;
  /** Selects the text on the page. */
  select: () => void;
}

/** Copies a text. Browsers allow this on secure pages only. On other pages, the button selects the text for the user to copy. */
export function CopyButton({ text, select }: Props) {
  const [copied, setCopied] = useState<string>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(text);
    } catch {
      select();
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {texts.export.copy}
      </button>
      <span role="status" className="muted">
        {copied === text && texts.export.copied}
      </span>
    </>
  );
}
