import { useEffect, useState } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import type { ClauseJudgementFragment } from '../../api/types.gen';
import { DayText, InstantText } from '../../components/DayText';
import { Empty, Loaded } from '../../components/Loaded';
import { Evidence } from '../../components/SourceLink';
import { Mark, MomentumText, StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { texts } from '../../texts';
import type { Clause } from './Clause';
import { ClauseHistoryDocument } from './Clause.gen';
import styles from './Clause.module.css';
import { LATEST } from './meanwhile';
import { Retract } from './Retract';

type Judgement = ClauseJudgementFragment;

const MOST = 200;

/** Every judgement that was ever recorded, also those taken back. */
export function History({ clause, asOf }: { clause: Clause; asOf: string }) {
  const [first, setFirst] = useState(LATEST);
  const names = { agreement: clause.agreement.slug, number: clause.number };
  const [result, ask] = useQuery({ query: ClauseHistoryDocument, variables: { ...names, first } });
  const mayRetract = hasRole(useViewer(), 'EDITOR');
  const [takenBack, setTakenBack] = useState<string>();
  useEffect(() => {
    // The form goes with the row's button: the focus is on what came of it, as soon as that is shown.
    const line = takenBack && document.getElementById(`retracted-${takenBack}`);
    if (!line) return;
    line.focus();
    setTakenBack(undefined);
  });
  const inForce = new Set(clause.viewpoints.map(({ id }) => id));
  const columns: readonly Column<Judgement>[] = [
    { title: texts.clause.sinceDay, isLead: true, cell: (it) => <DayText day={it.effectiveOn} />, csv: (it) => it.effectiveOn },
    {
      title: texts.clause.status,
      isRowHeader: true,
      cell: (it) => (
        <>
          <Judged judgement={it} />
          <Marks judgement={it} isInForce={inForce.has(it.id)} asOf={asOf} />
        </>
      ),
      csv: (it) => texts.clauseStatus[it.status].label,
    },
    {
      title: texts.clause.view,
      isLead: true,
      cell: (it) => it.heldBy?.shortName ?? texts.view.neutral,
      csv: (it) => it.heldBy?.shortName ?? texts.view.neutral,
    },
    {
      title: texts.agreement.momentum,
      isLead: true,
      cell: (it) => <MomentumText momentum={it.momentum} />,
      csv: (it) => texts.momentum[it.momentum].label,
    },
    {
      title: texts.clause.reason,
      isWide: true,
      isLead: true,
      cell: (it) => (
        <>
          {it.note}
          <Evidence sources={it.evidence} />
          {it.retractionReason && (
            <p className={styles.retraction}>{texts.clause.retractedBecause(it.retractionReason)}</p>
          )}
        </>
      ),
      csv: (it) => it.note,
    },
    {
      title: texts.clause.recorded,
      cell: (it) => (
        <>
          {it.recordedBy}, <InstantText at={it.recordedAt} />
          {it.retractedAt && (
            <p id={`retracted-${it.id}`} tabIndex={-1} className={styles.retraction}>
              {texts.clause.retractedBy(it.retractedBy ?? '')} <InstantText at={it.retractedAt} />
            </p>
          )}
          {mayRetract && !it.retractedAt && (
            <TakeBack judgement={it} version={result.data?.clause?.version} onDone={() => setTakenBack(it.id)} />
          )}
        </>
      ),
      csv: (it) => `${it.recordedBy} ${it.recordedAt}`,
    },
    { title: texts.source.evidence, csv: (it) => it.evidence.map((source) => source.title).join('; ') },
    { title: texts.clause.retracted, csv: (it) => it.retractedAt },
  ];
  return (
    <section aria-labelledby="history">
      <h2 id="history">{texts.clause.history}</h2>
      <Loaded result={result} retry={ask}>
        {({ clause: found }) => {
          const { nodes, totalCount } = found?.assessments ?? { nodes: [], totalCount: 0 };
          if (nodes.length === 0) return <Empty>{texts.clause.historyEmpty}</Empty>;
          return (
            <>
              <Table
                caption={texts.clause.history}
                columns={columns}
                rows={nodes}
                rowKey={(it) => it.id}
                file={[clause.agreement.slug, clause.number, 'history']}
                total={totalCount}
              />
              {nodes.length < totalCount && first < MOST && (
                <button type="button" onClick={() => setFirst(Math.min(MOST, first * 4))}>
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

interface TakeBackProps {
  judgement: Judgement;
  version: number | undefined;
  onDone: () => void;
}

function TakeBack({ judgement: { id, status, effectiveOn }, version, onDone }: TakeBackProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="no-print" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={texts.retract.openFor(texts.clauseStatus[status].label, effectiveOn)}>
        {texts.retract.open}
      </summary>
      {isOpen && (
        <Retract assessmentId={id} version={version} takesFocus onDone={onDone} />
      )}
    </details>
  );
}

function Judged({ judgement: { status, previousStatus, retractedAt } }: { judgement: Judgement }) {
  const isStep = previousStatus !== null && previousStatus !== status;
  const badge = <StatusBadge status={status} />;
  return (
    <>
      {retractedAt ? <s>{badge}</s> : badge}
      {isStep && <span className={`hint ${styles.before}`}>{texts.clause.before(texts.clauseStatus[previousStatus].label)}</span>}
    </>
  );
}

function Marks({ judgement, isInForce, asOf }: { judgement: Judgement; isInForce: boolean; asOf: string }) {
  return (
    <span className={styles.marks}>
      {isInForce && <Mark>{texts.clause.inForce}</Mark>}
      {judgement.retractedAt && <Mark strong>{texts.clause.retracted}</Mark>}
      {judgement.effectiveOn > asOf && <Mark>{texts.clause.later}</Mark>}
    </span>
  );
}
