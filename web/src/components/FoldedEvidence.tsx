import type { CitationLineFragment } from '../api/types.gen';
import { texts } from '../texts';
import { Evidence } from './SourceLink';
import styles from './SourceLink.module.css';

/** The sources of an assessment. Only their number is shown until the reader expands them. On paper all are shown. */
export function FoldedEvidence({ citations }: { citations: readonly CitationLineFragment[] }) {
  const evidence = <Evidence citations={citations} />;
  if (citations.length === 0) return evidence;
  return (
    <details className={`printed-open ${styles.folded}`}>
      <summary>{texts.source.count(citations.length)}</summary>
      {evidence}
    </details>
  );
}
