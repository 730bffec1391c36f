import type { Confidence, SourceNameFragment } from '../api/types.gen';
import { texts } from '../texts';
import { FoldedOnPhone } from './Folded';
import { SourceLink } from './SourceLink';

interface Record {
  source: SourceNameFragment | null;
  sourceLocator: string | null;
  confidence: Confidence;
  note: string | null;
}

/** The note, source and confidence of a part of a record. Empty if the record has neither a note nor a source. */
export function Provenance({ record }: { record: Record }) {
  const { source, confidence, note } = record;
  if (!note && !source) return null;
  return (
    <FoldedOnPhone summary={texts.source.basis(note !== null, source ? texts.confidence[confidence].label : undefined)}>
      <ProvenanceText record={record} />
    </FoldedOnPhone>
  );
}

/** The same, never collapsed. */
export function ProvenanceText({ record: { source, sourceLocator, confidence, note } }: { record: Record }) {
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

/** The note and the source as one line of text. */
export function provenanceText({ source, sourceLocator, note }: Record): string {
  return [source?.title, sourceLocator, note].filter(Boolean).join('; ');
}
