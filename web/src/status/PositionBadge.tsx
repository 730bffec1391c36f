import type { ReactNode } from 'react';
import type { CaveatStatus, ClauseStatus, ProposalStatus } from '../api/schema.gen';
import { Glyph, GLYPHS, Pill } from '../components/StatusBadge';
import { statusColour } from '../components/status';
import { texts } from '../texts';

const RING = GLYPHS.NOT_STARTED;
const line = (path: string) => <path d={path} fill="none" stroke="currentColor" strokeWidth="2" />;

/** The shape of each status of a caveat or proposal, and the clause status whose colour it has. */
const MARKS: Record<CaveatStatus | ProposalStatus, [shape: ReactNode, colour: ClauseStatus]> = {
  FLOATED: [GLYPHS.UNASSESSED, 'OVERTAKEN'],
  TABLED: [<>{RING}{line('M5 8h6')}</>, 'PARTIAL'],
  OPEN: [<>{RING}<circle cx="8" cy="8" r="2.2" fill="currentColor" /></>, 'NOT_STARTED'],
  UNDER_NEGOTIATION: [line('M14 5H3l3-3M2 11h11l-3 3'), 'PARTIAL'],
  PARTLY_ACCEPTED: [GLYPHS.PARTIAL, 'PARTIAL'],
  ACCEPTED: [<>{RING}{line('m5 8.2 2.1 2.2L11 5.8')}</>, 'COMPLETE'],
  SATISFIED: [GLYPHS.COMPLETE, 'COMPLETE'],
  COUNTERED: [line('M6 13h4a4 4 0 0 0 0-8H2l4-3M2 5l4 3'), 'SUSPENDED'],
  REJECTED: [<>{RING}{line('m5.5 5.5 5 5m0-5-5 5')}</>, 'BREACHED'],
  BREACHED: [GLYPHS.BREACHED, 'BREACHED'],
  WITHDRAWN: [GLYPHS.VOID, 'VOID'],
  LAPSED: [GLYPHS.LAPSED, 'LAPSED'],
};

/** The shape of a status, in its colour. */
export function CaveatGlyph({ status }: { status: CaveatStatus }) {
  const [shape, colour] = MARKS[status];
  return <Glyph colour={colour}>{shape}</Glyph>;
}

/** The CSS colour of a status. */
export const caveatColour = (status: CaveatStatus) => statusColour(MARKS[status][1]);

function Badge({ status, label }: { status: CaveatStatus | ProposalStatus; label: string }) {
  const [shape, colour] = MARKS[status];
  return (
    <Pill colour={colour}>
      <Glyph colour={colour}>{shape}</Glyph>
      <strong>{label}</strong>
    </Pill>
  );
}

export const CaveatBadge = ({ status }: { status: CaveatStatus }) => <Badge status={status} label={texts.caveatStatus[status]} />;

export const ProposalBadge = ({ status }: { status: ProposalStatus }) => <Badge status={status} label={texts.proposalStatus[status]} />;
