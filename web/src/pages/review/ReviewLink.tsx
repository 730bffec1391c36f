import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import { Link } from '../../components/Link';
import { texts } from '../../texts';
import { SubmissionsToReviewDocument } from './ReviewLink.gen';
import badge from '../../watch/MyWorkLink.module.css';

/** The number of open submissions of others. Undefined while loading. */
export function useReviewCount(): number | undefined {
  const viewer = useViewer();
  const me = viewer?.name ?? '';
  const isEditor = hasRole(viewer, 'EDITOR');
  const [{ data }] = useQuery({ query: SubmissionsToReviewDocument, variables: { me }, pause: !isEditor });
  return isEditor ? data?.submissions?.totalCount : undefined;
}

interface Props {
  /** The path of the current page. */
  path: string;
  className?: string;
}

/** A link to the page “Review”, with the number of open submissions. Hidden if statuses need no review and no submission is open. */
export function ReviewLink({ path, className }: Props) {
  const isRequired = useViewer()?.reviewRequired === true;
  const count = useReviewCount();
  if (count === undefined || (!isRequired && count === 0)) return null;
  return (
    <li className={className}>
      <Link to="/review" aria-current={path === '/review' ? 'page' : undefined}>
        {texts.nav.review} <Count count={count} />
      </Link>
    </li>
  );
}

/** The number of open submissions. Empty if there are none. */
export function Count({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <>
      <span className={badge.badge} aria-hidden="true">
        {count}
      </span>
      <span className="visually-hidden">({texts.review.waiting(count)})</span>
    </>
  );
}
