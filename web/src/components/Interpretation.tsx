import type { InterpretationLineFragment } from '../api/types.gen';
import { texts } from '../texts';
import { DayText } from './DayText';
import { Provenance } from './Provenance';

/** What a party takes a clause, a caveat or a term of it to mean. */
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
