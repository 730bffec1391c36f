import { listed } from '../../format/words';
import { texts } from '../../texts';
import { Empty } from '../../components/Loaded';
import { TrackableLink } from '../../components/TrackableLink';
import { type Sequence, shortName, sidesOf } from './graph';
import styles from './Sequence.module.css';

interface Props {
  sequence: Sequence;
  slug: string;
  /** What is taken as done, in words. */
  assumed: string | undefined;
}

/** The circles, each with a sentence that says who requires what. */
export function Deadlocks({ sequence: { deadlocks }, slug, assumed }: Props) {
  return (
    <section aria-labelledby="deadlocks" className={deadlocks.length ? styles.deadlocks : undefined}>
      <h2 id="deadlocks">
        {texts.sequence.deadlocks} <span className="muted">{deadlocks.length}</span>
      </h2>
      {deadlocks.length === 0 && <Empty>{texts.sequence.noDeadlocks(assumed)}</Empty>}
      {deadlocks.map(({ steps, preconditions }) => (
        <article key={steps.map((it) => it.id).join()}>
          <h3>{texts.sequence.deadlock(listed(steps.map((it) => shortName(it, slug))))}</h3>
          <p>{texts.sequence.deadlockMeaning}</p>
          <ul>
            {sidesOf(preconditions).map(({ holders, waits }) => (
              <li key={holders.join()}>
                {texts.sequence.side(
                  listed(holders.map(holderName)),
                  listed(waits.map((it) => texts.sequence.waits(it.step.reference, it.requires.reference))),
                )}
              </li>
            ))}
          </ul>
          <p className={styles.links}>
            {steps.map((it) => (
              <TrackableLink key={it.id} item={it} />
            ))}
          </p>
        </article>
      ))}
    </section>
  );
}

export const holderName = (holder: string | null) =>
  holder === null ? texts.sequence.theText : texts.sequence.reading(holder);
