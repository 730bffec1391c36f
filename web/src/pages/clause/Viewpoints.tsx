import { DayText } from '../../components/DayText';
import { FoldedOnPhone } from '../../components/Folded';
import { FoldedEvidence } from '../../components/FoldedEvidence';
import { Empty } from '../../components/Loaded';
import { BreachedBy, MomentumText, StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { texts } from '../../texts';
import type { Clause } from './Clause';

/** The assessments of the neutral record and of each party. */
export function Viewpoints({ clause: { viewpoints } }: { clause: Clause }) {
  return (
    <section aria-labelledby="viewpoints">
      <h2 id="viewpoints">{texts.clause.viewpoints}</h2>
      {viewpoints.length === 0 && <Empty>{texts.clause.viewpointsEmpty}</Empty>}
      {viewpoints.length > 0 && (
        <>
          <p className="hint">{texts.view.silence}</p>
          <FoldedOnPhone summary={texts.clause.withReasons(viewpoints.length)}>
            <Table caption={texts.clause.viewpoints} columns={COLUMNS} rows={viewpoints} rowKey={({ id }) => id} />
          </FoldedOnPhone>
        </>
      )}
    </section>
  );
}

const COLUMNS: readonly Column<Clause['viewpoints'][number]>[] = [
  { title: texts.clause.view, isRowHeader: true, cell: ({ heldBy }) => heldBy?.shortName ?? texts.view.neutral },
  {
    title: texts.clause.status,
    isLead: true,
    cell: ({ status, breachedBy }) => (
      <>
        <StatusBadge status={status} /> <BreachedBy parties={breachedBy} />
      </>
    ),
  },
  { title: texts.clause.sinceDay, cell: ({ effectiveDate }) => <DayText day={effectiveDate} /> },
  { title: texts.agreement.momentum, cell: ({ momentum }) => <MomentumText momentum={momentum} /> },
  {
    title: texts.clause.reason,
    isWide: true,
    isLead: true,
    cell: ({ note, citations }) => (
      <>
        {note}
        <FoldedEvidence citations={citations} />
      </>
    ),
  },
];
