import type { ClauseStatus } from '../api/schema.gen';
import { texts } from '../texts';
import type { LegendEntry } from './picture';
import { GLYPHS } from './StatusBadge';
import { statusColour } from './status';

interface Props {
  statuses: readonly ClauseStatus[];
  /** The id of the symbol of a status, unique on the page. */
  symbolOf: (status: ClauseStatus) => string;
}

/** The symbols of statuses that a chart draws on its areas. */
export function StatusSymbols({ statuses, symbolOf }: Props) {
  return (
    <defs>
      {statuses.map((status) => (
        <symbol key={status} id={symbolOf(status)} viewBox="-2 -2 20 20">
          {/* Text colour on page colour: no single colour contrasts with all areas. */}
          <circle cx="8" cy="8" r="10" style={{ fill: 'var(--surface)' }} />
          {GLYPHS[status]}
        </symbol>
      ))}
    </defs>
  );
}

/** The legend of a saved picture with these symbols. */
export function legendOf({ statuses, symbolOf }: Props): LegendEntry[] {
  return statuses.map((status) => ({
    label: texts.clauseStatus[status].label,
    colour: statusColour(status),
    mark: symbolOf(status),
  }));
}
