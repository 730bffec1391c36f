import { type CSSProperties, useEffect } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import type { AgreementClauseFragment, AgreementQuery } from '../../api/types.gen';
import { rememberList } from '../../app/clauseList';
import { useParameters, useView } from '../../app/view';
import { useRowSelection } from '../../batch/useRowSelection';
import { currentPath } from '../../browser/base';
import { DayText } from '../../components/DayText';
import { Downloads } from '../../components/Downloads';
import { Link } from '../../components/Link';
import { lazy } from '../../components/lazy';
import { Empty, Loaded } from '../../components/Loaded';
import { Mark, MomentumText, StatusBadge } from '../../components/StatusBadge';
import { statusColour } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { pathTo } from '../../components/TrackableLink';
import { texts } from '../../texts';
import { WatchList } from '../../watch/WatchButton';
import styles from './Agreement.module.css';
import { AgreementClausesDocument } from './Agreement.gen';
import { Filters } from './Filters';
import { FILTER_NAMES, filterOf, isFiltered, labelsOf } from './filters';
import { type Branch, treeOf } from './tree';

type Clause = AgreementClauseFragment;

const MAX_ROWS = 200;

const Batch = lazy(() => import('../../batch/Batch'), () => null);
const NO_CLAUSES: readonly Clause[] = [];

interface Props {
  agreement: NonNullable<AgreementQuery['agreement']>;
  topics: NonNullable<AgreementQuery['topics']>;
  asOf: string;
}

/** The clauses that match the filters in the address, as a table or a tree. */
export function Clauses({ agreement, topics, asOf }: Props) {
  const { slug, parties } = agreement;
  const view = useView();
  const [parameters, set] = useParameters();
  const isTree = parameters.get('layout') === 'tree';
  const day = { asOf, heldBy: view.heldBy };
  const variables = { slug, ...day, filter: filterOf(parameters, day), first: MAX_ROWS };
  const [result, refetch] = useQuery({ query: AgreementClausesDocument, variables });
  const listed = result.data?.agreement?.clauses.nodes;
  useEffect(() => {
    if (!listed) return;
    const clauses = listed.map(({ number, heading }) => ({ number, heading }));
    rememberList(isFiltered(parameters) ? { slug, address: currentPath() + window.location.search, clauses } : undefined);
  }, [listed, parameters, slug]);
  const canSelect = hasRole(useViewer(), 'EDITOR') && !isTree;
  const selection = useRowSelection(listed ?? NO_CLAUSES, {
    type: 'Clause',
    isOn: canSelect,
    isLoaded: listed !== undefined && !result.fetching,
  });
  const download = { list: 'clauses', parameters: { agreement: slug, ...variables.filter } } as const;
  return (
    <section aria-labelledby="clauses" className={styles.clauses}>
      <div className={styles.titleRow}>
        <h2 id="clauses">{texts.agreement.clauses}</h2>
        <fieldset className={`${styles.layout} no-print`}>
          <legend className="visually-hidden">{texts.agreement.layout}</legend>
          {[undefined, 'tree'].map((layout) => (
            <label key={layout ?? 'table'}>
              <input
                type="radio"
                name="layout"
                checked={isTree === (layout === 'tree')}
                onChange={() => set({ layout }, { replace: true })}
              />{' '}
              {layout ? texts.agreement.tree : texts.agreement.table}
            </label>
          ))}
        </fieldset>
      </div>
      <Filters topics={topics} parties={parties} />
      {isFiltered(parameters) && <WatchFilter agreement={agreement} />}
      <Loaded result={result} retry={refetch}>
        {({ agreement }) => {
          const { nodes, totalCount } = agreement?.clauses ?? { nodes: [], totalCount: 0 };
          if (nodes.length === 0) {
            return <Empty>{isFiltered(parameters) ? texts.agreement.clausesEmpty : texts.agreement.noClauses}</Empty>;
          }
          return isTree ? (
            <>
              <Tree branches={treeOf(nodes)} />
              <Downloads {...download} />
            </>
          ) : (
            <Table
              caption={texts.agreement.clauses}
              columns={canSelect ? [selection.column, ...COLUMNS] : COLUMNS}
              rows={nodes}
              rowKey={(clause) => clause.id}
              download={download}
              total={totalCount}
            />
          );
        }}
      </Loaded>
      {canSelect && <Batch {...selection.batch} />}
    </section>
  );
}

const COLUMNS: readonly Column<Clause>[] = [
  {
    title: texts.agreement.number,
    isLead: true,
    cell: (clause) => <span className={clause.parent ? styles.part : undefined}>{clause.number}</span>,
  },
  {
    title: texts.agreement.clause,
    isRowHeader: true,
    isWide: true,
    cell: (clause) => (
      <>
        <Link to={pathTo(clause)}>{clause.heading}</Link>{' '}
        {flags(clause)}
      </>
    ),
  },
  { title: texts.agreement.topic, cell: (clause) => <span className={styles.topic}>{clause.topic.name}</span> },
  {
    title: texts.agreement.status,
    isLead: true,
    cell: (clause) => (
      <span className={styles.status} style={{ '--status': statusColour(clause.status) } as CSSProperties}>
        <StatusBadge status={clause.status} />
      </span>
    ),
  },
  { title: texts.agreement.since, cell: (clause) => <DayText day={clause.statusSince} /> },
  {
    title: texts.agreement.momentum,
    isLead: true,
    cell: (clause) => <MomentumText momentum={clause.assessment?.momentum} />,
  },
];

function flagNames({ isContested, isOverdue }: Clause): string[] {
  return [...(isContested ? [texts.agreement.contested] : []), ...(isOverdue ? [texts.agreement.overdue] : [])];
}

function flags(clause: Clause) {
  return flagNames(clause).map((name) => (
    <Mark key={name} strong={name === texts.agreement.overdue}>
      {name}
    </Mark>
  ));
}

function Tree({ branches }: { branches: readonly Branch<Clause>[] }) {
  return (
    <ul className={styles.tree}>
      {branches.map(({ clause, parts }) => (
        <li key={clause.id}>
          <div className={styles.leaf}>
            <span className={styles.number}>{clause.number}</span>
            <Link to={pathTo(clause)}>{clause.heading}</Link>
            <div className={styles.state}>
              <StatusBadge status={clause.status} />
              <span className="muted">
                <DayText day={clause.statusSince} />
              </span>
              <MomentumText momentum={clause.assessment?.momentum} />
              <span className="muted">{clause.topic.name}</span>
              <span>{flags(clause)}</span>
            </div>
          </div>
          {parts.length > 0 && (
            <details open>
              <summary>{texts.agreement.expand(clause.number)}</summary>
              <Tree branches={parts} />
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The button that watches the clauses that match the filters on the latest day. */
function WatchFilter({ agreement: { slug, shortTitle } }: Pick<Props, 'agreement'>) {
  const [parameters] = useParameters();
  const { heldBy } = useView();
  const clauses = { ...filterOf(parameters, { asOf: undefined, heldBy }), agreement: [slug] };
  return (
    <WatchList
      path={`/agreements/${slug}`}
      names={FILTER_NAMES}
      title={shortTitle}
      values={labelsOf(parameters)}
      filter={{ clauses }}
      hint={texts.agreement.watchesMatches}
    />
  );
}
