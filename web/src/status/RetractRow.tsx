import { type ReactNode, useState } from 'react';
import { retractionAnchor, useScrollToAnchor } from '../app/anchor';
import { texts } from '../texts';
import { storedReason } from './drafts';
import { Retract } from './Retract';

interface Props {
  assessmentId: string;
  /** The name of the button for screen readers, which names the assessment. */
  label: string;
  /** Further content of the button. */
  children?: ReactNode;
  /** The version of the subject that the user has seen. */
  version: number | undefined;
  onDone: () => void;
}

/** A button in a list of assessments that opens the form of a retraction. */
export function RetractRow({ assessmentId, label, children, version, onDone }: Props) {
  const anchor = retractionAnchor(assessmentId);
  const isTarget = useScrollToAnchor(anchor);
  // Open if there is a stored reason, so that the draft is visible.
  const [isOpen, setOpen] = useState(() => isTarget || storedReason(assessmentId) !== undefined);
  const [isByHand, setByHand] = useState(false);
  return (
    <details className="no-print" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary id={anchor} aria-label={label} onClick={() => setByHand(true)}>
        {texts.retract.open} {children}
      </summary>
      {isOpen && <Retract assessmentId={assessmentId} version={version} takesFocus={isByHand} onDone={onDone} />}
    </details>
  );
}
