import { useState } from 'react';
import { texts } from '../texts';

interface Props {
  text: string;
  /** Selects the text on the page. */
  select: () => void;
}

/** Copies a text. Browsers allow this on secure pages only. Elsewhere it selects the text, to be copied by hand. */
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
