import type { ClausePreconditionFragment, ClauseStepFragment } from '../../api/types.gen';
import { Editors } from '../../app/Editors';
import { Link } from '../../components/Link';
import { FoldedList, FoldedOnPhone } from '../../components/Folded';
import { Empty } from '../../components/Loaded';
import { Provenance } from '../../components/Provenance';
import { StatusBadge } from '../../components/StatusBadge';
import { TrackableLink } from '../../components/TrackableLink';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import styles from './Clause.module.css';
import { groupByReading } from './readings';

interface Connection extends ClausePreconditionFragment {
  other: ClauseStepFragment;
}

interface Props {
  clause: Clause;
  /** The ids of the hidden sections. */
  hidden: ReadonlySet<string>;
}

/** The preconditions of the clause and the steps that require it, grouped by reading. */
export function Preconditions({ clause, hidden }: Props) {
  if (hidden.has('waits-for') && hidden.has('holds-up')) return null;
  return (
    <div className={styles.columns}>
      {!hidden.has('waits-for') && (
        <Side
          id="waits-for"
          create={`/new/precondition?stepId=${clause.id}`}
          title={texts.clause.preconditions}
          empty={texts.clause.preconditionsEmpty}
          kinds={texts.preconditionKind}
          connections={clause.preconditions.map((precondition) => ({ ...precondition, other: precondition.requires }))}
        />
      )}
      {!hidden.has('holds-up') && (
        <Side
          id="holds-up"
          create={`/new/precondition?requiresId=${clause.id}`}
          title={texts.clause.dependents}
          empty={texts.clause.dependentsEmpty}
          kinds={texts.dependentKind}
          connections={clause.preconditionOf.map((precondition) => ({ ...precondition, other: precondition.step }))}
        />
      )}
    </div>
  );
}

interface SideProps {
  id: string;
  /** The path of the form for a new precondition on this side. */
  create: string;
  title: string;
  empty: string;
  kinds: Record<ClausePreconditionFragment['needs'], Record<ClausePreconditionFragment['kind'], string>>;
  connections: readonly Connection[];
}

function Side({ id, create, title, empty, kinds, connections }: SideProps) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Editors>
        <Link to={create}>{texts.edit.newPrecondition}</Link>
      </Editors>
      {connections.length === 0 && <Empty>{empty}</Empty>}
      {groupByReading(connections).map(({ name, items }) => (
        <div key={name ?? ''}>
          <h3 className={styles.reading}>{name ? texts.clause.inReading(name) : texts.clause.byTheText}</h3>
          {name ? (
            <FoldedOnPhone summary={texts.clause.steps(items.length)}>
              <Steps kinds={kinds} items={items} />
            </FoldedOnPhone>
          ) : (
            <Steps kinds={kinds} items={items} />
          )}
        </div>
      ))}
    </section>
  );
}

/** The steps in one reading. */
function Steps({ kinds, items }: { kinds: SideProps['kinds']; items: readonly Connection[] }) {
  return (
    <FoldedList className={styles.list} limit={3}>
      {items.map((item) => (
        <li key={item.id}>
          <span className="muted">{kinds[item.needs][item.kind]}</span> <TrackableLink item={item.other} />{' '}
          <StepStatus step={item.other} />
          <Provenance record={item} />
          <Editors>
            <Link to={`/edit/precondition/${item.id}`}>
              {texts.edit.edit} <span className="visually-hidden">{item.other.reference}</span>
            </Link>
          </Editors>
        </li>
      ))}
    </FoldedList>
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
