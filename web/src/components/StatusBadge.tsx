import type { ReactNode } from 'react';
import type { ClauseStatus, Momentum } from '../api/schema.gen';
import { joinNames } from '../format/names';
import { texts } from '../texts';
import styles from './StatusBadge.module.css';
import { statusColour } from './status';

const RING = <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />;

/** A shape for each status, 16 by 16, so that colour is not the only distinction. */
export const GLYPHS: Record<ClauseStatus, ReactNode> = {
  COMPLETE: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.8 8.2 2.2 2.3 4.2-4.7" fill="none" stroke="var(--surface)" strokeWidth="1.8" />
    </>
  ),
  PARTIAL: (
    <>
      {RING}
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </>
  ),
  MINIMAL: (
    <>
      {RING}
      <path d="M8 8V2a6 6 0 0 1 6 6z" fill="currentColor" />
    </>
  ),
  NOT_STARTED: RING,
  SUSPENDED: <path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor" />,
  BREACHED: <path d="m3 3 10 10M13 3 3 13" fill="none" stroke="currentColor" strokeWidth="3" />,
  VOID: (
    <>
      {RING}
      <path d="m4 12 8-8" stroke="currentColor" strokeWidth="2" />
    </>
  ),
  OVERTAKEN: <path d="m3 3 5 5-5 5M8 3l5 5-5 5" fill="none" stroke="currentColor" strokeWidth="2" />,
  LAPSED: <path d="M3 2h10L3 14h10z" fill="none" stroke="currentColor" strokeWidth="2" strokeLinejoin="round" />,
  NOT_APPLICABLE: <path d="M3 8h10" stroke="currentColor" strokeWidth="2.5" />,
  UNASSESSED: (
    <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.2 2.5" />
  ),
};

export const StatusGlyph = ({ status }: { status: ClauseStatus }) => <Glyph colour={status}>{GLYPHS[status]}</Glyph>;

/** A shape in the colour of a status. */
export function Glyph({ colour, children }: { colour: ClauseStatus; children: ReactNode }) {
  return (
    <svg
      className={styles.glyph}
      viewBox="0 0 16 16"
      aria-hidden="true"
      // Mixed with the text colour, because thin lines need more contrast than bars.
      style={{ color: `color-mix(in oklab, ${statusColour(colour)}, var(--text) 25%)` }}
    >
      {children}
    </svg>
  );
}

export function StatusBadge({ status }: { status: ClauseStatus }) {
  const { label, meaning } = texts.clauseStatus[status];
  return (
    <Pill colour={status} title={meaning}>
      <StatusGlyph status={status} />
      {label}
    </Pill>
  );
}

/** The percentage of the colour of a status in its tint. The statuses of progress share a hue, so their tints differ in strength. */
const TINTS: Partial<Record<ClauseStatus, number>> = { COMPLETE: 42, PARTIAL: 24, MINIMAL: 9, VOID: 0, NOT_APPLICABLE: 0, UNASSESSED: 0 };
const DEFAULT_TINT = 18;

/** A label on a tint of the colour of a status. */
export function Pill({ colour, title, children }: { colour: ClauseStatus; title?: string; children: ReactNode }) {
  const tint = (percentage: number) => `color-mix(in oklab, ${statusColour(colour)} ${percentage}%, var(--surface))`;
  const strength = TINTS[colour] ?? DEFAULT_TINT;
  // A weak tint needs an outline.
  const boxShadow = strength < DEFAULT_TINT ? `inset 0 0 0 1px ${tint(45)}` : undefined;
  return <span className={styles.pill} style={{ background: tint(strength), boxShadow }} title={title}>{children}</span>;
}

/** The parties responsible for the breach. Empty if none is named. */
export function BreachedBy({ parties }: { parties: readonly { shortName: string }[] }) {
  if (parties.length === 0) return null;
  return <span className="muted">{texts.breach.by(joinNames(parties.map(({ shortName }) => shortName)))}</span>;
}

const ARROWS: Record<Momentum, string> = {
  ADVANCING: 'M2 12 8 5l3 3 3-4',
  STEADY: 'M2 8h12',
  STALLED: 'M2 8h8M13 4v8',
  REGRESSING: 'M2 4l6 7 3-3 3 4',
};

export function MomentumText({ momentum }: { momentum: Momentum | undefined }) {
  if (!momentum) return <span>{texts.states.none}</span>;
  const { label, meaning } = texts.momentum[momentum];
  return (
    <span className={styles.badge} title={meaning}>
      <svg className={styles.glyph} viewBox="0 0 16 16" aria-hidden="true">
        <path d={ARROWS[momentum]} fill="none" stroke="currentColor" strokeWidth="1.8" />
      </svg>
      {label}
    </span>
  );
}

/** A highlighted label, such as `Contested`. */
export function Mark({ children, strong = false }: { children: ReactNode; strong?: boolean }) {
  return <span className={strong ? `${styles.mark} ${styles.strong}` : styles.mark}>{children}</span>;
}
