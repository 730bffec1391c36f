import type { ChangeLineFragment } from '../../api/types.gen';
import { describeChange } from '../../app/subject';
import { InstantText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { capitalized } from '../../format/sentences';
import { ActionIcon } from '../changes/ActionIcon';
import { headingOf } from '../changes/fields';
import styles from './MyWork.module.css';

/** A change in one line. `isOwn` omits the author, who is the user. */
export function ChangeRow({ change, isOwn = false }: { change: ChangeLineFragment; isOwn?: boolean }) {
  const { action, name, to, assessment } = describeChange(change);
  const heading = headingOf(change.subject);
  const title = heading ? `${name} ${heading}` : name;
  return (
    <div className={styles.change}>
      <ActionIcon action={change.action} />
      <span>
        {isOwn ? capitalized(action) : `${change.actor} ${action}`}{' '}
        {to ? (
          <Link to={to} isLatest>
            {title}
          </Link>
        ) : (
          title
        )}
        {assessment && `: ${assessment}`}
      </span>
      <span className="muted">
        <InstantText at={change.recordedAt} />
      </span>
    </div>
  );
}
