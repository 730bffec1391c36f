import type { InterpretationLineFragment } from '../api/types.gen';
import { texts } from '../texts';
import { DayText } from './DayText';
import { Provenance } from './Provenance';

/** The meaning of a clause, a caveat or a term according to a party. */
export function Interpretation({ interpretation }: { interpretation: InterpretationLineFragment }) {
  const { term, meaning, statedOn, heldBy } = interpretation;
  return (
    <>
      <strong>{heldBy.shortName}</strong>{' '}
      <span className="muted">
        <DayText day={statedOn} />
      </span>
      {term && <> {texts.interpretation.term(term)}</>}
      <p>{meaning}</p>
      <Provenance record={interpretation} />
    </>
  );
}
