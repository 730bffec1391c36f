import type { ChangeLineFragment } from '../api/types.gen';
import { Link } from '../components/Link';
import { changeSentence } from './subject';

/** A change of the log in a line, which leads to where it is seen: the latest day. */
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
