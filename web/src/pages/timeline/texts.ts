import type { TimelineKind } from '../../api/schema.gen';

export const timelineTexts = {
  title: 'Timeline',
  intro: 'Proposals, events, assessments and deadlines of all agreements and proposals, latest first.',
  form: 'Filters',
  from: 'From',
  to: 'Up to',
  agreement: 'Agreement',
  kinds: 'Only',
  kindNames: {
    PROPOSAL: 'Proposals',
    EVENT: 'Events',
    ASSESSMENT: 'Assessments',
    DEADLINE: 'Deadlines',
  } satisfies Record<TimelineKind, string>,
  beginning: 'the beginning',
  allViews: 'all viewpoints',
  empty: 'No entry between these days matches the filters.',
  earlier: 'Earlier',
  later: 'Later',
  latest: 'Latest',
  pages: 'Pages',
};
