import type { CitationLineFragment } from '../../api/types.gen';
import { FoldedOnPhone } from '../../components/Folded';
import { Evidence } from '../../components/SourceLink';
import { texts } from '../../texts';

/** The sources of an assessment. A phone shows only their number until the user taps it. */
export function FoldedEvidence({ citations }: { citations: readonly CitationLineFragment[] }) {
  const evidence = <Evidence citations={citations} />;
  return citations.length > 0 ? <FoldedOnPhone summary={texts.clause.sources(citations.length)}>{evidence}</FoldedOnPhone> : evidence;
}
