import { counted } from '../format/sentences';
import type * as types from './schema.gen';

type Labelled = { label: string; meaning: string };

/** The values of the API's enums, in words. */
export const enumTexts = {
  role: {
    ANONYMOUS: { label: 'Not signed in', meaning: 'Reads public data.' },
    READER: { label: 'Reader', meaning: 'Reads all data, even on a private server.' },
    EDITOR: { label: 'Editor', meaning: 'Has all rights of a reader, and can record or retract statuses and edit records.' },
    ADMIN: { label: 'Admin', meaning: 'Has all rights of an editor, and creates and revokes access tokens.' },
  } satisfies Record<types.Role, Labelled>,

  clauseStatus: {
    COMPLETE: { label: 'Complete', meaning: 'All requirements are met, or a continuing duty is being kept.' },
    PARTIAL: { label: 'Partial', meaning: 'A substantial part is done, but not all.' },
    MINIMAL: { label: 'Minimal', meaning: 'Only first steps have been taken.' },
    NOT_STARTED: { label: 'Not started', meaning: 'Nothing has been done.' },
    SUSPENDED: { label: 'Suspended', meaning: 'Implementation is suspended for a time.' },
    BREACHED: { label: 'Breached', meaning: 'A party acted against the clause.' },
    VOID: { label: 'Void', meaning: 'The clause is no longer in force, because an act ended it or a party declares it void.' },
    OVERTAKEN: { label: 'Overtaken', meaning: 'Events made the clause moot.' },
    LAPSED: { label: 'Lapsed', meaning: 'The term of the clause ran out.' },
    NOT_APPLICABLE: { label: 'Not applicable', meaning: 'The clause does not apply.' },
    UNASSESSED: { label: 'Not assessed', meaning: 'No assessment has been recorded.' },
  } satisfies Record<types.ClauseStatus, Labelled>,

  momentum: {
    ADVANCING: { label: 'Advancing', meaning: 'Implementation is making progress.' },
    STEADY: { label: 'Steady', meaning: 'There is no notable change.' },
    STALLED: { label: 'Stalled', meaning: 'Progress was expected but has stopped.' },
    REGRESSING: { label: 'Regressing', meaning: 'Implementation is being reversed.' },
  } satisfies Record<types.Momentum, Labelled>,

  confidence: {
    HIGH: { label: 'High confidence', meaning: 'Based on several independent sources.' },
    MEDIUM: { label: 'Medium confidence', meaning: 'Based on one source.' },
    LOW: { label: 'Low confidence', meaning: 'Not checked against a source, or doubtful.' },
  } satisfies Record<types.Confidence, Labelled>,

  clauseNature: {
    CONTINUING: 'Continuing duty, which can regress',
    ONE_OFF: 'One-off',
  } satisfies Record<types.ClauseNature, string>,

  obligationRole: {
    BENEFICIARY: { label: 'Beneficiary', meaning: 'Benefits from the clause.' },
    FACILITATOR: { label: 'Facilitator', meaning: 'Helps to implement the clause.' },
    MONITOR: { label: 'Monitor', meaning: 'Monitors the implementation.' },
    OBLIGED: { label: 'Obliged', meaning: 'Must do what the clause requires.' },
  } satisfies Record<types.ObligationRole, Labelled>,

  deadlinePhase: {
    START: 'To start',
    FINISH: 'To finish',
  } satisfies Record<types.DeadlinePhase, string>,

  calendarPeriod: {
    MONTH: 'month',
    QUARTER: 'quarter',
    YEAR: 'year',
  } satisfies Record<types.CalendarPeriod, string>,

  deadlineBasis: {
    endOf: (period: string, day: string) => `End of the ${period} that contains ${day}`,
    daysAfter: (days: number) => `${counted(days, 'day', 'days')} after`,
    daysAfterDone: (days: number) => `${counted(days, 'day', 'days')} after completion of`,
  },

  /** The relation of a waiting step to the step that it requires. */
  preconditionKind: {
    DONE: {
      BEFORE_START: 'Cannot start before',
      BEFORE_FINISH: 'Cannot finish before',
      BEFORE_EFFECT: 'Cannot take effect before',
    },
    BEGUN: {
      BEFORE_START: 'Cannot start before the start of',
      BEFORE_FINISH: 'Cannot finish before the start of',
      BEFORE_EFFECT: 'Cannot take effect before the start of',
    },
  } satisfies Record<types.PreconditionNeed, Record<types.PreconditionKind, string>>,

  preconditionNeed: {
    DONE: 'Must be done',
    BEGUN: 'Must have begun',
  } satisfies Record<types.PreconditionNeed, string>,

  /** The relation of a required step to the step that waits for it. */
  dependentKind: {
    DONE: {
      BEFORE_START: 'Must be done before the start of',
      BEFORE_FINISH: 'Must be done before the end of',
      BEFORE_EFFECT: 'Must be done before the entry into effect of',
    },
    BEGUN: {
      BEFORE_START: 'Must have begun before the start of',
      BEFORE_FINISH: 'Must have begun before the end of',
      BEFORE_EFFECT: 'Must have begun before the entry into effect of',
    },
  } satisfies Record<types.PreconditionNeed, Record<types.PreconditionKind, string>>,

  /** The relation of a caveat to a clause. */
  caveatToClause: {
    CONFLICTS: 'Conflicts with',
    IMPLEMENTS: 'Would implement',
    OVERLAPS: 'Overlaps with',
  } satisfies Record<types.CaveatLinkKind, string>,

  /** The relation of a clause to a caveat. */
  clauseToCaveat: {
    CONFLICTS: 'Conflicts with',
    IMPLEMENTS: 'Would be implemented by',
    OVERLAPS: 'Overlaps with',
  } satisfies Record<types.CaveatLinkKind, string>,

  partyKind: {
    STATE: 'State',
    DE_FACTO_AUTHORITY: 'De facto authority',
    INTERNATIONAL_ORGANISATION: 'International organisation',
    MEDIATING_BODY: 'Mediating or monitoring body',
    COMMISSION: 'Commission',
    POLITICAL_PARTY: 'Political party',
    ARMED_GROUP: 'Armed group',
    PERSON: 'Person',
  } satisfies Record<types.PartyKind, string>,

  eventKind: {
    DEPLOYMENT: 'Deployment',
    EXCHANGE: 'Exchange',
    NEGOTIATION: 'Negotiation',
    OTHER: 'Event',
    PRECEDENT: 'Precedent',
    SIGNING: 'Signing',
    STATEMENT: 'Statement',
    VIOLATION: 'Violation',
    VOTE: 'Vote',
    WITHDRAWAL: 'Withdrawal',
  } satisfies Record<types.EventKind, string>,

  sourceKind: {
    OFFICIAL_TEXT: { label: 'Official text', meaning: 'The text of an agreement or proposal, as published by its authors.' },
    MONITOR_REPORT: { label: 'Monitoring report', meaning: 'A report by monitors.' },
    PARTY_STATEMENT: { label: 'Party statement', meaning: 'Shows the claims of the party. Weak evidence for facts.' },
    PRESS: { label: 'Press', meaning: 'Independent press.' },
    ACADEMIC: { label: 'Research', meaning: 'Academic research.' },
    LEAK: { label: 'Leak', meaning: 'Published without its author’s consent.' },
  } satisfies Record<types.SourceKind, Labelled>,

  caveatStatus: {
    ACCEPTED: 'Accepted',
    BREACHED: 'Breached',
    COUNTERED: 'Countered',
    LAPSED: 'Lapsed',
    OPEN: 'Open',
    REJECTED: 'Rejected',
    SATISFIED: 'Satisfied',
    UNDER_NEGOTIATION: 'Under negotiation',
    WITHDRAWN: 'Withdrawn',
  } satisfies Record<types.CaveatStatus, string>,

  proposalStatus: {
    ACCEPTED: 'Accepted',
    COUNTERED: 'Countered',
    FLOATED: 'Floated',
    LAPSED: 'Lapsed',
    PARTLY_ACCEPTED: 'Partly accepted',
    REJECTED: 'Rejected',
    TABLED: 'Tabled',
    UNDER_NEGOTIATION: 'Under negotiation',
    WITHDRAWN: 'Withdrawn',
  } satisfies Record<types.ProposalStatus, string>,

  proposalStanding: {
    OFFICIAL: 'Official',
    UNOFFICIAL: 'Unofficial',
  } satisfies Record<types.ProposalStanding, string>,

  caveatKind: {
    OFFER: 'Offer',
    DEMAND: 'Demand',
    CLARIFICATION: 'Open question',
    CONSEQUENCE: 'Consequence',
  } satisfies Record<types.CaveatKind, string>,

  changeAction: {
    ARCHIVED: 'archived',
    ASSESSED: 'assessed',
    CHECKED: 'checked',
    CHECK_RETRACTED: 'retracted a check of',
    CREATED: 'created',
    RESTORED: 'restored',
    RETRACTED: 'retracted an assessment of',
    UPDATED: 'updated',
  } satisfies Record<types.ChangeAction, string>,

  agreementKind: {
    ADDENDUM: 'Addendum',
    DECLARATION: 'Declaration',
    LAW: 'Law',
    MEMORANDUM: 'Memorandum',
    OTHER: 'Other',
    PACKAGE_OF_MEASURES: 'Package of measures',
    PROTOCOL: 'Protocol',
    RESOLUTION: 'Resolution',
    TREATY: 'Treaty',
  } satisfies Record<types.AgreementKind, string>,

  endingKind: {
    TERMINATED: { label: 'terminated', meaning: 'An act ended the agreement.' },
    EXPIRED: { label: 'expired', meaning: 'The term of the agreement ran out.' },
    FULFILLED: { label: 'fulfilled', meaning: 'All requirements of the agreement were met.' },
    SUPERSEDED: { label: 'superseded', meaning: 'A later agreement replaced the agreement.' },
    COLLAPSED: { label: 'collapsed', meaning: 'Events ended the agreement, without an act.' },
  } satisfies Record<types.AgreementEndingKind, Labelled>,

  agreementRelation: {
    AMENDS: 'Amends',
    ENDORSES: 'Endorses',
    EXTENDS: 'Extends',
    IMPLEMENTS: 'Implements',
    SUPERSEDES: 'Supersedes',
  } satisfies Record<types.AgreementRelationKind, string>,

  agreementRole: {
    ENDORSER: 'Endorser',
    GUARANTOR: 'Guarantor',
    MEDIATOR: 'Mediator',
    MONITOR: 'Monitor',
    PARTY: 'Party',
    SIGNATORY: 'Signatory',
  } satisfies Record<types.AgreementRole, string>,
};
