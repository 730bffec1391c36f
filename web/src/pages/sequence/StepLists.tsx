import type { ReactNode } from 'react';
import { FoldedList } from '../../components/Folded';
import { Empty } from '../../components/Loaded';
import { TrackableLink } from '../../components/TrackableLink';
import { texts } from '../../texts';
import type { Sequence } from './graph';
import styles from './Sequence.module.css';

/** The ready steps, the blocked steps, and the steps that block others. */
export function StepLists({ sequence: { ready, blocked, keystones } }: { sequence: Sequence }) {
  return (
    <div className={styles.columns}>
      <List
        id="ready"
        title={texts.sequence.ready}
        empty={texts.sequence.readyEmpty}
        hint={texts.sequence.readyHint}
      >
        {ready.map((step) => (
          <li key={step.id}>
            <TrackableLink item={step} />
          </li>
        ))}
      </List>
      <List id="blocked" title={texts.sequence.blocked} empty={texts.sequence.blockedEmpty}>
        {blocked.map(({ step, waitingFor }) => (
          <li key={step.id}>
            <TrackableLink item={step} />
            <span className={styles.links}>
              <span className="muted">{texts.sequence.waitsFor}</span>
              {waitingFor.map((required) => (
                <TrackableLink key={required.id} item={required} isShort />
              ))}
            </span>
          </li>
        ))}
      </List>
      <List
        id="keystones"
        title={texts.sequence.keystones}
        empty={texts.sequence.keystonesEmpty}
        hint={texts.sequence.keystonesHint}
      >
        {keystones.map((step) => (
          <li key={step.id}>
            <TrackableLink item={step} />
          </li>
        ))}
      </List>
    </div>
  );
}

/** The steps that ended. Renders nothing if there are none. */
export function EndedSteps({ sequence: { ended } }: { sequence: Sequence }) {
  if (ended.length === 0) return null;
  return (
    <section aria-labelledby="ended">
      <h2 id="ended">
        {texts.sequence.endedSteps} <span className="muted">{ended.length}</span>
      </h2>
      <p className="hint">{texts.sequence.endedHint}</p>
      <p className={styles.links}>
        {ended.map((step) => (
          <TrackableLink key={step.id} item={step} isShort />
        ))}
      </p>
    </section>
  );
}

interface ListProps {
  id: string;
  title: string;
  empty: string;
  hint?: string;
  children: readonly ReactNode[];
}

function List({ id, title, empty, hint, children }: ListProps) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title} <span className="muted">{children.length}</span>
      </h2>
      {hint && <p className="hint">{hint}</p>}
      {children.length === 0 ? (
        <Empty>{empty}</Empty>
      ) : (
        <FoldedList className={styles.list}>{children}</FoldedList>
      )}
    </section>
  );
}
