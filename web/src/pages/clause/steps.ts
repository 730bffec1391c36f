import type { ClauseStatus } from '../../api/schema.gen';
import type { ClauseStepsQuery } from '../../api/types.gen';

export type Assessment = NonNullable<ClauseStepsQuery['clause']>['assessments']['nodes'][number];

/** A period with one status. */
export interface Step {
  status: ClauseStatus;
  from: string;
  /** The first day of the next status, or the last day of the chart. */
  to: string;
  /** The days of the assessments in this period, each with the number of its sources. */
  points: { day: string; sources: number }[];
}

/** The steps of one viewpoint. */
export interface Row {
  /** Undefined for the neutral record. */
  holder: { slug: string; shortName: string } | undefined;
  steps: Step[];
}

/** The steps of each viewpoint up to a day: first the neutral record, then the parties by name. */
export function stepsOf(assessments: readonly Assessment[], asOf: string): Row[] {
  const rows = new Map<string, { holder: Row['holder']; assessments: Assessment[] }>();
  for (const assessment of assessments) {
    if (assessment.effectiveOn > asOf) continue;
    const key = assessment.heldBy?.id ?? '';
    const row = rows.get(key) ?? { holder: assessment.heldBy ?? undefined, assessments: [] };
    row.assessments.push(assessment);
    rows.set(key, row);
  }
  return [...rows.values()]
    .map(({ holder, assessments }) => ({ holder, steps: joined(assessments.sort(compare), asOf) }))
    .sort((a, b) => (a.holder?.shortName ?? '').localeCompare(b.holder?.shortName ?? ''));
}

/** The order of the API: by day, then by time of recording, then by id. */
const compare = (a: Assessment, b: Assessment) =>
  a.effectiveOn.localeCompare(b.effectiveOn) || a.recordedAt.localeCompare(b.recordedAt) || a.id.localeCompare(b.id);

/** Joins consecutive assessments with the same status. If several are on one day, only the last is used. */
function joined(assessments: readonly Assessment[], asOf: string): Step[] {
  const inForce = assessments.filter((assessment, index) => assessment.effectiveOn !== assessments[index + 1]?.effectiveOn);
  const steps: Step[] = [];
  for (const { status, effectiveOn: day, evidence } of inForce) {
    const point = { day, sources: evidence.length };
    const previous = steps.at(-1);
    if (previous?.status === status) {
      previous.points.push(point);
      continue;
    }
    if (previous) previous.to = day;
    steps.push({ status, from: day, to: asOf, points: [point] });
  }
  return steps;
}
