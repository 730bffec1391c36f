import { texts } from '../../texts';
import { Empty } from '../../components/Loaded';
import { TrackableLink } from '../../components/TrackableLink';
import { joinNames } from '../../format/names';
import { type Precondition, type Sequence, shortName, sidesOf } from './graph';
import styles from './Sequence.module.css';

interface Props {
  sequence: Sequence;
  slug: string;
  /** The steps that are assumed done, in words. Undefined if there are none. */
  assumed: string | undefined;
}

/** The deadlocks, each with the preconditions that cause it and whose readings they are. */
export function Deadlocks({ sequence: { deadlocks }, slug, assumed }: Props) {
  return (
    <section aria-labelledby="deadlocks" className={deadlocks.length ? styles.deadlocks : undefined}>
      <h2 id="deadlocks">
        {texts.sequence.deadlocks} <span className="muted">{deadlocks.length}</span>
      </h2>
      {deadlocks.length === 0 && <Empty>{texts.sequence.noDeadlocks(assumed)}</Empty>}
      {deadlocks.map(({ steps, preconditions }) => (
        <article key={steps.map((step) => step.id).join()}>
          <h3>{texts.sequence.deadlock(joinNames(steps.map((step) => shortName(step, slug))))}</h3>
          <p>{texts.sequence.deadlockMeaning}</p>
          <ul>
            {sidesOf(preconditions).map(({ holders, preconditions }) => (
              <li key={holders.join()}>
                {texts.sequence.side(
                  joinNames(holders.map(holderName)),
                  joinNames(preconditions.map((precondition) => texts.sequence.waits(precondition.step.reference, requiredOf(precondition, precondition.requires.reference)))),
                )}
              </li>
            ))}
          </ul>
          <p className={styles.links}>
            {steps.map((step) => (
              <TrackableLink key={step.id} item={step} />
            ))}
          </p>
        </article>
      ))}
    </section>
  );
}

export const holderName = (holder: string | null) =>
  holder === null ? texts.sequence.theText : texts.sequence.reading(holder);

/** What a precondition requires: a step, or only its start. */
export const requiredOf = ({ needs }: Precondition, step: string) => (needs === 'BEGUN' ? texts.sequence.start(step) : step);
