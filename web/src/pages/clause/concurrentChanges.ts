import { useEffect, useState } from 'react';
import { client } from '../../api/client';
import type { ClauseAssessmentFragment } from '../../api/types.gen';
import type { Clause } from './Clause';
import { ClauseHistoryDocument } from './Clause.gen';
import { type AssessmentMark, changedSince } from './update';

/** How many judgements, latest first, the page shows at first, and are looked through for what is new. */
export const INITIAL_HISTORY = 25;

/** What a draft was decided on: the clause's version, and the judgements that were known then. */
export interface DraftBase {
  version: number;
  assessments?: readonly AssessmentMark[];
}

/** What the page showed when the form was opened on it. */
export function draftBaseOf({ version, agreement, number }: Clause): DraftBase {
  const names = { agreement: agreement.slug, number, first: INITIAL_HISTORY };
  return { version, assessments: client.readQuery(ClauseHistoryDocument, names)?.data?.clause?.assessments.nodes.map(toMark) };
}

const toMark = ({ id, retractedAt }: AssessmentMark): AssessmentMark => ({ id, retractedAt });

/**
 * What others recorded since the draft was begun, or since one last looked at it. The page follows the
 * change log, so that this is mostly known before anything is sent.
 */
export function useConcurrentChanges(clause: Clause, initialBase: DraftBase) {
  const [base, setBase] = useState(initialBase);
  const [current, setCurrent] = useState<{ version: number; assessments: readonly ClauseAssessmentFragment[] }>();
  const { number, version } = clause;
  const agreement = clause.agreement.slug;

  /** Whether the server could be asked. */
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
    /** From now on that is known. Returns the version that is. */
    accept() {
      const version = current?.version ?? base.version;
      setBase({ version, assessments: current?.assessments.map(toMark) });
      return version;
    },
  };
}
