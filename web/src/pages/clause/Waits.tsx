import type { ClausePreconditionFragment, ClauseStepFragment } from '../../api/types.gen';
import { Empty } from '../../components/Loaded';
import { SourceLink } from '../../components/SourceLink';
import { StatusBadge } from '../../components/StatusBadge';
import { TrackableLink } from '../../components/TrackableLink';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';
import { byReading } from './readings';

interface Wait extends ClausePreconditionFragment {
  other: ClauseStepFragment;
}

/** What it waits for and what waits for it, by whose reading. */
export function Waits({ clause }: { clause: Clause }) {
  return (
    <div className={styles.columns}>
      <Side
        id="waits-for"
        title={texts.clause.preconditions}
        empty={texts.clause.preconditionsEmpty}
        kinds={texts.preconditionKind}
        waits={clause.preconditions.map((it) => ({ ...it, other: it.requires }))}
      />
      <Side
        id="holds-up"
        title={texts.clause.dependents}
        empty={texts.clause.dependentsEmpty}
        kinds={texts.dependentKind}
        waits={clause.preconditionOf.map((it) => ({ ...it, other: it.step }))}
      />
    </div>
  );
}

interface SideProps {
  id: string;
  title: string;
  empty: string;
  kinds: Record<ClausePreconditionFragment['kind'], string>;
  waits: readonly Wait[];
}

function Side({ id, title, empty, kinds, waits }: SideProps) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {waits.length === 0 && <Empty>{empty}</Empty>}
      {byReading(waits).map(({ name, items }) => (
        <div key={name ?? ''}>
          <h3 className={styles.reading}>{name ? texts.clause.inReading(name) : texts.clause.byTheText}</h3>
          <ul className={styles.list}>
            {items.map((it) => (
              <li key={it.id}>
                <span className="muted">{kinds[it.kind]}</span> <TrackableLink item={it.other} />{' '}
                <StepStatus step={it.other} />
                {it.note && <p className="hint">{it.note}</p>}
                {it.source && (
                  <p className="hint">
                    <SourceLink source={it.source} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function StepStatus({ step }: { step: ClauseStepFragment }) {
  switch (step.__typename) {
    case 'Clause':
      return <StatusBadge status={step.clauseStatus} />;
    case 'Caveat':
      return <span className="nowrap">{texts.caveatStatus[step.caveatStatus]}</span>;
    default:
      return null;
  }
}
