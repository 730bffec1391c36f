import { useState } from 'react';
import { texts } from '../texts';

interface Props {
  text: string;
  /** Marks the text where it is shown. */
  select: () => void;
}

/** Copies a text. Browsers lend the clipboard to secure pages only: elsewhere it is ready to be copied by hand. */
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
