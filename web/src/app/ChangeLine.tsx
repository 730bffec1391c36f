import type { ChangeLineFragment } from '../api/types.gen';
import { Link } from '../components/Link';
import { changeSentence } from './subject';

/** A change in one line, with a link to its record on the latest day. */
export function ChangeLine({ change }: { change: ChangeLineFragment }) {
  const { line, to } = changeSentence(change);
  return to ? (
    <Link to={to} isLatest>
      {line}
    </Link>
  ) : (
    line
  );
}
