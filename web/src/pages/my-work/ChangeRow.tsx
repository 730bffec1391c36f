import type { ChangeLineFragment } from '../../api/types.gen';
import { describeChange } from '../../app/subject';
import { AgeText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { texts } from '../../texts';
import { ActionIcon } from '../changes/ActionIcon';
import { headingOf } from '../changes/fields';
import { RecordedStatus } from '../changes/RecordedStatus';
import styles from './MyWork.module.css';
import { Row } from './Row';

/** A change in one row. `isOwn` omits the author, who is the user. */
export function ChangeRow({ change, isOwn = false }: { change: ChangeLineFragment; isOwn?: boolean }) {
  const { name, to } = describeChange(change);
  const heading = headingOf(change.subject);
  const title = heading ? `${name} ${heading}` : name;
  return (
    <Row
      icon={<ActionIcon action={change.action} />}
      name={
        to ? (
          <Link to={to} isLatest>
            {title}
          </Link>
        ) : (
          title
        )
      }
      end={
        <>
          {!isOwn && `${change.actor}, `}
          <AgeText at={change.recordedAt} />
        </>
      }
    >
      <span>
        {change.action === 'ASSESSED' ? (
          <span className={styles.detail}>
            <RecordedStatus change={change} />
          </span>
        ) : (
          <span className={styles.action}>{texts.changes.actions[change.action]}</span>
        )}
      </span>
    </Row>
  );
}
