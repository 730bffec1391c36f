import { useEffect, useState } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import type { ClauseAssessmentFragment } from '../../api/types.gen';
import { useOpensRetraction } from '../../app/anchor';
import { useParameters } from '../../app/view';
import { DayText, InstantText } from '../../components/DayText';
import { FoldedEvidence } from '../../components/FoldedEvidence';
import { Empty, Loaded } from '../../components/Loaded';
import { BreachedBy, Mark, MomentumText, StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { texts } from '../../texts';
import type { Clause, ClauseNames } from './Clause';
import { ClauseHistoryDocument } from './Clause.gen';
import styles from './Clause.module.css';
import { INITIAL_HISTORY, MAX_HISTORY } from '../../status/historyLimits';
import { RetractRow } from '../../status/RetractRow';

type Assessment = ClauseAssessmentFragment;

/** All recorded assessments, including retracted ones. */
export function History({ clause, names, asOf }: { clause: Clause; names: ClauseNames; asOf: string }) {
  const opensRetraction = useOpensRetraction();
  const [first, setFirst] = useState(opensRetraction ? MAX_HISTORY : INITIAL_HISTORY);
  const [result, refetch] = useQuery({ query: ClauseHistoryDocument, variables: { ...names, first } });
  const isEditor = hasRole(useViewer(), 'EDITOR');
  const [, set] = useParameters();
  const [retracted, setRetracted] = useState<readonly string[]>([]);
  const mayEdit = ({ id, retractedAt }: Assessment) => isEditor && !retractedAt && !retracted.includes(id);
  const last = retracted.at(-1);
  // A line replaces the retraction form and gets the focus at once. The author and time of the retraction are loaded later.
  useEffect(() => {
    if (last !== undefined) document.getElementById(`retracted-${last}`)?.focus();
  }, [last]);
  const inForce = new Set(clause.viewpoints.map(({ id }) => id));
  const columns: readonly Column<Assessment>[] = [
    { title: texts.clause.sinceDay, isLead: true, cell: (assessment) => <DayText day={assessment.effectiveDate} /> },
    {
      title: texts.clause.status,
      isRowHeader: true,
      cell: (assessment) => (
        <>
          <AssessedStatus assessment={assessment} />
          <Flags assessment={assessment} isInForce={inForce.has(assessment.id)} asOf={asOf} />
        </>
      ),
    },
    {
      title: texts.clause.view,
      isLead: true,
      cell: (assessment) => assessment.heldBy?.shortName ?? texts.view.neutral,
    },
    {
      title: texts.agreement.momentum,
      isLead: true,
      cell: (assessment) => <MomentumText momentum={assessment.momentum} />,
    },
    {
      title: texts.clause.reason,
      isWide: true,
      isLead: true,
      cell: (assessment) => (
        <>
          {assessment.note}
          <FoldedEvidence citations={assessment.citations} />
          {assessment.retractionReason && (
            <p className={styles.retraction}>{texts.clause.retractedBecause(assessment.retractionReason)}</p>
          )}
        </>
      ),
    },
    {
      title: texts.clause.recorded,
      cell: (assessment) => (
        <>
          {assessment.submittedBy && `${texts.review.publishedBy(assessment.submittedBy)} `}
          {assessment.recordedBy}, <InstantText at={assessment.recordedAt} />
          {(assessment.retractedAt || retracted.includes(assessment.id)) && (
            <p id={`retracted-${assessment.id}`} tabIndex={-1} className={styles.retraction}>
              {assessment.retractedAt ? (
                <>
                  {texts.clause.retractedBy(assessment.retractedBy ?? '')} <InstantText at={assessment.retractedAt} />
                </>
              ) : (
                texts.clause.retracted
              )}
            </p>
          )}
          {mayEdit(assessment) && (
            <button
              type="button"
              className="quiet no-print"
              aria-label={texts.correct.openFor(texts.clauseStatus[assessment.status].label, assessment.effectiveDate)}
              onClick={() => set({ update: 'yes', corrects: assessment.id })}
            >
              {texts.correct.open}
            </button>
          )}
          {mayEdit(assessment) && (
            <RetractRow
              assessmentId={assessment.id}
              label={texts.retract.openFor(texts.clauseStatus[assessment.status].label, assessment.effectiveDate)}
              version={result.data?.clause?.version}
              onDone={() => setRetracted([...retracted, assessment.id])}
            />
          )}
        </>
      ),
    },
  ];
  return (
    <section aria-labelledby="history">
      <h2 id="history">{texts.clause.history}</h2>
      <Loaded result={result} retry={refetch}>
        {({ clause: loadedClause }) => {
          const { nodes, totalCount } = loadedClause?.assessments ?? { nodes: [], totalCount: 0 };
          if (nodes.length === 0) return <Empty>{texts.clause.historyEmpty}</Empty>;
          return (
            <>
              <Table
                caption={texts.clause.history}
                columns={columns}
                rows={nodes}
                rowKey={(assessment) => assessment.id}
                download={{ list: 'assessments', parameters: { subject: clause.id, includeRetracted: true } }}
                total={totalCount}
                limit={opensRetraction ? undefined : 5}
              />
              {nodes.length < totalCount && first < MAX_HISTORY && (
                <button type="button" onClick={() => setFirst(Math.min(MAX_HISTORY, first * 4))}>
                  {texts.agreement.earlier}
                </button>
              )}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function AssessedStatus({ assessment: { status, previousStatus, breachedBy, retractedAt } }: { assessment: Assessment }) {
  const isStep = previousStatus !== null && previousStatus !== status;
  const badge = <StatusBadge status={status} />;
  return (
    <>
      {retractedAt ? <s>{badge}</s> : badge} <BreachedBy parties={breachedBy} />
      {isStep && <span className={`hint ${styles.before}`}>{texts.clause.before(texts.clauseStatus[previousStatus].label)}</span>}
    </>
  );
}

function Flags({ assessment, isInForce, asOf }: { assessment: Assessment; isInForce: boolean; asOf: string }) {
  return (
    <span className={styles.flags}>
      {isInForce && <Mark>{texts.clause.inForce}</Mark>}
      {assessment.retractedAt && <Mark strong>{texts.clause.retracted}</Mark>}
      {assessment.effectiveOn > asOf && <Mark>{texts.clause.later}</Mark>}
    </span>
  );
}
