import { pathTo } from '../components/TrackableLink';
import { texts } from '../texts';
import type { ChangeSubjectFragment } from '../api/types.gen';

/** What a record of the change log is called, and the page that shows it. */
export function subjectOf(subject: ChangeSubjectFragment): { name: string; to?: string } {
  switch (subject.__typename) {
    case 'Agreement':
      return { name: subject.shortTitle, to: `/agreements/${subject.slug}` };
    case 'Clause':
    case 'Caveat':
    case 'Proposal':
      return { name: subject.reference, to: pathTo(subject) };
    case 'ClauseAssessment':
      return { name: subject.clause.reference, to: pathTo(subject.clause) };
    case 'CaveatAssessment':
      return { name: subject.caveat.reference, to: pathTo(subject.caveat) };
    case 'ProposalAssessment':
      return { name: subject.proposal.reference, to: pathTo(subject.proposal) };
    case 'Event':
    case 'Source':
      return { name: subject.title };
    case 'Party':
      return { name: subject.shortName };
    case 'Topic':
      return { name: subject.name };
    default:
      return { name: texts.recordKind[subject.__typename] ?? texts.aRecord };
  }
}
