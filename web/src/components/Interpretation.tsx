import type { InterpretationLineFragment } from '../api/types.gen';
import { texts } from '../texts';
import { DayText } from './DayText';
import { SourceLink } from './SourceLink';

/** What a party takes a clause, a caveat or a term of it to mean. */
export function Interpretation({ interpretation }: { interpretation: InterpretationLineFragment }) {
  const { term, meaning, statedOn, note, heldBy, source, sourceLocator } = interpretation;
  return (
    <>
      <strong>{heldBy.shortName}</strong>{' '}
      <span className="muted">
        <DayText day={statedOn} />
      </span>
      {term && <> {texts.interpretation.term(term)}</>}
      <p>{meaning}</p>
      {note && <p className="hint">{note}</p>}
      {source && (
        <p className="hint">
          <SourceLink source={source} />
          {sourceLocator && `, ${sourceLocator}`}
        </p>
      )}
    </>
  );
}
