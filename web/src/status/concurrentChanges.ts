import { useEffect, useState } from 'react';
import { client } from '../api/client';
import type { StatusHistory, StatusSubject } from './subject';
import { type AssessmentMark, changedSince } from './update';

/** The state of the subject on which a draft is based. `assessments` is undefined until they are loaded. */
export interface DraftBase {
  version: number;
  assessments?: readonly AssessmentMark[];
}

/** The state that the page shows now. */
export function draftBaseOf({ version, history }: StatusSubject): DraftBase {
  const data: unknown = client.readQuery(history.document, history.variables)?.data;
  return { version, assessments: data ? history.read(data)?.assessments.map(toMark) : undefined };
}

const toMark = ({ id, retractedAt }: AssessmentMark): AssessmentMark => ({ id, retractedAt });

/**
 * Changes of the subject since the draft was started, or since the user last accepted changes. The page follows the change
 * log, so most conflicts are visible before the form is sent.
 */
export function useConcurrentChanges(subject: StatusSubject, initialBase: DraftBase) {
  const [base, setBase] = useState(initialBase);
  const [current, setCurrent] = useState<StatusHistory>();
  const { id, version, history } = subject;

  /** Loads the latest assessments. Returns whether that succeeded. */
  async function check(): Promise<boolean> {
    const context = { requestPolicy: 'network-only', background: true } as const;
    const { data } = await client.query(history.document, history.variables, context).toPromise();
    const loaded = data ? history.read(data) : undefined;
    if (!loaded) return false;
    const { assessments } = loaded;
    setCurrent(loaded);
    setBase((previous) => (previous.assessments ? previous : { ...previous, assessments: assessments.map(toMark) }));
    return true;
  }
  useEffect(() => void check(), [id, version]);

  return {
    base,
    isConflict: current !== undefined && current.version > base.version,
    news: current && base.assessments ? changedSince(base.assessments, current.assessments) : [],
    check,
    /** Accepts the changes as the new base of the draft. Returns the version of the subject in this base. */
    accept() {
      const version = current?.version ?? base.version;
      setBase({ version, assessments: current?.assessments.map(toMark) });
      return version;
    },
  };
}
