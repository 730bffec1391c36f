import { Fragment } from 'react';
import { useQuery } from '../../api/query';
import { Link } from '../../components/Link';
import { Empty } from '../../components/Loaded';
import { TrackableLink } from '../../components/TrackableLink';
import { dayNumber, dayOf, shortDay } from '../../format/days';
import { joinNames } from '../../format/names';
import { withinSentence } from '../../format/sentences';
import { texts } from '../../texts';
import { type Precondition, type Sequence, shortName, sidesOf } from './graph';
import { useSequenceOptions } from './options';
import { SequenceLastDayDocument } from './Sequence.gen';
import styles from './Sequence.module.css';

interface Props {
  sequence: Sequence;
  slug: string;
  /** The steps that are assumed done, in words. Undefined if there are none. */
  assumed: string | undefined;
}

/** One sentence for each deadlock, with its steps and the readings that cause it. */
export function Deadlocks({ sequence: { deadlocks }, slug, assumed }: Props) {
  return (
    <section aria-labelledby="deadlocks" className={deadlocks.length ? styles.deadlocks : undefined}>
      <h2 id="deadlocks">
        {texts.sequence.deadlocks} <span className="muted">{deadlocks.length}</span>
      </h2>
      {deadlocks.length === 0 && <Empty>{texts.sequence.noDeadlocks(assumed)}</Empty>}
      {deadlocks.map(({ steps, preconditions }) => (
        <p key={steps.map((step) => step.id).join()} className="prose">
          <strong>
            {steps.map((step, index) => (
              <Fragment key={step.id}>
                {texts.sequence.separator(index, steps.length)}
                <TrackableLink item={step} />
              </Fragment>
            ))}{' '}
            {texts.sequence.waitForEachOther}
          </strong>
          {': '}
          {sidesOf(preconditions)
            .map(({ holders, preconditions }) =>
              texts.sequence.side(
                joinNames(holders.map((holder) => (holder === null ? withinSentence(texts.sequence.theText) : holderName(holder)))),
                joinNames(preconditions.map((precondition) => waitOf(precondition, slug))),
              ),
            )
            .join('; ')}
          .
        </p>
      ))}
    </section>
  );
}

const waitOf = (precondition: Precondition, slug: string) =>
  texts.sequence.waits(
    shortName(precondition.step, slug),
    requiredOf(precondition, shortName(precondition.requires, slug)),
  );

export const holderName = (holder: string | null) =>
  holder === null ? texts.sequence.theText : texts.sequence.reading(holder);

/** The requirement of a precondition: a step, or only its start. */
export const requiredOf = ({ needs }: Precondition, step: string) => (needs === 'BEGUN' ? texts.sequence.start(step) : step);

/** States that the agreement ended, and the steps that waited for each other on its last day, with a link to that day. */
export function Ended({ slug, shortTitle, endedOn }: { slug: string; shortTitle: string; endedOn: string }) {
  const { readings } = useSequenceOptions();
  const lastDay = dayOf(dayNumber(endedOn) - 1);
  const [{ data }] = useQuery({ query: SequenceLastDayDocument, variables: { slug, asOf: lastDay, readings } });
  const deadlocks = data?.agreement?.sequence.deadlocks ?? [];
  return (
    <div className={styles.deadlocks}>
      <p>
        <strong>{texts.sequence.ended(shortTitle, shortDay(endedOn))}</strong> {texts.sequence.endedMeaning}
      </p>
      {deadlocks.map(({ steps }) => (
        <p key={steps.map((step) => step.id).join()}>
          {texts.sequence.lastDayDeadlock(
            shortDay(lastDay),
            joinNames(steps.map((step) => (step.__typename === 'Proposal' ? step.reference : `${shortName(step, slug)} ${step.heading}`))),
          )}
        </p>
      ))}
      <p>
        <Link to={`/agreements/${slug}/sequence?asOf=${lastDay}`}>
          {texts.sequence.toLastDay(shortDay(lastDay))}
        </Link>
      </p>
    </div>
  );
}
