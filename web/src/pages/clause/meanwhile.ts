import { useEffect, useState } from 'react';
import { client } from '../../api/client';
import type { ClauseJudgementFragment } from '../../api/types.gen';
import type { Clause } from './Clause';
import { ClauseHistoryDocument } from './Clause.gen';
import { type Seen, since } from './update';

/** How many judgements, latest first, the page shows at first, and are looked through for what is new. */
export const LATEST = 25;

/** What a draft was decided on: the clause's version, and the judgements that were known then. */
export interface Base {
  version: number;
  known?: readonly Seen[];
}

/** What the page showed when the form was opened on it. */
export function baseOf({ version, agreement, number }: Clause): Base {
  const names = { agreement: agreement.slug, number, first: LATEST };
  return { version, known: client.readQuery(ClauseHistoryDocument, names)?.data?.clause?.assessments.nodes.map(mark) };
}

const mark = ({ id, retractedAt }: Seen): Seen => ({ id, retractedAt });

/**
 * What others recorded since the draft was begun, or since one last looked at it. The page follows the
 * change log, so that this is mostly known before anything is sent.
 */
export function useMeanwhile(clause: Clause, begun: Base) {
  const [base, setBase] = useState(begun);
  const [now, setNow] = useState<{ version: number; judgements: readonly ClauseJudgementFragment[] }>();
  const { number, version } = clause;
  const agreement = clause.agreement.slug;

  /** Whether the server could be asked. */
  async function look(): Promise<boolean> {
    const context = { requestPolicy: 'network-only', aside: true } as const;
    const names = { agreement, number, first: LATEST };
    const { data } = await client.query(ClauseHistoryDocument, names, context).toPromise();
    const found = data?.clause;
    if (!found) return false;
    const judgements = found.assessments.nodes;
    setNow({ version: found.version, judgements });
    setBase((before) => (before.known ? before : { ...before, known: judgements.map(mark) }));
    return true;
  }
  useEffect(() => void look(), [agreement, number, version]);

  return {
    base,
    isConflict: now !== undefined && now.version > base.version,
    news: now && base.known ? since(base.known, now.judgements) : [],
    look,
    /** From now on that is known. Returns the version that is. */
    accept() {
      const version = now?.version ?? base.version;
      setBase({ version, known: now?.judgements.map(mark) });
      return version;
    },
  };
}
