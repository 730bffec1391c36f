import { counted } from '../../format/sentences';

export const partyTexts = {
  kind: 'Kind',
  represents: 'Speaks for',
  representatives: 'Represented by',
  fullName: 'Full name',
  showView: (name: string) => `Show the overview in the view of ${name}`,
  timeline: 'Timeline of this party',
  duties: 'Duties',
  dutiesIntro: 'Clauses in which the party has a role. The score counts only the clauses that the party must implement.',
  dutiesEmpty: 'No clause gives this party a role.',
  dutiesNoMatch: 'No clause matches these filters.',
  role: 'Role',
  roleHeldBy: (role: string, holder: string) => `${role} (according to ${holder})`,
  clause: 'Clause',
  views: 'Views held',
  viewsCount: (differing: number, all: number) =>
    all === 0
      ? 'No assessment by this party on or before this day.'
      : `${differing} of ${counted(all, 'assessment', 'assessments')} of this party ${differing === 1 ? 'differs' : 'differ'} from the neutral record.`,
  record: 'Record',
  ownView: 'Its view',
  neutral: 'Neutral record',
  breaches: 'Breaches attributed to this party',
  breachesEmpty: 'Nobody attributes a breach to this party on this day.',
  accordingTo: 'According to',
  interpretations: 'Interpretations held',
  interpretationsEmpty: 'No interpretation by this party on or before this day.',
  proposals: 'Proposals by this party or addressed to it',
  proposalsEmpty: 'No proposal by this party, or addressed to it, was made on or before this day.',
  agreements: 'Agreements',
  agreementsEmpty: 'The party has no role in an agreement made on or before this day.',
  term: 'Term',
  meaning: 'Meaning',
  stated: 'Stated',
  note: 'Reason',
};
