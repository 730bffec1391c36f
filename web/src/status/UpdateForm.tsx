import { useState } from 'react';
import { useQuery } from '../api/query';
import { useHolders } from '../app/holders';
import { Loaded, Loading } from '../components/Loaded';
import { StatusForm } from './StatusForm';
import { correctionDraft, storedDraft } from './drafts';
import { INITIAL_HISTORY, MAX_HISTORY } from './historyLimits';
import type { Status, StatusAssessment, StatusSubject } from './subject';
import type { Outcome } from './update';

interface Props {
  subject: StatusSubject;
  /** The id of the assessment to correct. */
  corrects: string | undefined;
  /** The status that the user has already chosen with a key. */
  status: Status | undefined;
  /** The assessment that was recorded last. */
  recorded: StatusAssessment | undefined;
  /** Whether the form of another subject follows. */
  hasNext: boolean;
  onClose: () => void;
  /** `isThenNext` is true if the form of the next subject opens. */
  onSent: (outcome: Outcome, isThenNext: boolean) => void;
}

/** Loads the data that the form of a status needs. */
export default function UpdateForm(props: Props) {
  const { subject, corrects, recorded } = props;
  const [holders, refetch] = useHolders();
  const { history, inForce } = subject;
  const [{ data, fetching }] = useQuery({ query: history.document, variables: history.variables, pause: corrects === undefined });
  // A new key shows the form again, with the stored draft.
  const [attempt, setAttempt] = useState(0);
  const latest = data ? history.read(data)?.assessments : undefined;
  const isOlder = latest?.length === INITIAL_HISTORY && !latest.some(({ id }) => id === corrects);
  const [older] = useQuery({
    query: history.document,
    variables: { ...history.variables, first: MAX_HISTORY },
    pause: corrects === undefined || !isOlder,
  });
  const known = [recorded, inForce, ...(latest ?? []), ...((isOlder && older.data ? history.read(older.data)?.assessments : undefined) ?? [])];
  const corrected = corrects === undefined ? undefined : known.find((assessment) => assessment?.id === corrects && !assessment.retractedAt);
  const isGone = corrects !== undefined && !corrected;
  if (isGone && (fetching || older.fetching) && !storedDraft(correctionDraft(corrects))) return <Loading />;
  return (
    <Loaded result={holders} retry={refetch}>
      {({ parties }) => (
        <StatusForm
          {...props}
          key={attempt}
          corrected={corrected ?? undefined}
          parties={parties?.nodes ?? []}
          onRestart={() => setAttempt(attempt + 1)}
        />
      )}
    </Loaded>
  );
}
