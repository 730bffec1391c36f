import type { ClauseRecordFragment, DeadlineInput } from '../../../api/types.gen';
import type { Fields, Recorded } from '../../../form/fields';
import { texts } from '../../../texts';
import { CLAUSES, confidence, EVENTS, holder, note, provenance } from './fields';

// A deadline is due on a fixed day, at the end of a period, or a number of days after an anchor. The choice `$basis`
// shows the fields of one of these. They are required, because without them the API would record a deadline without a date, or report
// an error that belongs to no field.

const { field } = texts.record;

const AFTER: ReadonlySet<unknown> = new Set(['EVENT', 'CLAUSE', 'DEADLINE']);

export const deadlineFields: Fields<DeadlineInput> = {
  rule: { type: 'longText', ...field.rule, isRequired: true },
  phase: { type: 'choice', ...field.phase, choices: texts.deadlinePhase, initial: 'FINISH' },
  $basis: { type: 'choice', ...field.basis, choices: texts.record.basis },
  dueOn: { type: 'day', ...field.dueOn, isRequired: true, isShown: ({ $basis }) => $basis === 'DAY' },
  endOf: {
    type: 'group',
    ...field.endOf,
    isShown: ({ $basis }) => $basis === 'PERIOD',
    fields: {
      period: { type: 'choice', ...field.period, choices: texts.calendarPeriod, isRequired: true },
      containing: { type: 'day', ...field.containing, isRequired: true },
    },
  },
  after: {
    type: 'group',
    ...field.after,
    isShown: ({ $basis }) => AFTER.has($basis),
    fields: {
      days: { type: 'number', ...field.days, isRequired: true },
      eventId: { type: 'reference', ...field.eventId, to: EVENTS, isRequired: true, isShown: (_, { $basis }) => $basis === 'EVENT' },
      completedClauseId: {
        type: 'reference',
        ...field.completedClauseId,
        to: CLAUSES,
        isRequired: true,
        isShown: (_, { $basis }) => $basis === 'CLAUSE',
      },
      deadline: {
        type: 'group',
        ...field.otherDeadline,
        isShown: (_, { $basis }) => $basis === 'DEADLINE',
        fields: {
          clauseId: { type: 'reference', ...field.deadlineClause, to: CLAUSES },
          key: { type: 'text', ...field.deadlineKey, isRequired: true },
        },
      },
    },
  },
  heldById: holder,
  ...provenance,
  confidence,
  note,
  key: { type: 'text', ...field.key },
};

type Deadline = ClauseRecordFragment['deadlines'][number];
type RecordedBasis = Pick<Recorded<DeadlineInput>, 'dueOn' | 'endOf' | 'after'> & { $basis: string };

const NO_BASIS: RecordedBasis = { $basis: '', dueOn: null, endOf: null, after: null };
const NOTHING = { eventId: null, completedClauseId: null, deadline: null };

/** A deadline in the shape of the input. */
export const recordedDeadline = ({ basis, ...deadline }: Deadline): Recorded<DeadlineInput> & RecordedBasis => ({
  ...deadline,
  ...recordedBasis(basis),
});

function recordedBasis(basis: Deadline['basis']): RecordedBasis {
  switch (basis?.__typename) {
    case 'FixedDay':
      return { ...NO_BASIS, $basis: 'DAY', dueOn: basis.day };
    case 'EndOfPeriod':
      return { ...NO_BASIS, $basis: 'PERIOD', endOf: basis };
    case 'DaysAfterEvent':
      return { ...NO_BASIS, $basis: 'EVENT', after: { ...NOTHING, days: basis.days, eventId: basis.event } };
    case 'DaysAfterCompletion':
      return { ...NO_BASIS, $basis: 'CLAUSE', after: { ...NOTHING, days: basis.days, completedClauseId: basis.clause } };
    case 'DaysAfterDeadline': {
      const { key, clause } = basis.deadline;
      return { ...NO_BASIS, $basis: 'DEADLINE', after: { ...NOTHING, days: basis.days, deadline: { clauseId: clause, key } } };
    }
    default:
      return NO_BASIS;
  }
}
