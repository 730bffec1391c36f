import { useQuery } from '../../api/query';
import { InstantText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { TrackableLink } from '../../components/TrackableLink';
import { age } from '../../format/age';
import { statusesOf } from '../../status/kinds';
import type { Status } from '../../status/subject';
import { texts } from '../../texts';
import { useReviewCount } from '../review/ReviewLink';
import { MySubmissionsDocument } from '../review/Review.gen';
import styles from './MyWork.module.css';

const MAX_ROWS = 20;

/** The number of submissions that wait for the user's review, and the states of the user's own. */
export function Submitted({ me }: { me: string }) {
  const waiting = useReviewCount() ?? 0;
  const [result, refetch] = useQuery({ query: MySubmissionsDocument, variables: { me, last: MAX_ROWS } });
  return (
    <>
      <p>
        <Link to="/review">{waiting > 0 ? texts.review.waiting(waiting) : texts.review.open}</Link>
      </p>
      <Loaded result={result} retry={refetch}>
        {({ submissions }) =>
          submissions && submissions.nodes.length > 0 ? (
            <ul className={styles.list}>
              {submissions.nodes.toReversed().map(({ id, subject, status, state, submittedAt, endedBy, endedAt, endReason }) => (
                <li key={id}>
                  <TrackableLink item={subject} isShort /> {statusesOf(subject.__typename).badge(status as Status)}{' '}
                  <strong>{endedBy ? texts.review.ended(state, endedBy) : texts.review.states[state]}</strong>{' '}
                  <span className="muted">{endedAt ? <InstantText at={endedAt} /> : age(submittedAt)}</span>
                  {endReason && <> {texts.review.because(endReason)}</>}
                </li>
              ))}
            </ul>
          ) : (
            <Empty>{texts.review.mineEmpty}</Empty>
          )
        }
      </Loaded>
    </>
  );
}
