import { useQuery } from '../../api/query';
import { AgeText } from '../../components/DayText';
import { Icon } from '../../components/Icon';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { TrackableLink } from '../../components/TrackableLink';
import { statusesOf } from '../../status/kinds';
import type { Status } from '../../status/subject';
import { texts } from '../../texts';
import { useReviewCount } from '../review/ReviewLink';
import { MySubmissionsDocument } from '../review/Review.gen';
import { Row } from './Row';
import { Nothing } from './Section';
import styles from './MyWork.module.css';

const MAX_ROWS = 20;

/** A link to the submissions that wait for the user's review. */
export function ToReview() {
  const waiting = useReviewCount() ?? 0;
  return <Link to="/review">{waiting > 0 ? texts.review.waiting(waiting) : texts.review.open}</Link>;
}

/** The states of the user's own submissions. */
export function Submitted({ me }: { me: string }) {
  const [result, refetch] = useQuery({ query: MySubmissionsDocument, variables: { me, last: MAX_ROWS } });
  return (
    <Loaded result={result} retry={refetch}>
      {({ submissions }) =>
        submissions && submissions.nodes.length > 0 ? (
          <ul className={styles.list}>
            {submissions.nodes.toReversed().map(({ id, subject, status, state, submittedAt, endedBy, endedAt, endReason }) => (
              <li key={id}>
                <Row icon={<Icon name="draft" />} name={<TrackableLink item={subject} />} end={<AgeText at={endedAt ?? submittedAt} />}>
                  {statusesOf(subject.__typename).badge(status as Status)} {endedBy ? texts.review.ended(state, endedBy) : texts.review.states[state]}
                  {endReason && `. ${texts.review.because(endReason)}`}
                </Row>
              </li>
            ))}
          </ul>
        ) : (
          <Nothing>{texts.review.mineEmpty}</Nothing>
        )
      }
    </Loaded>
  );
}
