import type { TrackableNameFragment } from '../api/types.gen';
import { Link } from './Link';

/** The path of the page that shows a clause, caveat or proposal. */
export function pathTo(item: TrackableNameFragment): string {
  switch (item.__typename) {
    case 'Clause':
      return `/agreements/${item.agreement.slug}/clauses/${encodeURIComponent(item.number)}`;
    case 'Caveat':
      return `/proposals/${item.proposal.slug}#${encodeURIComponent(item.number)}`;
    case 'Proposal':
      return `/proposals/${item.slug}`;
  }
}

/** A link with the reference, such as `Minsk II, 9`, and the heading unless `isShort`. */
export function TrackableLink({ item, isShort = false }: { item: TrackableNameFragment; isShort?: boolean }) {
  const heading = isShort || item.__typename === 'Proposal' ? '' : ` ${item.heading}`;
  return (
    <Link to={pathTo(item)}>
      {item.reference}
      {heading}
    </Link>
  );
}
