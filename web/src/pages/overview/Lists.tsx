import type { ReactNode } from 'react';
import { useQuery } from '../../api/query';
import type { ClauseNameFragment, OverviewQuery, TrackableNameFragment } from '../../api/types.gen';
import { ChangeLine } from '../../app/ChangeLine';
import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { StatusBadge } from '../../components/StatusBadge';
import { TrackableLink } from '../../components/TrackableLink';
import { joinNames, partiesInWords, partyNames } from '../../format/names';
import { texts } from '../../texts';
import styles from './Overview.module.css';
import { OverviewDeadlocksDocument } from './Overview.gen';

/** The number of clauses of a list that are loaded at first, and the maximum. */
export const CLAUSES = { initial: 4, max: 200 };

interface ClauseListProps<Clause> {
  id: string;
  title: string;
  /** The content of the list, in one sentence. */
  meaning: string;
  empty: string;
  clauses: { totalCount: number; nodes: readonly Clause[] } | null;
  side: (clause: Clause) => ReactNode;
  onAll: () => void;
  /** A link to a page with more about the list. */
  link?: ReactNode;
}

/** The first clauses of a list, each with additional content, and their total number. */
export function ClauseList<Clause extends ClauseNameFragment>({ id, title, meaning, empty, clauses, side, onAll, link }: ClauseListProps<Clause>) {
  if (!clauses) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title} <span className="muted">{clauses.totalCount}</span>
      </h2>
      {clauses.nodes.length === 0 ? <Empty>{empty}</Empty> : <p className="hint">{meaning}</p>}
      <ul className={styles.list}>
        {clauses.nodes.map((clause) => (
          <li key={clause.id}>
            <TrackableLink item={clause} />
            {side(clause)}
          </li>
        ))}
      </ul>
      {clauses.nodes.length > 0 && (
        <p className={`quiet-start no-print ${styles.all}`}>
          {clauses.nodes.length < clauses.totalCount && (
            <button type="button" className="quiet" onClick={onAll}>
              {texts.states.all(clauses.totalCount)}
            </button>
          )}
          {link}
        </p>
      )}
    </section>
  );
}

type Viewpoint = NonNullable<OverviewQuery['contested']>['nodes'][number]['viewpoints'][number];

/** The different statuses of a contested clause, and who holds each of them. */
export function Positions({ viewpoints }: { viewpoints: readonly Viewpoint[] }) {
  const positions = Map.groupBy(viewpoints, ({ status, breachedBy }) => [status, ...breachedBy.map(({ id }) => id)].join());
  return (
    <ul className={styles.positions}>
      {[...positions].map(([key, [position, ...others]]) =>
        position && (
          <li key={key}>
            <StatusBadge status={position.status} />
            <span>{joinNames([position, ...others].map(({ heldBy }) => heldBy?.shortName ?? texts.view.neutral))}</span>
            {position.breachedBy.length > 0 && <span className="muted">· {texts.breach.by(partiesInWords(position.breachedBy))}</span>}
          </li>
        ),
      )}
    </ul>
  );
}

/** The latest entries of the change log, regardless of the days to which they refer. */
export function ChangeList({ changes: { nodes } }: { changes: NonNullable<OverviewQuery['changes']> }) {
  return (
    <section aria-labelledby="recorded">
      <h2 id="recorded">{texts.overview.recentChanges}</h2>
      {nodes.length === 0 && <Empty>{texts.changes.empty}</Empty>}
      <ul className={`${styles.list} ${styles.dated}`}>
        {nodes.toReversed().map((change) => (
          <li key={change.position}>
            <span className="muted">
              <DayText day={change.recordedAt.slice(0, 10)} />
            </span>
            <span>
              <span className={styles.time}>{texts.changes.time(change.recordedAt.slice(11, 16))}</span>{' '}
              <ChangeLine change={change} />
            </span>
          </li>
        ))}
      </ul>
      <p>
        <Link to="/changes">{texts.overview.allChanges}</Link>
      </p>
    </section>
  );
}

export function Deadlocks({ agreements, asOf }: { agreements: readonly string[]; asOf: string }) {
  const [result, refetch] = useQuery({
    query: OverviewDeadlocksDocument,
    variables: { agreements: [...agreements], asOf },
    pause: agreements.length === 0,
  });
  return (
    <section aria-labelledby="deadlocks">
      <h2 id="deadlocks">{texts.overview.deadlocks}</h2>
      {agreements.length === 0 ? (
        <p className="muted">{texts.overview.deadlocksEmpty}</p>
      ) : (
        <Loaded result={result} retry={refetch}>
          {({ sequence }) =>
            sequence?.deadlocks.length ? (
              <ul className={styles.list}>
                {sequence.deadlocks.map(({ steps, readings }) => (
                  <li key={steps.map((step) => step.id).join()}>
                    <span>
                      <SequenceLink step={steps[0]}>{texts.overview.deadlockSteps(steps.length)}</SequenceLink>,{' '}
                      {readings.length
                        ? texts.overview.inReadings(partyNames(readings))
                        : texts.overview.byTheText}
                    </span>
                    <span className={styles.steps}>
                      {steps.map((step) => (
                        <TrackableLink key={step.id} item={step} isShort />
                      ))}
                    </span>
                  </li>
                ))}
              </ul>
            ) : (
              <p className="muted">{texts.overview.deadlocksEmpty}</p>
            )
          }
        </Loaded>
      )}
    </section>
  );
}

/** A link to the sequence of the step's agreement. */
function SequenceLink({ step, children }: { step: TrackableNameFragment | undefined; children: string }) {
  return step?.__typename === 'Clause' ? <Link to={`/agreements/${step.agreement.slug}/sequence`}>{children}</Link> : children;
}
