import { useEffect, useState } from 'react';
import { client } from '../../api/client';
import type { ClauseAssessmentFragment } from '../../api/types.gen';
import type { Clause } from './Clause';
import { ClauseHistoryDocument } from './Clause.gen';
import { type AssessmentMark, changedSince } from './update';

/** Number of latest assessments that the history shows at first, and that are compared to find changes. */
export const INITIAL_HISTORY = 25;

/** The state of the clause that a draft is based on. `assessments` is undefined until they are loaded. */
export interface DraftBase {
  version: number;
  assessments?: readonly AssessmentMark[];
}

/** The state that the page shows now. */
export function draftBaseOf({ version, agreement, number }: Clause): DraftBase {
  const names = { agreement: agreement.slug, number, first: INITIAL_HISTORY };
  return { version, assessments: client.readQuery(ClauseHistoryDocument, names)?.data?.clause?.assessments.nodes.map(toMark) };
}

const toMark = ({ id, retractedAt }: AssessmentMark): AssessmentMark => ({ id, retractedAt });

/**
 * Changes of the clause since the draft was started, or since the user last accepted changes. The page follows the change
 * log, so most conflicts are visible before the form is sent.
 */
export function useConcurrentChanges(clause: Clause, initialBase: DraftBase) {
  const [base, setBase] = useState(initialBase);
  const [current, setCurrent] = useState<{ version: number; assessments: readonly ClauseAssessmentFragment[] }>();
  const { number, version } = clause;
  const agreement = clause.agreement.slug;

  /** Loads the latest assessments. Returns whether that succeeded. */
  async function check(): Promise<boolean> {
    const context = { requestPolicy: 'network-only', background: true } as const;
    const names = { agreement, number, first: INITIAL_HISTORY };
    const { data } = await client.query(ClauseHistoryDocument, names, context).toPromise();
    const loaded = data?.clause;
    if (!loaded) return false;
    const assessments = loaded.assessments.nodes;
    setCurrent({ version: loaded.version, assessments });
    setBase((previous) => (previous.assessments ? previous : { ...previous, assessments: assessments.map(toMark) }));
    return true;
  }
  useEffect(() => void check(), [agreement, number, version]);

  return {
    base,
    isConflict: current !== undefined && current.version > base.version,
    news: current && base.assessments ? changedSince(base.assessments, current.assessments) : [],
    check,
    /** Accepts the changes as the new base of the draft. Returns its version. */
    accept() {
      const version = current?.version ?? base.version;
      setBase({ version, assessments: current?.assessments.map(toMark) });
      return version;
    },
  };
}
