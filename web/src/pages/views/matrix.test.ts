import { describe, expect, it } from 'vitest';
import type { ClauseStatus } from '../../api/schema.gen';
import { differsFromNeutral, holdersIn, type Viewpoint, viewOf } from './matrix';

const party = (id: string) => ({ id, slug: id, shortName: id });
const view = (holder: string | null, status: ClauseStatus, breachedBy: string[] = []): Viewpoint => ({
  id: `${holder}-${status}`,
  status,
  note: '',
  heldBy: holder === null ? null : party(holder),
  breachedBy: breachedBy.map(party),
});

describe('views side by side', () => {
  it('lists each holder once, those with the most views first, then by name', () => {
    const clauses = [
      { viewpoints: [view(null, 'PARTIAL'), view('north', 'PARTIAL')] },
      { viewpoints: [view('south', 'BREACHED'), view('envoy', 'PARTIAL')] },
      { viewpoints: [view('south', 'PARTIAL')] },
    ];
    expect(holdersIn(clauses).map(({ id }) => id)).toEqual(['south', 'envoy', 'north']);
    expect(viewOf(clauses[0]!, undefined)?.status).toBe('PARTIAL');
    expect(viewOf(clauses[1]!, undefined)).toBeUndefined();
    expect(viewOf(clauses[1]!, party('north'))).toBeUndefined();
  });

  it('marks views that differ from the neutral record', () => {
    const differs = (neutral: Viewpoint | undefined, own: Viewpoint) =>
      differsFromNeutral({ viewpoints: neutral ? [neutral, own] : [own] }, own);
    expect(differs(view(null, 'PARTIAL'), view('north', 'PARTIAL'))).toBe(false);
    expect(differs(view(null, 'PARTIAL'), view('north', 'COMPLETE'))).toBe(true);
    expect(differs(undefined, view('north', 'COMPLETE'))).toBe(true);
    expect(differs(view(null, 'PARTIAL'), view('north', 'UNASSESSED'))).toBe(false);
    const breached = (holder: string | null, by: string[]) => view(holder, 'BREACHED', by);
    expect(differs(breached(null, ['south', 'north']), breached('envoy', ['north', 'south']))).toBe(false);
    expect(differs(breached(null, ['south']), breached('envoy', ['north']))).toBe(true);
    expect(differs(breached(null, []), breached('envoy', ['north']))).toBe(false);
  });
});
