import type { Confidence, SourceNameFragment } from '../api/types.gen';
import { texts } from '../texts';
import { SourceLink } from './SourceLink';

interface Record {
  source: SourceNameFragment | null;
  sourceLocator: string | null;
  confidence: Confidence;
  note: string | null;
}

/** The note, source and confidence of a part of a record. Nothing if it has neither note nor source. */
export function Provenance({ record: { source, sourceLocator, confidence, note } }: { record: Record }) {
  return (
    <>
      {note && <p className="hint">{note}</p>}
      {source && (
        <p className="hint">
          <SourceLink source={source} locator={sourceLocator} />. {texts.confidence[confidence].label}.
        </p>
      )}
    </>
  );
}

/** The same as one line of text. */
export function provenanceText({ source, sourceLocator, note }: Record): string {
  return [source?.title, sourceLocator, note].filter(Boolean).join('; ');
}
