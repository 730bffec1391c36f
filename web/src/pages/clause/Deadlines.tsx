import type { ClauseDeadlineFragment } from '../../api/types.gen';
import { DayText } from '../../components/DayText';
import { FoldedOnPhone } from '../../components/Folded';
import { Provenance } from '../../components/Provenance';
import { TrackableLink } from '../../components/TrackableLink';
import { shortDay } from '../../format/days';
import { joinNames } from '../../format/names';
import { texts } from '../../texts';
import styles from './Clause.module.css';

const PHASES = ['START', 'FINISH'] as const;

/** The deadlines of the text, and the deadlines as parties count them. */
export function Deadlines({ deadlines }: { deadlines: readonly ClauseDeadlineFragment[] }) {
  const byPhase = Map.groupBy(deadlines, ({ phase }) => phase);
  return (
    <section aria-labelledby="deadlines">
      <h2 id="deadlines">{texts.clause.deadlines}</h2>
      <div className={styles.phases}>
        {PHASES.filter((phase) => byPhase.has(phase)).map((phase) => {
          const [byText, byParties] = split(byPhase.get(phase) ?? []);
          return (
            <div key={phase} className={styles.phase}>
              <h3>{texts.deadlinePhase[phase]}</h3>
              {byText.length > 0 && <Cards deadlines={byText} />}
              {byParties.length > 0 && (
                <FoldedOnPhone summary={texts.clause.asCountedBy(joinNames(byParties.map(({ heldBy }) => heldBy?.shortName ?? '')))}>
                  <Cards deadlines={byParties} />
                </FoldedOnPhone>
              )}
            </div>
          );
        })}
      </div>
    </section>
  );
}

/** Separates the deadlines of the text itself from those of parties. */
const split = (deadlines: readonly ClauseDeadlineFragment[]) =>
  [deadlines.filter(({ heldBy }) => !heldBy), deadlines.filter(({ heldBy }) => heldBy)] as const;

function Cards({ deadlines }: { deadlines: readonly ClauseDeadlineFragment[] }) {
  return (
    <ul className={styles.cards}>
      {deadlines.map((deadline) => (
        <li key={deadline.id}>
          <h4>{deadline.heldBy ? texts.clause.asCountedBy(deadline.heldBy.shortName) : texts.clause.byTheText}</h4>
          <p className={styles.due}>
            {deadline.dueOn ? <time dateTime={deadline.dueOn}>{shortDay(deadline.dueOn)}</time> : texts.clause.noDay}
          </p>
          <p>{deadline.rule}</p>
          <p className="hint">
            <Basis basis={deadline.basis} />
          </p>
          <Provenance record={deadline} />
        </li>
      ))}
    </ul>
  );
}

function Basis({ basis }: { basis: ClauseDeadlineFragment['basis'] }) {
  switch (basis?.__typename) {
    case 'EndOfPeriod':
      return texts.deadlineBasis.endOf(texts.calendarPeriod[basis.period], shortDay(basis.containing));
    case 'DaysAfterEvent':
      return (
        <>
          {texts.deadlineBasis.daysAfter(basis.days)} {basis.event.title} (<DayText day={basis.event.date} />)
        </>
      );
    case 'DaysAfterCompletion':
      return (
        <>
          {texts.deadlineBasis.daysAfterDone(basis.days)} <TrackableLink item={basis.clause} />
        </>
      );
    case 'DaysAfterDeadline':
      return (
        <>
          {texts.deadlineBasis.daysAfter(basis.days)} {basis.deadline.rule} (<DayText day={basis.deadline.dueOn} />)
        </>
      );
    default:
      return null;
  }
}
