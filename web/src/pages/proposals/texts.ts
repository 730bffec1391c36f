export const proposalsTexts = {
  title: 'Proposals',
  intro: 'Offers, demands, open questions and threats made outside the agreements, and their outcomes.',
  proposal: 'Proposal',
  empty: 'No proposal was made on or before this day.',
  noMatch: 'No proposal matches these filters.',
};
